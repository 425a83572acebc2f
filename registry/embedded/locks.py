"""Who uses the server: every user holds a shared lock that the operating system drops when the process dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from registry.errors import PlatformError

try:
    import fcntl
except ImportError as error:
    raise PlatformError(
        "The PostgreSQL that comes with GMP Hub runs on Linux and macOS only.",
        "Set DATABASE_URL to a PostgreSQL server (15 or newer) instead.",
    ) from error


@contextmanager
def deciding(home: Path) -> Iterator[None]:
    """Start and stop are decided by one process at a time."""
    with (home / "decision.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def enter(home: Path) -> IO[str]:
    """Become a user of the server; closing the file, or dying, leaves again."""
    file = (home / "users.lock").open("a")
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def nobody_left(home: Path) -> bool:
    """Whether no process uses the server any more; ask while deciding, after having left."""
    with (home / "users.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
