"""Where letters go: by SMTP where a server is set and the recipient has an address, else into a folder of files.

The id of a letter is its Message-ID and the name of its file: one that comes twice replaces itself.
"""

import email
import email.policy
import hashlib
import os
import smtplib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from registry.settings import Settings, home_folder

SECONDS_TO_ANSWER = 20.0


class MailSettings(BaseSettings):
    """`GMPHUB_SMTP_HOST`, `_PORT`, `_STARTTLS`, `_USER`, `_PASSWORD` and `GMPHUB_MAIL_FROM`; without a host, files."""

    model_config = SettingsConfigDict(env_prefix="GMPHUB_", frozen=True, extra="ignore")

    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_starttls: bool = True
    smtp_user: str | None = None
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = "gmphub@localhost"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is handed over; `recipient` names the folder of a recipient, `address` None means no address is known."""

    id: str
    recipient: str
    address: str | None
    subject: str
    body: str
    written_at: datetime


def deliver(letter: Letter) -> str:
    """Hand a letter over, as the environment says, and return "smtp" or "file"; raises OSError when it cannot be."""
    settings = MailSettings()
    if settings.smtp_host is not None and letter.address is not None:
        send(letter, settings)
        return "smtp"
    put_into(mail_folder(), letter)
    return "file"


def mail_folder() -> Path:
    """Return the folder of mailboxes, one folder for each recipient."""
    return home_folder(Settings()) / "mail"


def send(letter: Letter, settings: MailSettings) -> None:
    """Send a letter by SMTP; raises OSError (SMTPException is one)."""
    message = message_of(letter, settings.mail_from, letter.address or "")
    with smtplib.SMTP(settings.smtp_host or "", settings.smtp_port, timeout=SECONDS_TO_ANSWER) as server:
        if settings.smtp_starttls:
            server.starttls()
        if settings.smtp_user is not None:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        server.send_message(message)


def put_into(folder: Path, letter: Letter) -> Path:
    """Write a letter as a file of its recipient, whole or not at all, and return where; the same letter is one file."""
    box = folder / letter.recipient
    box.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = box / f"{_name(letter.id)}.eml"
    handle, temporary = tempfile.mkstemp(dir=box, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(message_of(letter, MailSettings().mail_from, f"{letter.recipient}@localhost").as_bytes())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return path


def message_of(letter: Letter, sender: str, to: str) -> EmailMessage:
    """Return a letter as a mail; line breaks in its subject become blanks."""
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{_name(letter.id)}@gmphub.localhost>"
    message.set_content(letter.body)
    return message


def letters_in(folder: Path) -> Iterator[EmailMessage]:
    """Yield the letters of a mailbox, oldest first, each once by its Message-ID."""
    shown: set[str] = set()
    for path in sorted(folder.glob("*.eml"), key=lambda entry: (entry.stat().st_mtime_ns, entry.name)):
        message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
        if message["Message-ID"] not in shown:
            shown.add(str(message["Message-ID"]))
            yield message


def _name(letter_id: str) -> str:
    return hashlib.sha256(letter_id.encode()).hexdigest()[:40]
