"""An identity provider in a process of its own, and what a person does there."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from starlette.testclient import TestClient

SUBJECT = "person@institute"
START = "/api/v1/session/oidc"
SERVE = "import warnings; warnings.simplefilter('ignore'); import oidc_provider_mock as mock; from wsgiref.simple_server import make_server; server = make_server('127.0.0.1', 0, mock.app(require_nonce=True)); print(server.server_port, flush=True); server.serve_forever()"


@contextmanager
def running() -> Iterator[str]:
    """The address of a provider in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def told(issuer: str, auth_time: int | str, subject: str = SUBJECT) -> None:
    """Let the provider say when its person logged in."""
    assert httpx2.put(f"{issuer}/users/{subject}", json={"auth_time": auth_time}).status_code < 300


def agree(address: str, subject: str = SUBJECT) -> str:
    """What a person does at the provider: agree; returns the address the browser is sent back to."""
    with httpx2.Client() as browser:
        answer = browser.post(address, data={"sub": subject})
    assert answer.status_code in (302, 303), answer.text
    back: str = answer.headers["location"]
    return back


def sent(client: TestClient) -> str:
    answer = client.get(START, follow_redirects=False)
    assert answer.status_code == 303
    address: str = answer.headers["location"]
    return address
