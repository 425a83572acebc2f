"""Measurements of the registry on generated facilities, in a database of their own that is thrown away afterwards."""
