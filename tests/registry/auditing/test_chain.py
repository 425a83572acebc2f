"""Every tampering with the trail before the last anchor is found, and its place named (T-I2, T-I3)."""

import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from registry import audit_chain
from registry.access.subject import OPERATOR
from registry.audit_chain import Anchor, canonical, verify_chain
from registry.database import act_as, seal_trail
from registry.services.auditing import export_trail, record_act
from tests.factories.facilities import facility, site
from tests.registry.auditing.tampering import BEYOND, INSIDE, WAYS, read

EVENTS_BETWEEN_ANCHORS = 8


@pytest.fixture(scope="module")
def lines(application: Engine) -> list[str]:
    """The export of a trail of 40 events and more, made and taken back."""
    with Session(application) as session:
        act_as(session, OPERATOR, reason="Ünïcode – “quoted” \\ and a line\nfeed")
        for n in range(10):
            made = facility(session, notes=f"Tab\tand control \x01 {n}")
            site(session, made, latitude=48.13743 + n / 7, longitude=11.57549)
            made.name = f"Renamed {n}"
            record_act(session, "read", "facility", made.id, organisations=[made.organisation_id])
            seal_trail(session)
        found = list(export_trail(session))
        session.rollback()
    return found


@pytest.fixture(scope="module")
def anchors(lines: list[str]) -> list[Anchor]:
    """Heads handed out every few events, and at the end."""
    handed_out = {*range(EVENTS_BETWEEN_ANCHORS, len(lines) + 1, EVENTS_BETWEEN_ANCHORS), len(lines)}
    return [Anchor(n, read(lines[n - 1])["hash"]) for n in sorted(handed_out)]


def test_a_true_trail_holds(lines: list[str], anchors: list[Anchor]) -> None:
    report = verify_chain(lines, anchors)
    assert report.breaks == ()
    assert (report.events, report.anchored_up_to) == (len(lines), len(lines))
    assert len(lines) >= 40


def check_found(lines: list[str], anchors: list[Anchor], way: str, seed: int) -> None:
    tampered = WAYS[way](lines, Random(seed))
    report = verify_chain(tampered.lines, anchors)
    assert report.breaks, (way, seed)
    first = report.breaks[0].sequence
    if way == "write anew":
        anchored = [anchor.sequence for anchor in anchors]
        assert first == min(n for n in anchored if n >= tampered.first), (way, seed)
        assert report.anchored_up_to < tampered.first <= first, (way, seed)
    elif way == "forge":
        assert first in {tampered.first, tampered.first + 1}, "the forged event follows rightly, the next one cannot"
    else:
        assert first == tampered.first, (way, seed)


@pytest.mark.parametrize("way", WAYS)
def test_tampering_is_found_and_its_place_named(lines: list[str], anchors: list[Anchor], way: str) -> None:
    for seed in range(20):
        check_found(lines, anchors, way, seed)


@pytest.mark.deep
@pytest.mark.parametrize("way", WAYS)
def test_tampering_is_found_a_thousand_times(lines: list[str], anchors: list[Anchor], way: str) -> None:
    for seed in range(1000):
        check_found(lines, anchors, way, seed)


@pytest.mark.parametrize("way", BEYOND)
def test_sabotage_without_anchors_these_are_not_found(lines: list[str], way: str) -> None:
    for seed in range(20):
        assert verify_chain(WAYS[way](lines, Random(seed)).lines).breaks == ()


def test_sabotage_a_hash_of_nothing_finds_no_edits(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    stated = {line["event"]["sequence"]: line["hash"] for line in map(read, lines)}
    monkeypatch.setattr(audit_chain, "event_hash", lambda _previous, event: stated[event["sequence"]])
    assert verify_chain(INSIDE["edit content"](lines, Random(1)).lines).breaks == ()


def test_events_newer_than_the_last_anchor_are_not_covered(lines: list[str], anchors: list[Anchor]) -> None:
    assert verify_chain(lines[:-1], anchors[:-1]).breaks == ()
    assert verify_chain(lines, anchors[:-1]).anchored_up_to == anchors[-2].sequence


def test_a_line_that_is_no_event_is_named(lines: list[str]) -> None:
    report = verify_chain([*lines[:4], "not json\n", *lines[4:]])
    assert report.breaks[0].sequence == 5
    assert report.breaks[0].text == "the line is not an event"


def test_the_offline_program_needs_the_standard_library_only(
    lines: list[str], anchors: list[Anchor], tmp_path: Path
) -> None:
    (tmp_path / "trail.jsonl").write_text("".join(lines), "utf-8")
    heads = "".join(f'{{"sequence": {anchor.sequence}, "hash": "{anchor.hash}"}}\n' for anchor in anchors)
    (tmp_path / "anchors.jsonl").write_text(heads, "utf-8")
    program = [sys.executable, "-I", "-S", audit_chain.__file__]

    def verdict(trail: str) -> tuple[int, str]:
        done = subprocess.run(
            [*program, trail, "anchors.jsonl"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout

    assert verdict("trail.jsonl")[0] == 0
    (tmp_path / "cut.jsonl").write_text("".join(lines[:-1]), "utf-8")
    code, said = verdict("cut.jsonl")
    assert code == 1
    assert said.startswith(f"event {len(lines)} is missing")


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=0xD7FF)), inner),
    max_leaves=12,
)


@given(plain)
def test_our_canonical_form_is_rfc_8785(value: Any) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)


def test_the_database_writes_the_same_canonical_form(session: Session) -> None:
    numbers = [0, 1, -1, 48.13743, 1e-7, 1.5e-9, 1e21, 1.2345678901234568e20, 0.1, 1e-6, 2.5, 5e-324, -1e300]
    value: Any = {"b": numbers, "a": {"ä": 'é \\ " \x01 \u2028 \x7f', "": None}, "A": [True, False, {}, []]}
    found = session.scalar(text("select canonical(cast(:value as jsonb))"), {"value": rfc8785.dumps(value).decode()})
    assert found == rfc8785.dumps(value).decode()
