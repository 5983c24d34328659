"""Controlled drugs: what a vial is, where every milligram lies, what a count says, and when a loss must be told."""
