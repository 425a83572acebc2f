"""Run the API and the pages on one address until interrupted: `python -m api.serve --host H --port P`."""

import argparse
import contextlib
import errno
import socket
import sys
from collections.abc import Sequence

import uvicorn

from registry.errors import EnvironmentFault
from registry.settings import secret_key

ENVIRONMENT_FAULT = 3
LARGEST_PORT = 65535
APPLICATION = "api.app:create_app"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and serve; return the exit code."""
    parser = argparse.ArgumentParser(prog="api.serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args(arguments)
    return serve(chosen.host, chosen.port)


def serve(host: str = "127.0.0.1", port: int = 8000) -> int:
    """Serve until interrupted; return 0, or 3 after saying why the address cannot be used."""
    if not 0 <= port <= LARGEST_PORT:
        sys.stderr.write(f"{port} is not a port: choose one from 1024 to {LARGEST_PORT} with --port.\n")
        return ENVIRONMENT_FAULT
    try:
        secret_key()
    except EnvironmentFault as fault:
        sys.stderr.write(f"{fault}\n")
        return ENVIRONMENT_FAULT
    try:
        listening = listen(host, port)
    except OSError as fault:
        sys.stderr.write(why_not(host, port, fault) + "\n")
        return ENVIRONMENT_FAULT
    shown = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"GMP Hub is at http://{shown}:{listening.getsockname()[1]} (Ctrl-C stops it)\n")
    settings = uvicorn.Config(
        APPLICATION,
        factory=True,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    with listening, contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(settings).run(sockets=[listening])
    return 0


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that holds the address, so that a busy port is known before anything is loaded.

    It names its protocol: asyncio sends small answers at once (TCP_NODELAY) only on a socket that does.
    """
    family, kind, protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


def why_not(host: str, port: int, fault: OSError) -> str:
    """Say what is wrong with the address and what to do."""
    if fault.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use by another program. Stop it, or choose another with --port."
    if fault.errno in {errno.EACCES, errno.EPERM}:
        return f"Port {port} may not be used by this account. Choose one above 1023 with --port."
    return f"Cannot listen on {host}, port {port}: {fault.strerror or fault}. Choose another with --host or --port."


if __name__ == "__main__":
    sys.exit(main())
