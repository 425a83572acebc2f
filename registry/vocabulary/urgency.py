"""Urgency classes of programmes: 0 is the most urgent; two reviewers decide, the sponsor proposes."""

LEAST_URGENT = 20
"""The last class, and that of a programme whose urgency nobody has decided."""
