"""Photos over HTTP: one PUT with the bare bytes, and our own copies back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from litestar import Request, Response, get, put
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from city_api.context import Edge, bearer_token
from city_core.cases.photos import open_photo
from city_core.kit.problems import CityProblem
from city_core.media.store import receive_photo
from city_core.people.roles import Actor

_SILENCE_SECONDS = 30
_DEFAULT_SIZE = "large"


@put("/media/{media_id:str}", request_max_body_size=None)
async def put_photo(media_id: str, request: Request[Any, Any, Any], state: State) -> Response[Any]:
    """Take in one photo under the id that the phone made: 201 when it is new, 200 when it was here."""
    edge: Edge = state.edge
    actor = await _actor(edge, request)
    async with aclosing(_unbroken(request.stream())) as chunks:
        photo = await receive_photo(edge.city, actor, media_id, chunks, _content_length(request))
    body = {"mediaId": photo["_id"], "state": photo["state"], "sha256": photo["sha256"]}
    return Response(body, status_code=200 if photo["already_here"] else 201)


@get("/media/{media_id:str}")
async def get_photo(
    media_id: str, request: Request[Any, Any, Any], state: State, size: str = _DEFAULT_SIZE
) -> Response[Any]:
    """Give out a copy of a photo to whoever may see it."""
    edge: Edge = state.edge
    copy = await open_photo(edge.city, await _actor(edge, request), media_id, size)
    headers = {
        "etag": copy.etag,
        "cache-control": "private, max-age=86400",
        "x-content-type-options": "nosniff",
        "vary": "authorization",
    }
    if request.headers.get("if-none-match") == copy.etag:
        return Response(None, status_code=304, headers=headers)
    return Response(copy.data, media_type=copy.content_type, headers=headers)


async def _actor(edge: Edge, request: Request[Any, Any, Any]) -> Actor:
    return await edge.actor_of(bearer_token(request.headers.get("authorization", "")))


async def _unbroken(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Pass a body on piece by piece; one that breaks off, or falls silent, is an interrupted photo."""
    while True:
        try:
            async with asyncio.timeout(_SILENCE_SECONDS):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except (HTTPException, TimeoutError) as error:
            raise CityProblem("PHOTO_INTERRUPTED", field="photo") from error
        yield chunk


def _content_length(request: Request[Any, Any, Any]) -> int | None:
    given = request.headers.get("content-length", "")
    return int(given) if given.isdecimal() else None
