"""Photos given out over HTTP: whole or in part, with headers that keep them tame."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from litestar.response.base import ASGIResponse

from city_api.media.ranges import NoSuchRange, is_known, range_in
from city_core.kit.city import City
from city_core.media.serve import GivenFile

# Bytes that people sent, or that were made of them: nothing in them may ever run, be guessed to be something
# else, be drawn into another site's page, or carry a link to its photo along.
TAME = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-site",
    "referrer-policy": "no-referrer",
}


async def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Asked:
    """What the request for a file says beside its address."""

    is_head: bool
    if_none_match: str | None
    range: str | None
    if_range: str | None


@dataclass(frozen=True)
class Manner:
    """How a file is given out: as what, under which name, for how long a phone may keep it.

    `before_bytes` is done before any of them are read.
    """

    content_type: str
    disposition: str
    cache_control: str
    vary: str | None = None
    before_bytes: Callable[[], Awaitable[None]] = field(default=_nothing)


async def give_out(city: City, file: GivenFile, asked: Asked, manner: Manner) -> ASGIResponse:
    """Answer with a file, the part of it that was asked for, or that it has not changed."""
    headers = {
        **TAME,
        "etag": file.etag,
        "cache-control": manner.cache_control,
        "accept-ranges": "bytes",
        **({"vary": manner.vary} if manner.vary else {}),
    }
    if is_known(asked.if_none_match, file.etag):
        return ASGIResponse(status_code=304, headers=headers)
    length = await file.length(city)
    headers |= {"content-disposition": manner.disposition}
    try:  # a range is asked of GET only
        wanted = None if asked.is_head else range_in(asked.range, asked.if_range, file.etag, length)
    except NoSuchRange:
        headers |= {"content-range": f"bytes */{length}", "cache-control": "no-store"}
        return ASGIResponse(status_code=416, headers=headers, media_type=manner.content_type)
    if asked.is_head:
        headers |= {"content-length": str(length), "content-type": manner.content_type}
        return ASGIResponse(headers=headers, is_head_response=True)
    await manner.before_bytes()
    if wanted is None:
        return ASGIResponse(body=await file.whole(city), headers=headers, media_type=manner.content_type)
    headers |= {"content-range": f"bytes {wanted.start}-{wanted.stop - 1}/{length}"}
    data = await file.part(city, wanted.start, len(wanted))
    return ASGIResponse(body=data, status_code=206, headers=headers, media_type=manner.content_type)
