"""The first who needs the server starts it, the last one out stops it, whatever happens to the others."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from registry import embedded
from registry.embedded import Server
from registry.embedded.control import answers


def connect(server: Server) -> psycopg.Connection:
    return psycopg.connect(host=str(server.folders.socket), user="gmphub", dbname="gmphub", autocommit=True)


def say(server: Server, word: str) -> None:
    with connect(server) as connection:
        connection.execute("create table if not exists said (word text)")
        connection.execute("insert into said values (%s)", [word])


def said(server: Server) -> list[str]:
    with connect(server) as connection:
        return [word for (word,) in connection.execute("select word from said order by word")]


def postmaster(server: Server) -> int:
    return int((server.folders.data / "postmaster.pid").read_text("utf-8").splitlines()[0])


def command(home: Path, then: str) -> subprocess.Popen[str]:
    """A process that uses the server and then does something."""
    lines = f"from pathlib import Path; from registry.embedded import start; server = start(Path({str(home)!r}), durable=False)"
    return subprocess.Popen(
        [sys.executable, "-c", f"{lines}\n{then}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )


def test_the_last_one_out_stops_it(home: Path) -> None:
    first = embedded.start(home, durable=False)
    second = embedded.start(home, durable=False)
    assert (first.started, second.started) == (True, False)
    assert first.stop() is False
    assert answers(second.folders.socket)
    assert second.stop() is True
    assert not answers(second.folders.socket)
    assert second.stop() is False


def test_what_was_saved_is_there_again(home: Path) -> None:
    server = embedded.start(home, durable=False)
    say(server, "kept")
    server.stop()
    again = embedded.start(home, durable=False)
    assert said(again) == ["kept"]
    again.stop()


def test_two_homes_side_by_side(new_home: Callable[[], Path]) -> None:
    one, other = embedded.start(new_home(), durable=False), embedded.start(new_home(), durable=False)
    say(one, "one")
    say(other, "other")
    assert (said(one), said(other)) == (["one"], ["other"])
    one.stop()
    assert said(other) == ["other"]
    other.stop()


def test_commands_at_once_on_a_new_home_share_one_server(home: Path) -> None:
    commands = [command(home, "print(server.started); input(); server.stop()") for _ in range(3)]
    started = [process.stdout.readline().strip() for process in commands if process.stdout]
    for process in commands:
        process.communicate("\n", timeout=60)
    assert sorted(started) == ["False", "False", "True"]
    assert [process.returncode for process in commands] == [0, 0, 0]
    assert embedded.stop(home) is False


def test_a_killed_command_is_no_user_any_more(home: Path) -> None:
    killed = command(home, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    joined = embedded.start(home, durable=False)
    assert joined.started is False
    assert joined.stop() is True


def test_a_killed_server_is_started_again_with_what_was_acknowledged(home: Path) -> None:
    server = embedded.start(home)
    say(server, "acknowledged")
    os.kill(postmaster(server), signal.SIGKILL)
    again = embedded.start(home)
    assert again.started is True
    assert said(again) == ["acknowledged"]
    assert (server.stop(), again.stop()) == (False, True)


def test_a_pid_file_that_names_a_stranger_is_put_away(home: Path) -> None:
    server = embedded.start(home, durable=False)
    pid_file = server.folders.data / "postmaster.pid"
    left_behind = pid_file.read_text("utf-8").replace(str(postmaster(server)), str(os.getpid()), 1)
    server.stop()
    pid_file.write_text(left_behind, "utf-8")
    again = embedded.start(home, durable=False)
    assert again.started is True
    again.stop()


def test_a_data_folder_that_was_never_finished_is_made_again(home: Path) -> None:
    server = embedded.start(home, durable=False)
    server.stop()
    server.folders.data.rename(server.folders.place / "data.unfinished")
    again = embedded.start(home, durable=False)
    say(again, "works")
    assert said(again) == ["works"]
    again.stop()


def test_stop_ends_it_for_everybody(home: Path) -> None:
    server = embedded.start(home, durable=False)
    assert embedded.stop(home) is True
    assert embedded.stop(home) is False
    with pytest.raises(psycopg.OperationalError):
        connect(server)
    server.stop()
