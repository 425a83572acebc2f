"""Where things lie: the data folder in the home, the socket in a short folder, both for one account only."""

import hashlib
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from registry.embedded.account import Account, can_enter
from registry.errors import FolderError

SHARED = Path("/var/lib/gmphub-shared")
"""Where uid 0 keeps what `nobody` must reach when the home, or the installation, lies behind closed folders."""

SOCKETS = Path("/tmp")  # noqa: S108 - a socket path has at most 107 bytes; owner and mode of the folder are checked


@dataclass(frozen=True, slots=True)
class Folders:
    """The home with its locks, the folder the data folder lies in, and the folder of the socket."""

    home: Path
    place: Path
    socket: Path

    @property
    def data(self) -> Path:
        """The data folder of the server."""
        return self.place / "data"


def make_home(home: Path) -> None:
    """Make the home; parents that exist are left as they are."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not os.access(home, os.W_OK | os.X_OK):
            raise PermissionError(f"no right to write in {home}")
    except OSError as error:
        raise _not_writable(home, error) from error


def prepare(home: Path, account: Account) -> Folders:
    """Make the folders in and beside a home, owned by `account` and closed to others; ask while deciding."""
    try:
        if account.borrowed and not can_enter(account, home) and can_enter(account, home.parent):
            home.chmod(stat.S_IMODE(home.stat().st_mode) | 0o011)
        place = _own_folder((home if can_enter(account, home) else _elsewhere(home)) / "postgresql", account)
        socket = _own_folder(SOCKETS / f"gmphub-{account.uid}-{_short(str(home.resolve()))}", account)
    except OSError as error:
        raise _not_writable(home, error) from error
    return Folders(home, place, socket)


def _not_writable(home: Path, error: OSError) -> FolderError:
    return FolderError(
        f"The folder of GMP Hub, {home}, cannot be made or written: {error}.",
        "Set GMPHUB_HOME to a folder of yours, or give this account the right to write there.",
    )


def _elsewhere(home: Path) -> Path:
    """A reachable folder that stands for a home `nobody` cannot enter; the home names it in a small file."""
    note = home / "data-folder"
    if note.is_file():
        return Path(note.read_text("utf-8").strip())
    name = _short(str(home.resolve()))
    for forgotten in SHARED.glob(f"{name}-*"):
        shutil.rmtree(forgotten, ignore_errors=True)
    folder = SHARED / f"{name}-{os.urandom(4).hex()}"
    folder.mkdir(parents=True)
    note.write_text(f"{folder}\n", "utf-8")
    return folder


def _own_folder(folder: Path, account: Account) -> Path:
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid or status.st_mode & 0o077:
            raise FolderError(
                f"{folder} exists, but is not a folder that only the account of the database can enter.",
                "Move it away if it is not yours; another account may have put it there.",
            ) from None
    return folder


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
