"""Settings from the environment, and the secret key: given, or made once in the home where nobody else needs to know it."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from registry.errors import FolderError, SecretError

PLACEHOLDERS = frozenset({"", "for development only"})
SHORTEST_SECRET = 32
SECRET_FILE = "secret-key"  # noqa: S105 - the name of a file
ADVICE = (
    "Set GMPHUB_SECRET_KEY to the same secret for every server and worker; this makes one:"
    " python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
)


class Settings(BaseSettings):
    """Home, environment, secret key, database and identity provider: `GMPHUB_HOME`, `GMPHUB_OIDC_ISSUER`, …, `DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="GMPHUB_", frozen=True, extra="ignore")

    home: Path | None = None
    environment: Literal["development", "production"] = "development"
    secret_key: SecretStr = SecretStr("")
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    oidc_issuer: str | None = None
    oidc_client_id: str = "gmphub"
    oidc_client_secret: SecretStr = SecretStr("")
    traces: str | None = None


def home_folder(settings: Settings) -> Path:
    """Where the embedded database lives: `GMPHUB_HOME`; else for uid 0 /var/lib/gmphub; else the user's data folder."""
    if settings.home is not None:
        return settings.home.expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/gmphub")
    return Path(platformdirs.user_data_dir("gmphub"))


def secret_key(settings: Settings | None = None) -> str:
    """Return the key that signs and masks: `GMPHUB_SECRET_KEY`, else one made on first use in the home.

    Raises SecretError where it is not set, a placeholder or too short in production or on a database of your own.
    """
    settings = settings or Settings()
    given = settings.secret_key.get_secret_value()
    if settings.environment == "production":
        where = "with GMPHUB_ENVIRONMENT=production"
    elif settings.database_url:
        where = "beside DATABASE_URL"
    elif given not in PLACEHOLDERS:
        return given
    else:
        return _secret_of_home(home_folder(settings) / SECRET_FILE)
    if given in PLACEHOLDERS:
        raise SecretError(f"There is no secret key, and one is needed {where}.", ADVICE)
    if len(given) < SHORTEST_SECRET:
        raise SecretError(f"GMPHUB_SECRET_KEY must have at least {SHORTEST_SECRET} characters {where}.", ADVICE)
    return given


def _secret_of_home(path: Path) -> str:
    advice = "Give this account the right to read and write there, or set GMPHUB_SECRET_KEY."
    try:
        found = kept_for_its_owner(path, _fresh_secret).decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise FolderError(f"The secret key {path} cannot be read or made.", advice) from error
    if len(found) < SHORTEST_SECRET:
        raise SecretError(
            f"{path} holds no secret key.", "Remove it: another is made. Those who are logged in log in again."
        )
    return found


def _fresh_secret() -> bytes:
    return f"{secrets.token_urlsafe(48)}\n".encode()


def kept_for_its_owner(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what a file holds, made on first use and readable by its owner alone; raises OSError.

    It appears whole: of several processes that make one at the same time the first wins, and all return its content.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(name, path)
        finally:
            Path(name).unlink()
    return path.read_bytes()
