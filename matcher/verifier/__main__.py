"""`python -m matcher.verifier PROBLEM OUTCOME [--json]`: 0 nothing found, 1 findings, 2 refused."""

import argparse
import sys
from pathlib import Path

from matcher.verifier import Report, verify_bytes


def main(arguments: list[str] | None = None) -> int:
    """Verify two files, print the report and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m matcher.verifier", description="Verify an outcome independently.")
    parser.add_argument("problem", type=Path)
    parser.add_argument("outcome", type=Path)
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    chosen = parser.parse_args(arguments)
    try:
        report = verify_bytes(chosen.problem.read_bytes(), chosen.outcome.read_bytes())
    except OSError as error:
        report = Report(refused=(f"cannot be read: {error}",))
    sys.stdout.write((report.as_json() if chosen.json else report.as_text()) + "\n")
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
