"""Pure drawing: values in, SVG out; nothing here asks a database or a clock."""
