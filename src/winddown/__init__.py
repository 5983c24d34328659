"""Winddown: the record and the drug model of an IV-ketamine therapy service, in one house."""
