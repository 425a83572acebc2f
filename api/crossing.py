"""A change by login cookie must come from our own pages: Fetch Metadata, else Origin (OWASP CSRF prevention)."""

from urllib.parse import urlsplit

from fastapi import Request

from api.problems import ApiError


def check_same_site(request: Request) -> None:
    """Refuse (403) a change that another site, or nobody we can name, has sent with the visitor's cookie."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        allowed = site == "same-origin"
    else:
        origin = request.headers.get("origin", "")
        allowed = origin != "" and urlsplit(origin).netloc == request.headers.get("host")
    if not allowed:
        raise ApiError(
            "cross-site",
            "A change with the cookie of a login must carry Sec-Fetch-Site: same-origin, or Origin with the address"
            " of this service, as browsers send it. Programs use a key instead: POST /tokens with that header, then"
            " Authorization: Bearer KEY.",
        )
