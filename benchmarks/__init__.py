"""Measurements of the running house. Each script prints what it measured; README.md keeps the last figures with their date."""
