"""Reading the record: rows in, the domain's values out. Everything here runs inside a practice's scope."""
