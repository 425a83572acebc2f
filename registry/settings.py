"""Settings from the environment, read once; placeholder secrets are refused outside development."""

import os
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PLACEHOLDER = "for development only"


class Settings(BaseSettings):
    """Home, environment, secret key, database and identity provider: `GMPHUB_HOME`, `GMPHUB_OIDC_ISSUER`, …, `DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="GMPHUB_", frozen=True, extra="ignore")

    home: Path | None = None
    environment: Literal["development", "production"] = "development"
    secret_key: SecretStr = SecretStr(PLACEHOLDER)
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    oidc_issuer: str | None = None
    oidc_client_id: str = "gmphub"
    oidc_client_secret: SecretStr = SecretStr("")
    traces: str | None = None

    @model_validator(mode="after")
    def check_secret(self) -> "Settings":
        """Refuse a placeholder or a short secret where it matters."""
        secret = self.secret_key.get_secret_value()
        if self.environment == "production" and (secret == PLACEHOLDER or len(secret) < 32):
            raise ValueError("GMPHUB_SECRET_KEY must be a secret of at least 32 characters outside development")
        return self


def home_folder(settings: Settings) -> Path:
    """Where the embedded database lives: `GMPHUB_HOME`; else for uid 0 /var/lib/gmphub; else the user's data folder."""
    if settings.home is not None:
        return settings.home.expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/gmphub")
    return Path(platformdirs.user_data_dir("gmphub"))
