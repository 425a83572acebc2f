"""How fast the API answers, on a database of its own: `python -m api.bench` (or `gmphub bench api`).

First an authenticated list of 50 of 1,000 facilities beside a bare FastAPI and SQLAlchemy endpoint that returns the
same bytes: in turns in one run, each in a server process of the same kind. Then a steady mix of 70 lists, 20 single
reads and 10 writes of a hundred, while a plan is being calculated on the same machine, as politely as a worker does.
"""

import argparse
import contextlib
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import make_url

from api.bench_world import Prepared, prepare
from registry import embedded
from registry.database import application_engine, owner_engine
from registry.migrating import migrate
from registry.tasks import GIVES_WAY

BLOCKS, IN_A_BLOCK = 10, 30
LEAST_RATIO, READ_LIMIT, WRITE_LIMIT = 0.6, 300.0, 500.0
SOLVE = "from matcher.generate import network; from matcher.solve import solve; solve(network('{size}', 1))"
LIST = "/api/v1/facilities?limit=50"


@dataclass(frozen=True, slots=True)
class Timed:
    """One call: what kind, how long from the moment it was due (seconds), and its status."""

    kind: str
    seconds: float
    status: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(prog="api.bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the mix runs")
    parser.add_argument("--rate", type=float, default=30.0, help="calls a second")
    parser.add_argument("--size", default="M", help="network that is solved meanwhile")
    chosen = parser.parse_args(arguments)
    with database() as url:
        prepared = prepare(application_engine(make_url(url)))
        with served("api.app:create_app", url) as ours, served("api.bench_world:bare", url) as bare:
            ratio = compare(ours, bare, prepared)
            with solving(chosen.size):
                calls = mix(ours, prepared, chosen.seconds, chosen.rate)
    return report(ratio, calls)


@contextlib.contextmanager
def database() -> Iterator[str]:
    """The owner's address of a migrated database on a server of its own, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="gmphub-bench-") as folder:
        Path(folder).chmod(0o755)
        server = embedded.start(Path(folder) / "home")
        try:
            migrate(owner_engine(make_url(server.url)))
            yield server.url
        finally:
            server.stop()


@contextlib.contextmanager
def served(application: str, url: str) -> Iterator[str]:
    """The address of an application in a process of its own."""
    command = [sys.executable, "-m", "api.bench_world", application]
    environment = {**os.environ, "DATABASE_URL": url, "GMPHUB_SECRET_KEY": secrets.token_urlsafe(48)}
    with subprocess.Popen(  # noqa: S603  our own module
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        address = f"http://127.0.0.1:{int(process.stdout.readline())}"
        try:
            yield address
        finally:
            process.terminate()


@contextlib.contextmanager
def solving(size: str) -> Iterator[None]:
    """A plan is calculated, again and again, in a process of its own."""
    code = f"import os\nos.nice({GIVES_WAY})\nwhile True: exec({SOLVE.format(size=size)!r})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL) as process:  # noqa: S603  our own code
        try:
            yield
        finally:
            process.kill()


def compare(ours: str, bare: str, prepared: Prepared) -> float:
    """Return how many calls we answer for each one the bare endpoint answers: the median over blocks in turns."""
    with httpx.Client(headers=prepared.headers) as client:
        bodies = [client.get(f"{address}{LIST}").content for address in (ours, bare)]
        if bodies[0] != bodies[1]:
            raise SystemExit("The bare endpoint does not return the same bytes; there is nothing to compare.")
        ratios = [block(client, bare) / block(client, ours) for _ in range(BLOCKS)]
    return statistics.median(ratios)


def block(client: httpx.Client, address: str) -> float:
    """Return the seconds of one block of lists."""
    begun = time.perf_counter()
    for _ in range(IN_A_BLOCK):
        client.get(f"{address}{LIST}").raise_for_status()
    return time.perf_counter() - begun


def mix(address: str, prepared: Prepared, seconds: float, rate: float) -> list[Timed]:
    """Send 70 lists, 20 single reads and 10 writes of a hundred at a steady rate, whether answered yet or not."""
    futures: list[Future[Timed]] = []
    with httpx.Client(base_url=address, headers=prepared.headers, timeout=30) as client, ThreadPoolExecutor(64) as pool:
        begun = time.perf_counter()
        for number in range(int(seconds * rate)):
            due = begun + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            kind = "list" if number % 10 < 7 else "read" if number % 10 < 9 else "write"
            futures.append(pool.submit(one, client, prepared, kind, number, due))
        return [future.result() for future in futures]


def one(client: httpx.Client, prepared: Prepared, kind: str, number: int, due: float) -> Timed:
    """Make one call and time it from when it was due, so that waiting in a queue counts."""
    if kind == "list":
        answer = client.get(LIST)
    elif kind == "read":
        answer = client.get(f"/api/v1/facilities/{prepared.facilities[number % len(prepared.facilities)]}")
    else:
        body = {"kind": "maintenance", "starts": "2027-01-04", "ends": "2027-01-05"}
        headers = {"Idempotency-Key": f"bench-{number}"}
        answer = client.post(f"/api/v1/facilities/{prepared.own}/closures", json=body, headers=headers)
    return Timed("write" if kind == "write" else "read", time.perf_counter() - due, answer.status_code)


def report(ratio: float, calls: Sequence[Timed]) -> int:
    """Print every figure beside its limit; 1 when one is missed."""
    failed = sum(call.status >= 500 for call in calls)
    refused = sum(400 <= call.status < 500 for call in calls)
    lines = [(f"list beside a bare endpoint: {ratio:.2f} (at least {LEAST_RATIO})", ratio >= LEAST_RATIO)]
    for kind, limit in (("read", READ_LIMIT), ("write", WRITE_LIMIT)):
        seconds = [call.seconds for call in calls if call.kind == kind]
        usual, worst = (1000 * below(seconds, part) for part in (0.5, 0.99))
        text = f"{kind}: {len(seconds)} calls, p50 {usual:.0f} ms, p99 {worst:.0f} ms (p99 at most {limit:.0f} ms)"
        lines.append((text, worst <= limit))
    lines.append((f"{len(calls)} calls, {failed} with 5xx, {refused} refused (none of either)", failed + refused == 0))
    for text, kept in lines:
        sys.stdout.write(f"{'holds ' if kept else 'MISSED'}  {text}\n")
    return 0 if all(kept for _, kept in lines) else 1


def below(values: Sequence[float], part: float) -> float:
    """Return the value that this part of the values stays below."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else 0.0


if __name__ == "__main__":
    sys.exit(main())
