"""The country outlines, drawn once and cached by the browser, so that no page carries them."""

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Header, Response

from api.web.drawing.outline import Outlines, outline_document

OUTLINES_ADDRESS = "/map/europe.svg"

router = APIRouter()


@cache
def outlines() -> tuple[bytes, str]:
    """Return the drawing and its entity tag."""
    document: Outlines = json.loads(files("seed_data").joinpath("europe.geojson").read_text(encoding="utf-8"))
    drawn = outline_document(document).encode()
    return drawn, f'"{sha256(drawn).hexdigest()[:32]}"'


@router.get(OUTLINES_ADDRESS)
def europe(if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """Serve the outlines, or say that the browser's copy still holds."""
    drawn, tag = outlines()
    headers = {"ETag": tag, "Cache-Control": "public, max-age=3600"}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    return Response(drawn, media_type="image/svg+xml", headers=headers)
