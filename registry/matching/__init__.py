"""The bridge to the matcher: rows become facts and a problem, an outcome becomes a stored, checked calculation."""
