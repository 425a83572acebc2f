"""One demo in a home of its own, as anyone would run it; the tests read what it left."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from registry import embedded

FIRST_RUN_LACKS = {"DATABASE_URL", "GMPHUB_SECRET_KEY"}


@dataclass(frozen=True, slots=True)
class Demo:
    """A home with a finished demo, and what the first run printed and wrote."""

    home: Path
    printed: str
    kept: Path
    figures: Mapping[str, Any]

    def run(self, *arguments: str, seconds: float = 240) -> "subprocess.CompletedProcess[str]":
        """Run another command on this home."""
        return gmphub(self.home, *arguments, seconds=seconds)


def gmphub(home: Path, *arguments: str, seconds: float = 240) -> "subprocess.CompletedProcess[str]":
    """Run `gmphub` as a process of its own on a home."""
    environment = {name: value for name, value in os.environ.items() if name not in FIRST_RUN_LACKS}
    return subprocess.run(
        [sys.executable, "-m", "registry.cli", *arguments],
        env=environment | {"GMPHUB_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@contextmanager
def started(home: Path, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
    """The same, still running; ended by force at the latest here."""
    environment = {name: value for name, value in os.environ.items() if name not in FIRST_RUN_LACKS}
    command = [sys.executable, "-m", "registry.cli", *arguments]
    with subprocess.Popen(
        command,
        env=environment | {"GMPHUB_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The demo, run once; its server is held so that the commands of the tests join it instead of starting their own."""
    home = Path(tempfile.mkdtemp(prefix="gmphub-demo-"))
    kept, figures = home / "kept", home / "figures.json"
    server = embedded.start(home / "home")
    done = gmphub(home / "home", "demo", "--once", "--keep", str(kept), "--json", str(figures))
    assert done.returncode == 0, done.stderr[-2000:]
    yield Demo(home / "home", done.stdout + done.stderr, kept, json.loads(figures.read_text(encoding="utf-8")))
    server.stop()
    shutil.rmtree(home, ignore_errors=True)
