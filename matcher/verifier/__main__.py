"""`python -m matcher.verifier PROBLEM OUTCOME [--json]` or `--bundle DIR`: 0 nothing found, 1 findings, 2 refused."""

import argparse
import sys
from pathlib import Path

from matcher.verifier import Report, verify_bundle, verify_bytes


def main(arguments: list[str] | None = None) -> int:
    """Verify two files or a bundle, print the report and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m matcher.verifier", description="Verify an outcome independently.")
    parser.add_argument("files", type=Path, nargs="*", metavar="PROBLEM OUTCOME")
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="a folder with snapshot, policy and letters too")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    chosen = parser.parse_args(arguments)
    if len(chosen.files) != (0 if chosen.bundle else 2):
        parser.error("name a problem and an outcome, or a bundle")
    report = verify_bundle(chosen.bundle) if chosen.bundle else _two_files(*chosen.files)
    sys.stdout.write((report.as_json() if chosen.json else report.as_text()) + "\n")
    return report.exit_code


def _two_files(problem: Path, outcome: Path) -> Report:
    try:
        return verify_bytes(problem.read_bytes(), outcome.read_bytes())
    except OSError as error:
        return Report(refused=(f"cannot be read: {error}",))


if __name__ == "__main__":
    sys.exit(main())
