"""Bodies of uploads: read piece by piece, told as interrupted when they break off or fall silent."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from litestar import Request
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from city_api.pressure.patience import Patience
from city_core.kit.problems import CityProblem

SILENCE_SECONDS = 30
FILE_FIELD = "file"
_MOST_FIELDS = 20
_MOST_DIGITS = 15
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]{44}):")


async def body_of(
    request: Request[Any, Any, Any], patience: Patience | None = None
) -> AsyncGenerator[bytes, None]:
    """Pass the body of a request on as it comes; it breaks off with silence, or when this process stops.

    It breaks off, too, when `patience` sends it home.
    """
    of_process: Patience = request.app.state.bodies
    of_request = patience or of_process
    more = True
    while more:
        try:
            async with of_process.no_longer_than(SILENCE_SECONDS), of_request.no_longer_than(SILENCE_SECONDS):
                message: Any = await request.receive()
        except TimeoutError as error:
            raise CityProblem("PHOTO_INTERRUPTED", field="photo") from error
        if message["type"] == "http.disconnect":
            raise CityProblem("PHOTO_INTERRUPTED", field="photo")
        if message.get("body"):
            yield message["body"]
        more = message.get("more_body", False)


async def no_more_than(
    chunks: AsyncIterator[bytes], most_bytes: int, too_large: CityProblem
) -> AsyncGenerator[bytes, None]:
    """Pass a body on and refuse what goes on beyond its bounds, however long it said that it is."""
    taken = 0
    async for chunk in chunks:
        taken += len(chunk)
        if taken > most_bytes:
            raise too_large
        yield chunk


async def file_in(content_type: str, chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Pass on the bytes of the one file of a form; the other fields are passed over."""
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise CityProblem("REQUEST_INVALID", field="Content-Type", allowed="multipart/form-data")
    try:
        parser = PushMultipartParser(options["boundary"], max_segment_count=_MOST_FIELDS)
        files, in_file = 0, False
        with parser:
            async for chunk in chunks:
                for event in parser.parse(chunk):
                    if isinstance(event, MultipartSegment):
                        in_file = event.name == FILE_FIELD
                        files += in_file
                        _check_one(files)
                    elif event is not None and in_file:
                        yield bytes(event)
    except MultipartError as error:
        raise CityProblem("REQUEST_INVALID", field="body", allowed=f"a form with one {FILE_FIELD}") from error


def _check_one(files: int) -> None:
    if files > 1:
        raise CityProblem("REQUEST_INVALID", field=FILE_FIELD, allowed="one file a request")


def content_length_of(request: Request[Any, Any, Any]) -> int | None:
    """Tell how long a body says it is."""
    given = request.headers.get("content-length", "")
    return int(given) if given.isdecimal() and len(given) <= _MOST_DIGITS else None


def announced_sha256(request: Request[Any, Any, Any]) -> str | None:
    """Tell the SHA-256 that a phone gives: `Content-SHA256` in hex, or RFC 9530's `Content-Digest`."""
    given = request.headers.get("content-sha256")
    if given is not None:
        return checked_sha256(given, "Content-SHA256")
    digest = _DIGEST.search(request.headers.get("content-digest", ""))
    return base64_bytes(digest[1], "Content-Digest").hex() if digest else None


def checked_sha256(given: str, field: str) -> str:
    """Accept a SHA-256 in hex."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", given):
        raise CityProblem("REQUEST_INVALID", field=field, allowed="64 hex digits")
    return given.lower()


def base64_bytes(given: str, field: str) -> bytes:
    """Read base64."""
    try:
        return base64.b64decode(given, validate=True)
    except ValueError as error:
        raise CityProblem("REQUEST_INVALID", field=field, allowed="base64") from error
