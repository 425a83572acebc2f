"""What is sent with a signature."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints

from api.schemas.fields import Sent, Sha256

SignedReason = Annotated[str, StringConstraints(min_length=8, max_length=2000, pattern=r"^[^\x00]+$")]
Password = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


class Signing(Sent):
    """A signature: the password once more, the hash of what was shown, and why.

    Whoever logs in at a provider sends no password, but proves who it is at `POST /session/oidc/signature` before.
    """

    password: Password | None = None
    content_sha256: Sha256
    reason: SignedReason

    def without_secrets(self) -> Self:
        """The body as it is remembered for a repetition."""
        return self.model_copy(update={"password": None})


class ToProve(Sent):
    """The hash of what was shown and is to be signed."""

    content_sha256: Sha256


class WhereToProve(Sent):
    """Where to send the browser; it comes back with a proof that is good for one signature within five minutes."""

    address: Annotated[str, Field(max_length=4000)]
