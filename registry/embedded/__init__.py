"""The PostgreSQL that comes with the first run: started by whoever needs it first, stopped by the last one out.

Two homes side by side, two commands on one home, and a command that was killed are all meant to work.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from registry.embedded import locks
from registry.embedded.account import Account, server_account
from registry.embedded.binaries import programs
from registry.embedded.control import DATABASE, OWNER, ensure_database, forget_socket, halt, is_running, launch, make
from registry.embedded.folders import SHARED, Folders, make_home, prepare


@dataclass(slots=True)
class Server:
    """A running server and our place among its users; `started` when this process started it.

    `url` is the connection of the owner, who may do everything: it is for migrations only.
    """

    folders: Folders
    programs: Path
    account: Account
    started: bool
    _user: IO[str] | None = field(repr=False)
    _process: int = field(default_factory=os.getpid, repr=False)

    @property
    def url(self) -> str:
        """The owner's connection, as a SQLAlchemy address."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The owner's connection to a database of this server."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={quote(str(self.folders.socket))}"

    def stop(self) -> bool:
        """Leave; when nobody is left, stop the server. Return whether it was stopped. Leaving twice does nothing."""
        if self._user is None or os.getpid() != self._process:
            return False
        with locks.deciding(self.folders.home):
            self._user.close()
            self._user = None
            if not locks.nobody_left(self.folders.home):
                return False
            halt(self.programs, self.folders, self.account)
            forget_socket(self.folders)
            return True


def start(home: Path, *, durable: bool = True) -> Server:
    """Start the server of `home`, or join the one that runs; `durable=False` is for tests and may lose data."""
    account = server_account()
    binaries = programs(account, SHARED)
    make_home(home)
    with locks.deciding(home):
        folders = prepare(home, account)
        user = locks.enter(home)
        try:
            started = not is_running(folders)
            if started:
                make(binaries, folders, account, durable=durable)
                launch(binaries, folders, account, durable=durable)
            ensure_database(folders.socket)
        except BaseException:
            user.close()
            raise
    return Server(folders, binaries, account, started, user)


def stop(home: Path) -> bool:
    """Stop the server of `home`, whoever uses it; return whether one ran."""
    if not home.is_dir():
        return False
    account = server_account()
    with locks.deciding(home):
        folders = prepare(home, account)
        ran = is_running(folders)
        if ran:
            halt(programs(account, SHARED), folders, account)
        forget_socket(folders)
        return ran
