"""Photos come in over HTTP: one PUT with the bare bytes, or one POST with a form."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

from litestar import Request, Response, post, put
from litestar.datastructures import State

from city_api.context import Edge
from city_api.media.bodies import announced_sha256, body_of, content_length_of, file_in, no_more_than
from city_api.media.senders import permit_of
from city_core.kit.ids import checked_client_id
from city_core.kit.problems import CityProblem
from city_core.media.store import receive_photo

_FORM_BYTES = 16_000  # what a form may add to its file
Reading = Callable[[AsyncIterator[bytes]], AsyncGenerator[bytes, None]]


@put("/media/{media_id:str}", request_max_body_size=None)
async def put_photo(media_id: str, request: Request[Any, Any, Any], state: State) -> Response[Any]:
    """Take in one photo under the id that the phone made: 201 when it is new, 200 when it was here."""
    return await _take_in(media_id, request, state.edge, content_length_of(request))


@post("/media/{media_id:str}", request_max_body_size=None)
async def post_photo(media_id: str, request: Request[Any, Any, Any], state: State) -> Response[Any]:
    """Take in the one file of a form, for phones that can send nothing else."""
    edge: Edge = state.edge
    most = edge.city.settings.upload_limit_bytes
    too_large = CityProblem("PHOTO_TOO_LARGE", field="photo", allowed=f"at most {most:,} bytes")
    if (content_length_of(request) or 0) > most + _FORM_BYTES:
        raise too_large

    def read(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        bounded = no_more_than(chunks, most + _FORM_BYTES, too_large)
        return file_in(request.headers.get("content-type", ""), bounded)

    return await _take_in(media_id, request, edge, None, read)


async def _take_in(
    media_id: str,
    request: Request[Any, Any, Any],
    edge: Edge,
    length_bytes: int | None,
    read: Reading | None = None,
) -> Response[Any]:
    permit = await permit_of(edge, request)
    sha256 = announced_sha256(request)
    permit.check(checked_client_id(media_id, "mediaId"), length_bytes, sha256)
    sha256, size_bytes = sha256 or permit.sha256, length_bytes or permit.size_bytes
    async with aclosing(body_of(request)) as body, aclosing(read(body) if read else body) as chunks:
        photo = await receive_photo(edge.city, permit.actor, media_id, chunks, size_bytes, sha256)
    answer = {"mediaId": photo["_id"], "state": photo["state"], "sha256": photo["sha256"]}
    return Response(answer, status_code=200 if photo["already_here"] else 201)
