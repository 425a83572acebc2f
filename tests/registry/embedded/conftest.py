"""Homes for servers of their own, stopped and removed afterwards."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry import embedded


@pytest.fixture
def new_home() -> Iterator[Callable[[], Path]]:
    """Make folders that do not exist yet, for homes."""
    root = Path(tempfile.mkdtemp(prefix="gmphub-embedded-"))
    root.chmod(0o755)
    made: list[Path] = []

    def make() -> Path:
        made.append(root / f"home-{len(made)}")
        return made[-1]

    yield make
    for home in made:
        if home.is_dir():
            embedded.stop(home)
    shutil.rmtree(root)


@pytest.fixture
def home(new_home: Callable[[], Path]) -> Path:
    """One home."""
    return new_home()
