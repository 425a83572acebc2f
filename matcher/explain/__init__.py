"""Why: which rules leave which facilities, what keeps a start from being placed, and what would help.

Values first, words from them. Nothing here says whose stay stands in the way.
"""
