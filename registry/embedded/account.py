"""Which account of the operating system the server runs as: never uid 0."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from registry.errors import PlatformError


@dataclass(frozen=True, slots=True)
class Account:
    """The account that owns data folder and server; `borrowed` when we are uid 0 and act as somebody else."""

    uid: int
    gid: int
    borrowed: bool


def server_account() -> Account:
    """Return our own account, or `nobody` when we are uid 0, as which PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), borrowed=False)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise PlatformError(
            "The database cannot run as uid 0, and there is no account `nobody` to run it as.",
            "Run the command as an ordinary user, or set DATABASE_URL.",
        ) from error
    return Account(nobody.pw_uid, nobody.pw_gid, borrowed=True)


def run(account: Account, command: list[str], timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a program of the server as `account`, in a clean environment, and return what it said."""
    return subprocess.run(  # noqa: S603 - the programs of our own installation
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd="/",
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"},
        user=account.uid if account.borrowed else None,
        group=account.gid if account.borrowed else None,
        extra_groups=[] if account.borrowed else None,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def can_enter(account: Account, folder: Path) -> bool:
    """Whether `account` may walk through `folder` and all its parents."""
    return not account.borrowed or all(_lets_through(account, part) for part in (folder, *folder.parents))


def _lets_through(account: Account, folder: Path) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
