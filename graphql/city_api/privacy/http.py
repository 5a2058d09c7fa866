"""The copy of one's own data over HTTP."""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.datastructures import State
from litestar.response import Stream

from city_api.context import Edge, bearer_token
from city_api.media.serving import TAME
from city_core.kit.ids import checked_client_id
from city_core.privacy.copies import open_copy

_HEADERS = {
    **TAME,
    "cache-control": "private, no-store",
    "vary": "authorization",
    "content-disposition": 'attachment; filename="my-data.zip"',
}


@get("/my-data/{request_id:str}")
async def get_my_data(request_id: str, request: Request[Any, Any, Any], state: State) -> Stream:
    """Give a copy of somebody's own data to themselves, and to nobody else."""
    edge: Edge = state.edge
    actor = await edge.actor_of(bearer_token(request.headers.get("authorization", "")))
    pieces = await open_copy(edge.city, actor, checked_client_id(request_id.removesuffix(".zip"), "id"))
    return Stream(pieces, media_type="application/zip", headers=_HEADERS)
