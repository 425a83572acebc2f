"""serve and worker: the API with its pages, and the process that calculates beside it."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Annotated

import typer

from registry.cli.console import say

HOST, PORT = "127.0.0.1", 8000
SECONDS_TO_END = 10


def register(app: typer.Typer) -> None:
    """Add the commands to the console command."""
    app.command("serve")(serve)
    app.command("worker")(worker)


def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = HOST,
    port: Annotated[int, typer.Option("--port", help="Port to listen on.")] = PORT,
    beside: Annotated[bool, typer.Option("--worker/--no-worker", help="Run one worker beside it.")] = True,
) -> None:
    """Serve the API and the pages until Ctrl-C, with one worker beside them."""
    from registry.migrating import check_ready
    from registry.settings import secret_key

    secret_key()
    check_ready()
    _say_first_word(host, port)
    raise typer.Exit(serve_until_interrupted(host, port, beside=beside))


def _say_first_word(host: str, port: int) -> None:
    """Print, where nobody can log in as administrator, the word with which the first one is made; it is kept nowhere."""
    from registry.access.subject import OPERATOR
    from registry.database import unit_of_work
    from registry.services.first_run import ACCOUNT, first_word

    with unit_of_work(OPERATOR, action="first run") as session:
        word = first_word(session)
    if word is None:
        return
    address = f"http://{host}:{port}/api/v1/session/first-administrator"
    say(f"Nobody can log in as administrator yet. This word is shown only now, is good for a day and used once: {word}")
    say(f"Choose the password of the account {ACCOUNT} with it: POST {address} with word and password.")


def serve_until_interrupted(host: str, port: int, *, beside: bool) -> int:
    """Run the server, and a worker if wanted, as processes of their own; return the server's exit code.

    SIGTERM, which a service manager sends, ends them as Ctrl-C does, so that none is left behind.
    """
    from registry.settings import secret_key

    secret_key()
    signal.signal(signal.SIGTERM, _end)
    command = [sys.executable, "-m", "api.serve", "--host", host, "--port", str(port)]
    with _worker_process() if beside else contextlib.nullcontext(), _child(command) as server:
        return _wait(server)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def worker() -> None:
    """Carry out queued calculations and notices until Ctrl-C."""
    from registry.settings import secret_key
    from registry.tasks import GIVES_WAY, work

    secret_key()
    os.nice(GIVES_WAY)
    work()


def _wait(process: "subprocess.Popen[bytes]") -> int:
    try:
        return process.wait()
    except KeyboardInterrupt:
        return 0


@contextlib.contextmanager
def _worker_process() -> Iterator[None]:
    with _child([sys.executable, "-m", "registry.cli", "worker"]):
        yield


@contextlib.contextmanager
def _child(command: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command)  # noqa: S603 - our own modules, no shell
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
