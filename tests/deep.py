"""The full counts, in named parts that resume where they stopped: `make test-deep`, or `make test-deep PART=verifier`.

A part that passed on exactly these files is not run again; `--fresh` forgets that. Standard library only.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
STATE = ROOT / ".deep" / "state.json"
PARTS = {
    "format": ["tests/matcher", "--ignore-glob=tests/matcher/*/*"],
    "model": ["tests/matcher/model"],
    "large": ["tests/matcher/large"],
    "verifier": ["tests/matcher/verifier"],
    "explain": ["tests/matcher/explain"],
    "eligibility": ["tests/matcher/eligibility"],
    "registry": ["tests/registry", "tests/migrations"],
    "api": ["tests/api", "tests/web", "--ignore=tests/api/test_schema.py"],
    "schema-reading": ["tests/api/test_schema.py", "-k", "test_reading"],
    "schema-changing": ["tests/api/test_schema.py", "-k", "test_changing"],
    "demo": ["tests/demo"],
}
NOTHING_SELECTED = 5


def fingerprint() -> str:
    """Return the hash of every file git knows or would add."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    digest = hashlib.sha256()
    for name in sorted(names):
        path = ROOT / name
        if path.is_file():
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def passed_parts(mark: str) -> set[str]:
    """Return the parts that already passed on these files."""
    if not STATE.exists():
        return set()
    state = json.loads(STATE.read_text(encoding="utf-8"))
    return set(state["passed"]) if state["files"] == mark else set()


def main(arguments: list[str]) -> int:
    """Run the named parts, or all that have not passed yet; 0 when everything asked for has passed."""
    wanted = [name for name in arguments if not name.startswith("--")] or list(PARTS)
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"No part named {', '.join(unknown)}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    mark = fingerprint()
    passed = set() if "--fresh" in arguments else passed_parts(mark)
    failed = []
    for name in wanted:
        if name in passed:
            print(f"{name}: passed before on these files")
            continue
        print(f"{name}: running …", flush=True)
        begun = time.monotonic()
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "--dist",
            "loadgroup",
            "--hypothesis-profile=deep",
            "-m",
            "deep",
            *PARTS[name],
        ]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        print(
            f"{name}: {'passed' if code in (0, NOTHING_SELECTED) else 'failed'} in {time.monotonic() - begun:.0f} s",
            flush=True,
        )
        if code in (0, NOTHING_SELECTED):
            passed.add(name)
            STATE.parent.mkdir(exist_ok=True)
            STATE.write_text(json.dumps({"files": mark, "passed": sorted(passed)}), encoding="utf-8")
        else:
            failed.append(name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
