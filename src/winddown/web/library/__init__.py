"""The library of drug models and effects, readable by a prescriber: words first, numbers on opening."""
