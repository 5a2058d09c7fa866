"""Who sends a photo: somebody signed in, or the holder of an upload token."""

from __future__ import annotations

from typing import Any

from litestar import Request

from city_api.context import Edge, bearer_token
from city_core.media.upload_tokens import UploadPermit, read_upload_token


async def permit_of(edge: Edge, request: Request[Any, Any, Any]) -> UploadPermit:
    """Find out who sends, and which photo they may send."""
    authorization = request.headers.get("authorization", "")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() == "upload" and token.strip():
        return await read_upload_token(edge.city, token.strip())
    return UploadPermit(await edge.actor_of(bearer_token(authorization)))
