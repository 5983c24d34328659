"""Screening as deeds: the history that is told, the run of the rules, the decision, the checks, the phases, the day before."""
