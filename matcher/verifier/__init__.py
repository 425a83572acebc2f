"""The independent verifier: a stranger's second look at an outcome.

Standard library only; imports nothing else of this project, so that a slip there cannot be repeated here. Integers,
sorting and sweeps. The two-file form is written from the page that defines the problem and outcome format and from
nothing else; `bundle` adds the snapshot, the policy, the verdicts and the letters of a run.
"""

from matcher.verifier.bundle import verify_bundle
from matcher.verifier.report import Finding, Report
from matcher.verifier.two_files import verify, verify_bytes

__all__ = ["Finding", "Report", "verify", "verify_bundle", "verify_bytes"]
