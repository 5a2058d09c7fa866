"""The glimpse of a similar case over HTTP."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State

from city_api.context import Edge, bearer_token
from city_api.media.serving import TAME
from city_core.cases.duplicates.glimpse import glimpse
from city_core.people.tokens import actor_of


@get("/similar/{token:str}")
async def get_glimpse(token: str, request: Request[Any, Any, Any], state: State) -> Response[Any]:
    """Give the holder of a token of `possibleDuplicates` a glimpse of that case's first photo."""
    edge: Edge = state.edge
    actor = await actor_of(edge.city, bearer_token(request.headers.get("authorization", "")))
    copy = await glimpse(edge.city, actor, token)
    headers = {**TAME, "cache-control": "private, no-store", "vary": "authorization"}
    return Response(copy.data, media_type=copy.content_type, headers=headers)
