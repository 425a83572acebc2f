"""Codes in words a reader knows."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

MAKES: Mapping[str, str] = {
    "sCTMP": "cell therapies",
    "GTMP_exvivo": "gene-modified cells",
    "GTMP_invivo": "gene therapies given to the body",
    "TEP": "engineered tissues",
    "combined": "combined with a device",
    "viral_vector": "viral vectors",
    "plasmid": "plasmids",
    "unknown": "not known",
}


@cache
def countries() -> Mapping[str, str]:
    """Return the names of countries by ISO code."""
    text = files("seed_data").joinpath("vocabularies", "countries.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


def country(code: str) -> str:
    """Return the name of a country, or its code where the name is not known."""
    return countries().get(code, code)


def makes(classes: tuple[str, ...]) -> str:
    """Return product classes in words."""
    return ", ".join(MAKES.get(code, code) for code in classes) or MAKES["unknown"]
