"""Trials in the computer: a population, arms, outcomes; what would come of each arm under one model.

`definition.py` reads what was asked and refuses what it cannot mean, `crowd.py` makes the people, `measures.py` takes one number from each
patient's course, `run.py` runs a chunk and adds chunks up. Results do not depend on how many work on them.
"""
