"""Which software and which kind of machine a calculation ran on; what cannot be known is null."""

import hashlib
import platform
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distributions, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from registry.matching.catalogue import hash_of_sources
from registry.matching.documents import sha256_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gmphub", "ortools", "numpy", "pandas", "sqlalchemy", "tzdata")
CPU_INFO = Path("/proc/cpuinfo")
MODEL_NAME = "model name"


@cache
def software() -> Mapping[str, Any]:
    """Return which software this process runs; what cannot be known is null."""
    return {
        **{name: version_of(name) for name in PACKAGES},
        "git_commit": git_commit(ROOT),
        "lock_sha256": _file_sha256(ROOT / "constraints.txt"),
        "sbom_sha256": sha256_of(sorted(installed())),
        "country_pack_sha256": _file_sha256(files("seed_data").joinpath("vocabularies", "member_states.csv")),
        "python": platform.python_version(),
        "os": platform.system(),
        "architecture": platform.machine(),
        "processor": processor(),
        "cp_sat": f"inside OR-Tools {version_of('ortools')}",
        "highs": f"inside OR-Tools {version_of('ortools')}",
        "solver_settings_sha256": solver_settings_sha256(),
    }


def installed() -> Iterator[str]:
    """Name and version of every distribution that this process could import, as `name==version`, names in lower case.

    The sorted list is what the hash of the software bill is of: `pip freeze` beside it, without addresses.
    """
    found = {(one.name.lower().replace("_", "-"), one.version) for one in distributions() if one.name}
    return (f"{name}=={number}" for name, number in found)


def processor(said: Path = CPU_INFO) -> str | None:
    """Return the kind of the processor as its maker names it, never a serial number; None where nothing says it.

    Parts of a solver may round otherwise on another kind, so a repetition that differs has a first place to look.
    """
    lines = said.read_text(encoding="utf-8").splitlines() if said.is_file() else []
    named = (value.strip() for name, _, value in (line.partition(":") for line in lines) if name.strip() == MODEL_NAME)
    return next((name for name in named if name), None) or platform.processor() or None


def version_of(name: str) -> str | None:
    """Return the version of an installed distribution, None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _file_sha256(path: Traversable) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def git_commit(root: Path) -> str | None:
    """Return the commit a checkout stands at, None outside one; changes that are not committed do not show."""
    head = root / ".git" / "HEAD"
    if not head.is_file():
        return None
    said = head.read_text(encoding="utf-8").strip()
    if not said.startswith("ref: "):
        return said
    name = said.removeprefix("ref: ")
    loose, packed = root / ".git" / name, root / ".git" / "packed-refs"
    if loose.is_file():
        return loose.read_text(encoding="utf-8").strip()
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), None)


@cache
def solver_settings_sha256() -> str:
    """Return one hash of the sources that build and set up the solvers: presolve, linearization, caps and seeds."""
    return sha256_of([hash_of_sources("matcher.model"), hash_of_sources("matcher.large")])


@cache
def verifier_sha256() -> str:
    """Return the hash of the verifier's own files: which reader it was that checked."""
    return hash_of_sources("matcher.verifier")
