"""One family of screens per file."""
