"""The matcher: values in, values out; no database, no web. Start at `matcher.solve` and `matcher.problem`.

Nothing is imported here, so that the verifier can be loaded without the solver it checks.
"""
