"""V01: the files of a bundle are those of its manifest, byte for byte, in formats that are known."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matcher.verifier.reading import NotJsonError, read, sha256, shown
from matcher.verifier.report import Finding, Report

NEEDED = ("snapshot.json", "problem.json", "outcome.json", "policy.json", "verdicts.json")
FORMATS = {
    "policy.json": "gmphub/policy/1",
    "verdicts.json": "gmphub/verdicts/1",
    "problem.json": "gmphub/problem/1",
    "outcome.json": "gmphub/outcome/1",
}

IN_FOLDER = {"reasons": "gmphub/reasons/1", "told": "gmphub/told/1"}


def read_folder(folder: Path) -> tuple[dict[str, Any], list[Finding]] | Report:
    """Return name → document and the findings about the files, or the report of a refusal."""
    try:
        paths = [path for path in folder.rglob("*") if path.is_file()]
        data = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    except OSError as error:
        return Report(refused=(f"the folder cannot be read: {error}",))
    documents: dict[str, Any] = {}
    findings: list[Finding] = []
    for name in sorted(data):
        try:
            reading = read(data[name])
        except NotJsonError as error:
            findings.append(Finding("V01 files", f"{name} is not JSON", str(error), "JSON"))
            continue
        documents[name] = reading.value
        findings += [
            Finding("V01 files", f"a key stands twice in {name}", shown(key), "once") for key in reading.repeated
        ]
    manifest = documents.pop("manifest.json", None)
    files = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(files, dict) or "problem.json" not in documents:
        return Report(refused=("the folder has no readable manifest.json that lists files, or no problem.json",))
    if manifest.get("format") != "gmphub/bundle/2":
        findings.append(Finding("V01 format", "manifest.json", shown(manifest.get("format")), "gmphub/bundle/2"))
    return documents, [*findings, *_hashes(files, data), *_formats(documents)]


def _hashes(files: dict[str, Any], data: dict[str, bytes]) -> Iterator[Finding]:
    for name in sorted((files.keys() | data.keys() | set(NEEDED)) - {"manifest.json"}):
        found = sha256(data[name]) if name in data else "no such file"
        required = files.get(name, "not listed")
        if found != required:
            yield Finding("V01 files", shown(name), found, shown(required))


def _formats(documents: dict[str, Any]) -> Iterator[Finding]:
    for name, document in sorted(documents.items()):
        required = IN_FOLDER.get(name.partition("/")[0]) if "/" in name else FORMATS.get(name)
        found = document.get("format") if isinstance(document, dict) else None
        if required is not None and found != required:
            yield Finding("V01 format", name, shown(found), required)
