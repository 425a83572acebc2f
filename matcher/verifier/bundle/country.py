"""V09: the product may reach the countries where patients are treated, and national law binds it to one of them."""

from matcher.verifier.bundle.case import Case, Wrong

UNION = set(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905 - thirty codes read better in one line
)
"""The European Union with Iceland, Liechtenstein and Norway: one market for medicinal products."""

AGREED = {"CH", "GB"}
"""Countries with which the published table says on what conditions product crosses, by trial and by market law."""


def check_country(case: Case) -> Wrong:
    """Yield borders nothing is published about, and what the hospital exemption does not allow."""
    here, request = case.site["country"], case.request
    treating = sorted({place["country"] for place in request["treating"]})
    if case.stage not in ("qc_only", "starting_material"):
        closed = [there for there in treating if not _open(here, there, request["pathway"])]
        if closed:
            yield "V09 import", "no source says that the product may cross", f"{here} to {closed}", "a known border"
    if request["pathway"] == "hospital_exemption":
        if here not in treating:
            yield "V09 country", "no treating hospital in the Member State", str(treating), here
        if case.pair is None or not case.pair["hospital_exemption"]:
            yield "V09 exemption", "no approval of this product at this site", "none", "the pair's own approval"


def _open(here: str, there: str, pathway: str) -> bool:
    """Whether product made here may be used there: in one market, or across a border that a source describes."""
    if here == there or {here, there} <= UNION:
        return True
    if pathway not in ("trial", "market"):
        return False
    return (there in UNION and here in AGREED) or (here in UNION and there in AGREED)
