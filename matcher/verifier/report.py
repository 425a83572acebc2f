"""What the verifier says: findings, remarks and the numbers it computed itself."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: the check, what and whose, the value found and the value required."""

    check: str
    text: str
    found: str
    required: str


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a verification.

    `refused` holds the reasons when there was nothing to verify. `objective` and `terms` were recomputed from the
    placements; `proof_bound` is the limit of the first tier that the proof gives, `bound` the one that is claimed.
    """

    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    objective: tuple[int, ...] = ()
    terms: Mapping[str, int] = field(default_factory=dict)
    bound: int | None = None
    proof_bound: int | None = None

    @property
    def exit_code(self) -> int:
        """0 nothing found, 1 findings, 2 refused."""
        return 2 if self.refused else 1 if self.findings else 0

    @property
    def verdict(self) -> str:
        """The result in one word."""
        return ("pass", "findings", "refused")[self.exit_code]

    def as_json(self) -> str:
        """Return the report as JSON with sorted keys."""
        return json.dumps({"verdict": self.verdict, **asdict(self)}, indent=2, sort_keys=True)

    def as_text(self) -> str:
        """Return the report for reading."""
        lines = [f"verdict: {self.verdict}", *(f"refused: {text}" for text in self.refused)]
        for finding in self.findings:
            lines += [f"{finding.check}: {finding.text}", f"  found {finding.found}, required {finding.required}"]
        lines += [f"remark: {text}" for text in self.remarks]
        if not self.refused:
            lines.append(f"objective: {list(self.objective)}")
            lines += [f"  {term}: {value}" for term, value in self.terms.items()]
            lines.append(f"bound of the first tier: {self.bound}; shown by the proof: {self.proof_bound}")
        return "\n".join(lines).encode("utf-8", "backslashreplace").decode("utf-8")
