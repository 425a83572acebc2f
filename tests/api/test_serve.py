"""The address is taken before anything is loaded, and a busy one is said plainly."""

import errno

import pytest

from api.serve import ENVIRONMENT_FAULT, listen, main, why_not


def test_a_port_in_use_is_said_and_ends_with_three(capsys: pytest.CaptureFixture[str]) -> None:
    with listen("127.0.0.1", 0) as busy:
        port = busy.getsockname()[1]
        assert main(["--port", str(port)]) == ENVIRONMENT_FAULT
    said = capsys.readouterr().err
    assert f"Port {port} on 127.0.0.1 is in use" in said
    assert "--port" in said


def test_an_address_that_is_not_ours_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "192.0.2.1", "--port", "8000"]) == ENVIRONMENT_FAULT
    assert "192.0.2.1" in capsys.readouterr().err


def test_a_port_reserved_by_the_system_is_explained() -> None:
    assert "above 1023" in why_not("127.0.0.1", 80, PermissionError(errno.EACCES, "Permission denied"))


def test_a_free_port_is_held() -> None:
    with listen("127.0.0.1", 0) as held, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", held.getsockname()[1])


def test_numbers_that_are_no_ports_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "99999"]) == ENVIRONMENT_FAULT
    assert "99999" in capsys.readouterr().err
