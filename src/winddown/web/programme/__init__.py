"""The program as its director reads it: this morning on one screen, outcomes with their honest denominators, and the export."""
