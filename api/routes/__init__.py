"""JSON under /api/v1, one file per noun; an endpoint guards, calls one service or query, and returns."""
