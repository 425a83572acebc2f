"""A message is there exactly when its event is, goes out at least once, and is shown once (T-B6)."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from registry.access.subject import ANONYMOUS, OPERATOR, OrganisationId, PersonId, Subject
from registry.database import unit_of_work
from registry.errors import NotAllowedError
from registry.models import OutboxMessage
from registry.notices.mailbox import Letter, deliver, letters_in, mail_folder, message_of, put_into
from registry.notices.outbox import Message, Relayed, put_message, relay
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories.facilities import organisation
from tests.registry.matching.dying import killed

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("outbox")]

LETTER = Letter("event 1", "person-1", None, "A subject", "A body\n", datetime(2026, 11, 25, tzinfo=UTC))
POINTS = ("taken", "handed over", "marked, not committed", "committed")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, for the mailbox."""
    monkeypatch.setenv("GMPHUB_HOME", str(tmp_path))
    return tmp_path


def recipient() -> UUID:
    with unit_of_work(OPERATOR) as session:
        return organisation(session, mailbox="desk@example.org").id


def message(to: UUID, event: str = "event 1", data_set: DataSet = DataSet.LIVE) -> Message:
    return Message(
        data_set, f"{event} {to}", f"About {event}", "Log in.\n", organisation_id=to, address="desk@example.org"
    )


def put(*messages: Message) -> None:
    with unit_of_work(OPERATOR) as session:
        for one in messages:
            put_message(session, one)


def box(to: UUID) -> list[EmailMessage]:
    return list(letters_in(mail_folder() / f"organisation-{to}"))


def waiting() -> int:
    with unit_of_work(OPERATOR) as session:
        question = select(func.count()).where(OutboxMessage.delivered_at.is_(None))
        return session.scalar(question) or 0


def test_a_message_goes_out_once_and_is_marked(committed: Engine) -> None:
    to = recipient()
    put(message(to), message(to, "event 2"))
    assert relay() == Relayed(2, 0)
    assert relay() == Relayed(0, 0)
    assert sorted(str(letter["Subject"]) for letter in box(to)) == ["About event 1", "About event 2"]


def test_the_same_message_written_twice_is_one(committed: Engine) -> None:
    to = recipient()
    put(message(to), message(to))
    put(message(to))
    assert (waiting(), relay()) == (1, Relayed(1, 0))


def break_off(to: UUID) -> None:
    with unit_of_work(OPERATOR) as session:
        put_message(session, message(to))
        raise InterruptedError


def test_without_its_event_there_is_no_message(committed: Engine) -> None:
    to = recipient()
    with pytest.raises(InterruptedError):
        break_off(to)
    assert (waiting(), relay(), box(to)) == (0, Relayed(0, 0), [])


def check_killed(engine: Engine, to: UUID, point: str, event: str) -> None:
    """Kill the relay at a point; the next one brings what is missing, and nothing is shown twice."""
    put(message(to, event))
    killed(engine, "relay", "any", point, GMPHUB_HOME=str(mail_folder().parent))
    handed = point != "taken"
    assert (f"About {event}" in [str(letter["Subject"]) for letter in box(to)]) is handed
    assert waiting() == (0 if point == "committed" else 1)
    relay()
    assert [str(letter["Subject"]) for letter in box(to)].count(f"About {event}") == 1
    assert waiting() == 0


@pytest.mark.parametrize("point", ["taken", "handed over"])
def test_a_killed_relay_loses_and_doubles_nothing(committed: Engine, point: str) -> None:
    check_killed(committed, recipient(), point, "event 1")


@pytest.mark.deep
@pytest.mark.parametrize("point", POINTS)
def test_kills_of_the_relay(committed: Engine, point: str) -> None:
    to = recipient()
    for number in range(25):
        check_killed(committed, to, point, f"event {number}")


def test_sabotage_letters_with_ids_of_their_own_are_shown_twice(committed: Engine) -> None:
    to = recipient()
    put(message(to))
    journal: list[str] = []

    def careless(letter: Letter) -> str:
        journal.append(letter.id)
        put_into(mail_folder(), replace(letter, id=f"{letter.id} {len(journal)}"))
        return "file"

    for _ in range(2):
        relay(careless)
        with unit_of_work(OPERATOR) as session:
            session.execute(update(OutboxMessage).values(delivered_at=None))
    assert (len(set(journal)), len(box(to))) == (1, 2)


def test_what_cannot_be_handed_over_is_tried_later(committed: Engine) -> None:
    to = recipient()
    put(message(to))

    def broken(letter: Letter) -> str:
        raise OSError(f"no way for {letter.recipient}")

    assert relay(broken) == Relayed(0, 1)
    assert relay() == Relayed(0, 0)
    with unit_of_work(OPERATOR) as session:
        row = session.scalars(select(OutboxMessage)).one()
        assert (row.attempts, row.last_error) == (1, f"no way for organisation-{to}")
        assert row.due_at > row.created_at
        session.execute(text("update outbox_message set due_at = now()"))
    assert relay() == Relayed(1, 0)
    assert len(box(to)) == 1


def test_whoever_may_write_may_not_read(session: Session) -> None:
    to = organisation(session)
    writer = Subject(PersonId(UUID(int=5)), frozenset())
    reader = Subject(PersonId(UUID(int=6)), frozenset({(Role.PLANNER, OrganisationId(to.id))}))
    with unit_of_work(writer) as opened:
        put_message(opened, message(to.id))
        assert opened.scalars(select(OutboxMessage.subject)).all() == []
    with unit_of_work(reader) as opened:
        assert opened.scalars(select(OutboxMessage.subject)).all() == ["About event 1"]


def put_as_nobody(to: UUID) -> None:
    with unit_of_work(ANONYMOUS) as opened:
        put_message(opened, message(to))


def test_nobody_known_writes_nothing(session: Session) -> None:
    with pytest.raises(NotAllowedError):
        put_as_nobody(organisation(session).id)


def test_a_letter_is_one_file_however_often_it_comes(home: Path) -> None:
    first, second = put_into(home, LETTER), put_into(home, LETTER)
    assert first == second
    assert [path.name for path in first.parent.iterdir()] == [first.name]


def test_a_subject_cannot_bring_headers_of_its_own() -> None:
    made = message_of(replace(LETTER, subject="Hello\r\nBcc: everybody@example.org"), "a@localhost", "b@localhost")
    assert made["Bcc"] is None
    assert made["Subject"] == "Hello Bcc: everybody@example.org"


class Postbox(socketserver.StreamRequestHandler):
    """As much of a mail server as one letter needs."""

    got: list[str]

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            if line.upper().startswith("DATA"):
                self.say("354 go on")
                self.got.append("".join(iter(lambda: self.rfile.readline().decode(), ".\r\n")))
            self.say("221 bye" if line.upper() == "QUIT" else "250 well")
            if line.upper() == "QUIT":
                return

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    """A mail server on this machine: its port and what it got."""
    got: list[str] = []
    handler = type("Handler", (Postbox,), {"got": got})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1], got
        server.shutdown()
        thread.join()


def test_with_a_server_and_an_address_it_goes_by_mail(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as (port, got):
        monkeypatch.setenv("GMPHUB_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("GMPHUB_SMTP_PORT", str(port))
        monkeypatch.setenv("GMPHUB_SMTP_STARTTLS", "false")
        assert deliver(replace(LETTER, address="desk@example.org")) == "smtp"
        assert deliver(LETTER) == "file"
    (mail,) = got
    assert "To: desk@example.org" in mail
    assert str(message_of(LETTER, "a@localhost", "b@localhost")["Message-ID"]) in mail


def test_messages_of_a_rehearsal_never_leave_the_machine(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        to = organisation(session, data_set=DataSet.REHEARSAL).id
    seen: list[str | None] = []

    def look(letter: Letter) -> str:
        seen.append(letter.address)
        return "file"

    put(message(to, data_set=DataSet.REHEARSAL), message(recipient()))
    relay(look)
    assert sorted(str(address) for address in seen) == ["None", "desk@example.org"]
