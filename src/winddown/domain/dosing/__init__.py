"""Dosing: the protocol, the order, its limits, the bag, what was pumped, what reached the patient, and whether the drug adds up."""
