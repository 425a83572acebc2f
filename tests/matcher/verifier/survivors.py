"""Mutants that no quick test notices, and why each decides nothing.

Modules that are not in `COVERED` have not been gone through to the end.
"""

COVERED = ("claims.py", "promises.py", "proof.py", "report.py")

SURVIVORS = {
    "claims.py _bound: True → False": "strict only guards lengths that were compared just before",
    "proof.py proved_limit: 0 → 1": "shifts all running sums of a suite, of which only differences are used",
    "proof.py proved_limit: 0 → 1 #2": "shifts all running sums of a resource, of which only differences are used",
    "proof.py proved_limit: True → False": "strict only guards lengths that `check_proof` has compared",
    "proof.py _best: 0 → 1 #6": "the tick that stands beside the suite of no name, which no option has",
    "report.py as_json: 2 → 3": "indentation",
}
