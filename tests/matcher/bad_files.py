"""More than a hundred ways to write a problem file wrong, each with the paths that must be named."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.matcher.documents import ABSENT, FULL, as_bytes, changed

BIG = 2**53


@dataclass(frozen=True, slots=True)
class BadFile:
    """What is wrong, the bytes, and the paths that must stand among the faults."""

    name: str
    data: bytes
    paths: tuple[str, ...]


def bad_files() -> list[BadFile]:
    """Every kind, each under a name of its own."""
    return [*_no_json(), *_missing(), *_unknown(), *_wrong_types(), *_out_of_range(), *_one_thing(), *_sums(), *_text()]


def _one(path: str, value: object, *, named: str | None = None, why: str = "") -> BadFile:
    at = "$." + (path if named is None else named)
    return BadFile(f"{path} {why or repr(value)[:40]}", as_bytes(changed((path, value))), (at,))


def _no_json() -> Iterator[BadFile]:
    whole = as_bytes(FULL)
    kinds = {
        "empty file": b"",
        "white space": b" \n",
        "half a file": whole[: len(whole) // 2],
        "more behind the end": whole + b"{}",
        "byte order mark": b"\xef\xbb\xbf" + whole,
        "UTF-16": whole.decode().encode("utf-16"),
        "Latin-1": whole.replace(b"north", "nördlich".encode("latin-1")),
        "single quotes": whole.replace(b'"', b"'"),
        "trailing comma": whole[:-1] + b",}",
        "comment": b"// a problem\n" + whole,
        "NaN": whole.replace(b'"horizon": 10', b'"horizon": NaN'),
        "Infinity": whole.replace(b'"horizon": 10', b'"horizon": -Infinity'),
        "leading zero": whole.replace(b'"horizon": 10', b'"horizon": 010'),
        "plus sign": whole.replace(b'"horizon": 10', b'"horizon": +10'),
        "hexadecimal": whole.replace(b'"horizon": 10', b'"horizon": 0x10'),
        "control character in text": whole.replace(b"north", b"no\x01rth"),
        "nested without end": b"[" * 200_000,
        "nested too deeply": b'{"requests":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "null bytes": b"\x00" * 64,
        "compressed": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    }
    for name, data in kinds.items():
        yield BadFile(name, data, ("$",))
    deep = b'{"requests":' + b"[" * 64 + b"]" * 64 + b"}"
    yield BadFile("nested one level too deep", deep, ("$",))
    yield BadFile(
        "nested as deep as it may be",
        deep.replace(b"[" * 64, b"[" * 63).replace(b"]" * 64, b"]" * 63),
        ("$.requests[0]",),
    )
    for name, value in {"a list": [], "a number": 1, "text": "problem", "null": None, "true": True}.items():
        yield BadFile(f"the file is {name}", as_bytes(value), ("$",))


def _missing() -> Iterator[BadFile]:
    paths = [*FULL, "facilities[0].id", "policy.tiers"]
    paths += [f"suites[0].{key}" for key in ("id", "facility", "places", "open")]
    paths += [f"resources[0].{key}" for key in ("id", "facility", "period", "capacity")]
    paths += [f"requests[0].{key}" for key in ("id", "batches", "options")]
    paths += [f"requests[0].batches[1].{key}" for key in ("id", "earliest", "latest", "after.batch", "after.min")]
    paths += [f"requests[0].options[0].{key}" for key in ("suite", "duration")]
    paths += [f"requests[0].options[0].uses[0].{key}" for key in ("resource", "amount", "at")]
    paths += [f"bookings[0].{key}" for key in ("suite", "start", "end")]
    paths += [f"previous[0].{key}" for key in ("request", "batch", "suite", "start")]
    return (_one(path, ABSENT, why="missing") for path in paths)


def _unknown() -> Iterator[BadFile]:
    holders: tuple[str, ...] = (
        "",
        "facilities[0].",
        "suites[0].",
        "resources[0].",
        "requests[0].",
        "requests[0].batches[1].",
    )
    holders += ("requests[0].batches[1].after.", "requests[0].options[0].", "requests[0].options[0].uses[0].")
    holders += ("bookings[0].", "previous[0].", "policy.", "policy.tiers[0].")
    for holder in holders:
        yield _one(f"{holder}wieght", 1, why="unknown key")
    yield _one("requests[0].urgency", 1, why="a name from inside the program")
    yield _one("policy.tiers[0].placed_class_01", 1, why="class with a leading zero")
    yield _one("policy.tiers[0].placed_class_", 1, why="class without a number")
    yield _one(f"policy.tiers[0].placed_class_{2**53}", 1, why="class beyond the largest number")


def _wrong_types() -> Iterator[BadFile]:
    whole_numbers: tuple[str, ...] = ("horizon", "suites[0].places", "suites[0].changeover", "resources[0].period")
    whole_numbers += ("resources[0].capacity[1]", "requests[0].weight", "requests[0].class", "requests[0].max_sites")
    whole_numbers += ("requests[0].batches[0].earliest", "requests[0].batches[0].latest", "bookings[0].start")
    whole_numbers += ("requests[0].batches[1].weight", "requests[0].batches[1].after.min", "bookings[0].end")
    whole_numbers += ("requests[0].options[0].duration", "requests[0].options[0].cost", "bookings[0].places")
    whole_numbers += ("requests[0].options[0].uses[0].amount", "requests[0].options[0].uses[0].delay")
    whole_numbers += ("suites[0].open[0][1]", "requests[0].options[0].windows[0][0]", "previous[0].start")
    whole_numbers += ("policy.tiers[0].placed",)
    for path in whole_numbers:
        yield from (_one(path, value) for value in (True, 1.0, 1e3, "1", None, [1]))
    for path in ("facilities", "suites[0].open", "requests[0].batches", "requests[0].options", "bookings", "previous"):
        yield from map(_one, [path] * 4, ({}, 10**9, "none", None))
    for path in ("facilities[0]", "requests[0]", "requests[0].batches[0]", "bookings[0]", "policy", "policy.tiers[0]"):
        yield _one(path, ["id"])
    for path in ("suites[0].exclusive", "requests[0].all_or_nothing"):
        yield from (_one(path, value) for value in (0, 1, "true", None))
    for path in ("requests[0].group", "requests[0].family", "facilities[0].country", "suites[0].id"):
        yield from (_one(path, value) for value in (1, None, ["x"]))
    for at in ("requests[0].options[0].uses[0].at", "bookings[1].uses[0].at"):
        yield from (_one(at, value) for value in (["end"], {"at": "end"}, 1, None))


def _out_of_range() -> Iterator[BadFile]:
    positive: tuple[str, ...] = (
        "horizon",
        "suites[0].places",
        "resources[0].period",
        "requests[0].weight",
        "requests[0].max_sites",
    )
    positive += ("requests[0].options[0].duration", "requests[0].options[0].uses[0].amount", "bookings[0].places")
    positive += ("requests[0].batches[1].weight", "policy.tiers[0].placed")
    for path in positive:
        for value in (0, -1, BIG, -BIG, 10**400):
            yield _one(path, value, why=f"{value:.3g}" if abs(value) < 10**300 else "400 digits")
    natural: tuple[str, ...] = (
        "suites[0].changeover",
        "resources[0].capacity[0]",
        "requests[0].class",
        "requests[0].options[0].cost",
    )
    natural += ("requests[0].options[0].travel", "requests[0].options[0].preference", "requests[0].batches[0].earliest")
    natural += ("requests[0].batches[1].after.min", "requests[0].options[0].uses[0].delay")
    for path in natural:
        for value in (-1, BIG):
            yield _one(path, value)
    for path in ("bookings[0].start", "previous[0].start", "suites[0].open[0][0]"):
        for value in (BIG, -BIG):
            yield _one(path, value)
    yield BadFile("exponent", as_bytes(FULL).replace(b'"horizon": 10', b'"horizon": 1E1'), ("$.horizon",))


def _one_thing() -> Iterator[BadFile]:
    yield _one("format", "gmphub/problem/2")
    yield _one("format", "gmphub/outcome/1")
    yield _one("tick", "month")
    for day in ("2026-02-30", "05.01.2026", "2026-1-5", "20260105", "2026-W02-1", "2026-01-05T00:00:00Z", 20260105, ""):
        yield _one("origin", day)
    for path in ("facilities[1].id", "suites[1].id", "resources[1].id", "requests[1].id"):
        first = {"facilities": "F1", "suites": "S1", "resources": "R1", "requests": "Q1"}[path.split("[")[0]]
        yield _one(path, first, why="doubled id")
    yield _one("requests[0].batches[1].id", "b1", why="doubled batch")
    yield _one("requests[0].options[1].suite", "S1", why="two options on a suite")
    yield _one("requests[0].held", ["F2", "F2"], named="requests[0].held[1]", why="held twice")
    yield _one("previous[1]", FULL["previous"][0], why="previous twice")
    for path in ("suites[0].facility", "resources[0].facility", "requests[0].held[0]", "requests[0].options[0].suite"):
        yield _one(path, "nowhere", why="dangling")
    for path in ("requests[0].batches[1].after.batch", "requests[0].options[0].uses[0].resource", "bookings[0].suite"):
        yield _one(path, "nowhere", why="dangling")
    yield _one("requests[0].batches[1].after.batch", "b2", named="requests[0].batches[1].after", why="after itself")
    circle = {"batch": "b2", "min": 0}
    yield _one("requests[0].batches[0].after", circle, why="circle")
    yield _one("requests[0].options[0].uses[0].resource", "R2", why="resource of another facility")
    yield _one("bookings[1].uses[0].resource", "R1", why="resource of another facility")
    yield _one("bookings[1].uses[0].at", "once", why="booking once")
    yield _one("requests[0].options[0].uses[0].at", "middle")
    for at in ("start", "each", "once"):
        yield _one(
            "requests[0].options[0].uses[0].at", at, named="requests[0].options[0].uses[0].delay", why=f"delay at {at}"
        )
    for capacity in ([], [2, 2], [2, 2, 1, 1]):
        yield _one("resources[0].capacity", capacity, why=f"{len(capacity)} periods")
    yield _one("horizon", 10**9, named="resources[0].capacity", why="far")
    yield _one("horizon", BIG - 1, named="resources[1].capacity", why="as far as it goes")
    yield _one("requests[0].batches", [])
    yield _one("requests[0].batches[0].latest", -1)
    yield _one("requests[0].batches[1].latest", 1, why="before the earliest")
    yield _one("bookings[0].end", -2, why="ends as it begins")
    yield _one("bookings[0].end", -3, why="ends before it begins")
    yield _one("suites[0].open[0]", [5, 3])
    yield _one("suites[0].open[0]", [5])
    yield _one("suites[0].open[0]", [5, 6, 7])
    yield _one("suites[0].open", [0, 5], named="suites[0].open[0]")
    yield _one("requests[0].options[0].windows[0]", [6, 0])
    yield _one("policy.tiers", [])
    yield _one("policy.tiers[1]", {})
    yield _one("policy.tiers[0].profit", 1)
    yield _one("policy.tiers[0].placed_class_x", 1)


def _sums() -> Iterator[BadFile]:
    yield _one("requests[0].weight", BIG - 1, named="requests", why="weights add up beyond")
    yield _one("requests[0].options[0].cost", BIG - 1, named="requests", why="costs add up beyond")
    yield _one("policy.tiers[0].placed", BIG - 1, named="policy.tiers[0]", why="tier beyond")
    yield _one("policy.tiers[1].waiting", BIG // 2, named="policy.tiers[1]", why="tier below")
    yield _one("bookings[1].uses[0].amount", BIG - 1, named="resources[1]", why="uses add up beyond")
    yield _one("requests[0].options[0].uses[0].amount", BIG - 1, named="resources[0]", why="uses add up beyond")
    yield _one("bookings[0].places", BIG - 1, named="suites[0]", why="places add up beyond")
    yield _one("suites[0].changeover", BIG - 1, why="changeover ends beyond")
    yield _one("requests[0].options[0].uses[0].delay", BIG - 1, why="delay ends beyond")
    yield _one("requests[0].batches[1].after.min", BIG - 1, why="order ends beyond")
    far = changed(("horizon", 10**9), ("resources", []), ("requests[0].options", []), ("bookings[1].uses", []))
    yield BadFile("a thousand million ticks", as_bytes(far), ("$.horizon", "$.suites"))
    wide = changed(
        ("horizon", 900_000), ("resources", []), ("suites[0].open", [[0, 900_000]]), ("bookings[1].uses", [])
    )
    wide["requests"][0]["options"] = [{"suite": "S1", "duration": 1}]
    wide["requests"][0]["batches"] = [{"id": f"b{index}", "earliest": 0, "latest": 10**9} for index in range(20)]
    yield BadFile("eighteen million starts", as_bytes(wide), ("$.requests",))


def _text() -> Iterator[BadFile]:
    for path in ("facilities[0].id", "requests[1].id", "requests[0].batches[0].id", "previous[0].request"):
        yield _one(path, "", why="empty id")
        yield _one(path, "x" * 201, why="long id")
    yield _one("requests[0].group", "\ud800", why="half a surrogate pair")
    yield _one("facilities[0].id", "\udfff", why="half a surrogate pair")
    whole = as_bytes(FULL)
    yield BadFile("doubled key", whole.replace(b'"horizon": 10', b'"horizon": 10, "horizon": 10'), ("$.horizon",))
    doubled = whole.replace(b'"weight": 2', b'"weight": 2, "weight": 3')
    yield BadFile("doubled key inside", doubled, ("$.requests[0].weight",))
    yield BadFile(
        "doubled term", whole.replace(b'"placed": 1', b'"placed": 1, "placed": 1'), ("$.policy.tiers[0].placed",)
    )
    many = changed(*((f"requests[0].odd{number}", 1) for number in range(3000)))
    yield BadFile("three thousand faults", as_bytes(many), ("$", "$.requests[0].odd0", "$.requests[0].odd998"))
    both = changed(("horizon", 0), ("suites[0].facility", "nowhere"), ("policy.tiers[0].profit", 1))
    yield BadFile(
        "three faults at once", as_bytes(both), ("$.horizon", "$.suites[0].facility", "$.policy.tiers[0].profit")
    )
