"""Answers of the map: known again by what is in them, packed where that helps, kept by nobody else."""

from __future__ import annotations

import gzip
import hashlib
from typing import Any

from litestar import Request
from litestar.response.base import ASGIResponse

from city_api.media.ranges import is_known

PRIVATE = "private, no-cache"  # another person on the same machine sees something else
_WORTH_PACKING_BYTES = 1_000
_LEVEL = 6


def answer(
    request: Request[Any, Any, Any],
    body: bytes,
    media_type: str,
    *,
    vary: str = "accept-encoding, authorization",
    packed: bytes | None = None,
    **headers: str,
) -> ASGIResponse:
    """Answer with these bytes, packed if that is understood; 304 where they are known already.

    The ETag is strong: packed bytes have one of their own. `packed` are the same bytes packed before;
    the very same for what packing makes no smaller.
    """
    is_worth_it = packed is not body and len(body) > _WORTH_PACKING_BYTES
    packs = is_worth_it and "gzip" in request.headers.get("accept-encoding", "")
    digest = hashlib.sha256(body).hexdigest()[:32]
    etag = f'"{digest}-gz"' if packs else f'"{digest}"'
    told = {
        "etag": etag,
        "cache-control": PRIVATE,
        "vary": vary,
        "x-content-type-options": "nosniff",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    if is_known(request.headers.get("if-none-match"), etag):
        return ASGIResponse(status_code=304, headers=told)
    if packs:
        told["content-encoding"] = "gzip"
        body = packed or pack(body)
    return ASGIResponse(body=body, media_type=media_type, headers=told)


def nothing() -> ASGIResponse:
    """Answer that there is nothing to show here."""
    return ASGIResponse(status_code=204, headers={"cache-control": PRIVATE, "vary": "authorization"})


def pack(body: bytes) -> bytes:
    """Pack bytes, the same way every time: the ETag promises these very bytes."""
    return gzip.compress(body, _LEVEL, mtime=0)
