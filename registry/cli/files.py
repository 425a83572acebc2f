"""Reading what somebody names and writing whole files or nothing, with sentences for what can go wrong."""

import os
import tempfile
from pathlib import Path

import typer

from registry.cli.console import say_error

REFUSED = 2
ENVIRONMENT = 3


def check_writable(path: Path) -> None:
    """Leave with exit code 3 and a sentence when `path` cannot be written, before any work is done."""
    try:
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder; name a file")
        if not _is_stream(path):
            _temporary(path.resolve()).unlink()
    except OSError as error:
        _leave(path, error)


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` beside `path` and move it there, so that no reader ever sees half a file.

    A link is followed; a device, a pipe or standard output is written to as it is, and stays what it is.
    """
    try:
        if _is_stream(path):
            with path.open("wb") as stream:
                stream.write(data)
            return
        path = path.resolve()
        temporary = _temporary(path)
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        _leave(path, error)


def _is_stream(path: Path) -> bool:
    return path.is_relative_to("/dev") or (path.exists() and not path.is_file())


def _temporary(path: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".part")
    os.close(handle)
    return Path(name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _leave(path: Path, error: OSError) -> None:
    reason = error.strerror or str(error)
    say_error(f"Cannot write {path}: {reason}. Name another place or change who may write there.")
    raise typer.Exit(ENVIRONMENT)


def why_unreadable(path: Path, error: OSError) -> str:
    """A sentence for a file that cannot be opened."""
    return f"{path} cannot be read: {error.strerror or error}"
