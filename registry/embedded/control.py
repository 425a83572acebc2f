"""Making, starting, finding and stopping one server."""

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from registry.embedded.account import Account, run
from registry.embedded.folders import Folders
from registry.errors import ServerStartError

OWNER = "gmphub"
DATABASE = "gmphub"
SECONDS_TO_START = 60
OFF_FOR_TESTS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def make(programs: Path, folders: Folders, account: Account, *, durable: bool) -> None:
    """Make the data folder unless it is there; an unfinished one is made again."""
    if (folders.data / "PG_VERSION").is_file():
        return
    unfinished = folders.place / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [
        str(programs / "initdb"), f"--pgdata={unfinished}", f"--username={OWNER}", "--auth=trust", "--encoding=UTF8",
        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums", "--no-instructions",
    ]  # fmt: skip
    done = run(account, command if durable else [*command, "--no-sync"])
    if done.returncode != 0:
        raise ServerStartError(
            f"The data folder {folders.data} could not be made.",
            "Read the last lines below; often the disk is full.",
            (done.stdout + done.stderr).splitlines()[-8:],
        )
    unfinished.rename(folders.data)


def launch(programs: Path, folders: Folders, account: Account, *, durable: bool) -> None:
    """Start the server and return when it answers; what a killed one left behind may take a few seconds to go."""
    options = f"-c listen_addresses='' -c unix_socket_directories={folders.socket} -c unix_socket_permissions=0700 -c timezone=UTC"
    if not durable:
        options += f" {OFF_FOR_TESTS}"
    log = folders.data / "server.log"
    command = [
        str(programs / "pg_ctl"), "start", "--wait", f"--timeout={SECONDS_TO_START}", "--silent",
        f"--pgdata={folders.data}", f"--log={log}", f"--options={options}",
    ]  # fmt: skip
    give_up = time.monotonic() + 15
    while run(account, command).returncode != 0:
        if time.monotonic() > give_up:
            raise ServerStartError(
                f"The database in {folders.data} does not start.",
                f"Its log is {log}.",
                log.read_text("utf-8", "replace").splitlines()[-8:] if log.is_file() else (),
            )
        time.sleep(0.25)


def halt(programs: Path, folders: Folders, account: Account) -> None:
    """Stop the server; sessions that are still open are ended, nothing committed is lost."""
    run(account, [str(programs / "pg_ctl"), "stop", "--wait", "--mode=fast", "--silent", f"--pgdata={folders.data}"])


def forget_socket(folders: Folders) -> None:
    """Remove the folder of the socket when nothing is left in it."""
    with suppress(OSError):
        folders.socket.rmdir()


def is_running(folders: Folders) -> bool:
    """Whether the server of this data folder answers; a pid file that a killed one left behind is removed.

    A process that starts, stops or recovers is waited for.
    """
    pid_file = folders.data / "postmaster.pid"
    give_up = time.monotonic() + SECONDS_TO_START
    while pid_file.is_file():
        if answers(folders.socket):
            return True
        pid = _pid(pid_file)
        if pid is None or not _is_postgres(pid):
            pid_file.unlink(missing_ok=True)
            return False
        if time.monotonic() > give_up:
            raise ServerStartError(
                f"Process {pid} holds the database in {folders.data} but does not answer.",
                f"End that process, then try again. Its log is {folders.data / 'server.log'}.",
            )
        time.sleep(0.05)
    return False


def answers(socket: Path) -> bool:
    """Whether a server takes connections on the socket."""
    try:
        psycopg.connect(host=str(socket), user=OWNER, dbname="postgres", connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure_database(socket: Path) -> None:
    """Make our database unless it is there."""
    with psycopg.connect(host=str(socket), user=OWNER, dbname="postgres", autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"create database {DATABASE}")


def _pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text("utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _is_postgres(pid: int) -> bool:
    """Whether a process is a PostgreSQL; where that cannot be read, any living process is taken for one."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        state, name = "", Path(f"/proc/{pid}/comm").read_text("utf-8").strip()
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    return name.startswith("postgres") and state != "Z"
