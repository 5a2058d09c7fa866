"""The ways to the bytes of a photo: with a sign-in, with a link, and with the link of a reading."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import HttpMethod, Request, route
from litestar.datastructures import State
from litestar.response.base import ASGIResponse

from city_api.context import Edge, bearer_token
from city_api.media.serving import Asked, Manner, give_out
from city_core.cases.originals.open_original import find_original, note_opening, reading_of_link
from city_core.cases.photos import find_photo
from city_core.kit.ids import checked_client_id
from city_core.kit.problems import CityProblem
from city_core.media.links import ORIGINAL, read_link
from city_core.people.roles import Actor

_DEFAULT_SIZE = "large"
_KEPT_SECONDS = 600  # somebody who may not see a photo any more has it no longer than a link would last
_READ = [HttpMethod.GET, HttpMethod.HEAD]


@route("/media/{media_id:str}", http_method=_READ)
async def get_photo(
    media_id: str, request: Request[Any, Any, Any], state: State, size: str = _DEFAULT_SIZE
) -> ASGIResponse:
    """Give out the copy of a photo that whoever is signed in gets to see."""
    edge: Edge = state.edge
    actor = await edge.actor_of(bearer_token(request.headers.get("authorization", "")))
    file = await find_photo(edge.city, actor, media_id, size)
    return await give_out(edge.city, file, _asked(request), _copy(file.photo_id, size, "authorization"))


@route("/media/{media_id:str}/{size:str}", http_method=_READ)
async def get_linked_photo(
    media_id: str, size: str, request: Request[Any, Any, Any], state: State, link: str = ""
) -> ASGIResponse:
    """Give out what a link leads to, if whoever it was made for may still see it."""
    edge: Edge = state.edge
    photo_id = checked_client_id(media_id, "mediaId")
    if size == ORIGINAL:
        return await _original(edge, photo_id, link, _asked(request))
    actor = await _signed_in(edge, read_link(edge.city, photo_id, size, link))
    file = await find_photo(edge.city, actor, photo_id, size)
    return await give_out(edge.city, file, _asked(request), _copy(photo_id, size))


async def _original(edge: Edge, photo_id: str, link: str, asked: Asked) -> ASGIResponse:
    reading = await reading_of_link(edge.city, photo_id, link)
    actor = await _signed_in(edge, reading["session_id"])
    file = await find_original(edge.city, actor, reading)
    manner = Manner(
        content_type="application/octet-stream",
        disposition=f'attachment; filename="{photo_id}.original"',
        cache_control="no-store",
        before_bytes=partial(note_opening, edge.city, reading),
    )
    return await give_out(edge.city, file, asked, manner)


async def _signed_in(edge: Edge, session_id: str) -> Actor:
    try:
        return await edge.actor_in_session(session_id)
    except CityProblem as problem:
        if problem.code != "SIGN_IN_REQUIRED":
            raise
        raise CityProblem("PHOTO_UNKNOWN") from problem  # a link does not tell whether a sign-in stands


def _copy(photo_id: str, size: str, vary: str | None = None) -> Manner:
    return Manner(
        content_type="image/jpeg",
        disposition=f'inline; filename="{photo_id}-{size}.jpg"',
        cache_control=f"private, max-age={_KEPT_SECONDS}",
        vary=vary,
    )


def _asked(request: Request[Any, Any, Any]) -> Asked:
    return Asked(
        is_head=request.method == "HEAD",
        if_none_match=request.headers.get("if-none-match"),
        range=request.headers.get("range"),
        if_range=request.headers.get("if-range"),
    )
