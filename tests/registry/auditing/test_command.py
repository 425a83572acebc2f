"""`gmphub audit`: what is exported is found whole again, and what is not whole, or not signed, is found."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Engine

from registry import audit_chain
from registry.access.subject import OPERATOR
from registry.audit_chain import Anchor, verify_chain
from registry.cli import main
from registry.database import unit_of_work
from registry.services import auditing
from registry.services.auditing import export_trail
from tests.factories.facilities import facility

Run = Callable[..., int]


@pytest.fixture
def run(committed: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The command in this process, on a database with a few events; returns its exit code."""
    assert committed
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GMPHUB_HOME", str(tmp_path / "home"))
    with unit_of_work(OPERATOR) as session:
        facility(session)

    def run(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["gmphub", "audit", *words])
        with pytest.raises(SystemExit) as left:
            main()
        assert isinstance(left.value.code, int)
        return left.value.code

    return run


@pytest.fixture
def files(run: Run) -> Run:
    """The same, after a trail was anchored and exported into the working folder."""
    assert run("anchor", "--out", "anchors.jsonl") == 0
    assert run("export", "trail.jsonl") == 0
    return run


def change(name: str, **columns: object) -> None:
    file = Path(name)
    file.write_text(
        "".join(f"{json.dumps({**json.loads(line), **columns})}\n" for line in file.read_text().splitlines())
    )


def raw(key: Ed25519PrivateKey) -> str:
    return auditing._base64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def test_an_export_is_found_whole(files: Run) -> None:
    assert files("verify", "trail.jsonl", "--anchors", "anchors.jsonl") == 0
    assert files("verify", "--anchors", "anchors.jsonl") == 0


def test_one_changed_byte_of_an_export_is_found(files: Run) -> None:
    trail = Path("trail.jsonl")
    whole = trail.read_bytes()
    place = whole.index(b'"role":"operator"') + len(b'"role":"')
    trail.write_bytes(whole[:place] + b"O" + whole[place + 1 :])
    assert files("verify", "trail.jsonl") == 1


def test_sabotage_an_export_with_a_line_too_many_is_broken(files: Run) -> None:
    trail = Path("trail.jsonl")
    trail.write_text(trail.read_text().replace("\n", "\n\n"))
    assert files("verify", "trail.jsonl") == 1


@pytest.mark.parametrize("where", [("trail.jsonl",), ()], ids=["exported", "live"])
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"signature": ""}, "carries no signature"),
        ({"anchored_at": "2020-01-01T00:00:00+00:00"}, "does not fit"),
        ({"anchored_at": "yesterday"}, "does not fit"),
        ({"signature": "no base64"}, "does not fit"),
        ({"public_key": "AAAA"}, "does not fit"),
        ({"hash": "f" * 64}, "does not fit"),
    ],
)
def test_a_forged_anchor_is_found(
    files: Run, columns: dict[str, str], said: str, where: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    change("anchors.jsonl", **columns)
    assert files("verify", *where, "--anchors", "anchors.jsonl") == 1
    assert said in capsys.readouterr().err


def test_sabotage_without_looking_at_signatures_a_forged_anchor_passes(
    files: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    change("anchors.jsonl", anchored_at="2020-01-01T00:00:00+00:00")
    monkeypatch.setattr(auditing, "is_signed", lambda _head, _key: True)
    assert files("verify", "trail.jsonl", "--anchors", "anchors.jsonl") == 0


def test_a_given_key_is_the_only_one_that_counts(files: Run) -> None:
    own = json.loads(Path("anchors.jsonl").read_text())["public_key"]
    Path("own.txt").write_text(f"{own}\n")
    Path("other.pem").write_bytes(
        Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    asked = ("verify", "trail.jsonl", "--anchors", "anchors.jsonl")
    assert files(*asked, "--public-key", "own.txt") == 0
    assert files(*asked, "--public-key", "other.pem") == 1
    assert files(*asked, "--public-key", "other.pem", "--public-key", "own.txt") == 0
    assert files("verify", "--public-key", "other.pem") == 1, "the anchors kept by the platform count, too"


def test_an_anchor_signed_anew_passes_only_without_a_given_key(files: Run) -> None:
    own = json.loads(Path("anchors.jsonl").read_text())["public_key"]
    Path("own.txt").write_text(own)
    assert files("anchor", "--out", "anew.jsonl", "--key", "another.pem") == 0
    assert files("export", "trail.jsonl") == 0
    assert files("verify", "trail.jsonl", "--anchors", "anew.jsonl") == 0
    assert files("verify", "trail.jsonl", "--anchors", "anew.jsonl", "--public-key", "own.txt") == 1


@pytest.mark.parametrize("content", [None, b"", b"not a key", b"-----BEGIN PUBLIC KEY-----\n!\n", b"\xff\xfe"])
def test_what_is_no_key_is_refused_in_a_sentence(
    files: Run, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        Path("key").write_bytes(content)
    assert files("verify", "--public-key", "key") == 2
    assert "inside GMP Hub" not in capsys.readouterr().err


def test_a_key_of_another_kind_is_refused(files: Run) -> None:
    pem = X25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    Path("key").write_bytes(pem)
    assert files("verify", "--public-key", "key") == 2


@pytest.mark.parametrize(
    "content", [None, b"{}\n", b"[]\n", b"nonsense\n", b"\xff\xfe", b'{"sequence": "x", "hash": 1}\n']
)
@pytest.mark.parametrize("where", [("trail.jsonl",), ()], ids=["exported", "live"])
def test_what_is_no_anchor_is_refused_in_a_sentence(
    files: Run, content: bytes | None, where: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        Path("given").write_bytes(content)
    assert files("verify", *where, "--anchors", "given") == 2
    assert "inside GMP Hub" not in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_what_is_no_trail_is_refused_in_a_sentence(
    run: Run, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        Path("given").write_bytes(content)
    assert run("verify", "given") == 2
    assert "Write one with" in capsys.readouterr().err


def test_anchors_that_contradict_each_other_are_a_break(run: Run) -> None:
    assert callable(run)
    with unit_of_work(OPERATOR) as session:
        lines = list(export_trail(session))
    true = Anchor(2, json.loads(lines[1])["hash"])
    for anchors in ([true, Anchor(2, "f" * 64)], [Anchor(2, "f" * 64), true]):
        report = verify_chain(lines, anchors)
        assert [found.sequence for found in report.breaks] == [2]
        assert "contradict" in report.breaks[0].text
    assert verify_chain(lines, [true, true]).breaks == ()
    assert verify_chain(lines, [Anchor(0, "f" * 64)]).breaks != ()


@pytest.mark.parametrize("words", [[], ["--help"], ["a", "b", "c"], ["nowhere.jsonl"], [__file__, "nowhere.jsonl"]])
def test_the_offline_program_says_how_it_is_used(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert audit_chain.main(words) == 2
    assert "usage" in capsys.readouterr().err
