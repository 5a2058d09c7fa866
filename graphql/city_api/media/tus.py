"""Photos in pieces over HTTP: tus 1.0.0 at `/uploads`, for links that break."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from litestar import Request, asgi
from litestar.response.base import ASGIResponse
from litestar.serialization import encode_json
from litestar.types import Receive, Scope, Send

from city_api.client_policy.enforce import refuse_old_apps
from city_api.context import Edge
from city_api.media.bodies import body_of, content_length_of
from city_api.media.senders import permit_of
from city_api.media.turns import Turns
from city_api.media.tus_headers import (
    VERSION,
    capabilities,
    checksum_in,
    is_piece,
    number_in,
    plan_in,
    progress,
)
from city_api.policy.routes import ANY_METHOD, check_post
from city_api.problems import problem_body, retry_headers
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.begin_upload import begin_upload
from city_core.media.continue_upload import continue_upload
from city_core.media.end_upload import end_upload
from city_core.media.finish_upload import finish_upload
from city_core.media.upload_tokens import UploadPermit
from city_core.media.uploads import find_upload

Asked = Request[Any, Any, Any]
Answer = tuple[int, dict[str, str]]
Step = Callable[[Edge, Asked, UploadPermit], Awaitable[Answer]]


@asgi("/uploads", is_mount=True, copy_scope=True)
async def uploads(scope: Scope, receive: Receive, send: Send) -> None:
    """Begin an upload at `/uploads`; go on with it, look how far it is, or give it up at `/uploads/{id}`."""
    # One bare handler: HEAD must answer with headers, and a method may be meant that was not sent.
    upload_id = scope["path"].strip("/")
    await _serve(scope, receive, send, _ONE if upload_id else _ALL)


async def _serve(scope: Scope, receive: Receive, send: Send, steps: Mapping[str, Step]) -> None:
    request: Asked = Request(scope, receive=receive, send=send)  # type: ignore[arg-type]
    edge: Edge = request.app.state.edge
    body = b""
    try:
        status, headers = await _answer(edge, request, steps)
    except CityProblem as problem:
        status, headers = problem.kind.http_status, retry_headers(problem)
        body = encode_json(problem_body(problem))
        headers |= capabilities(edge.city.settings.upload_limit_bytes) if status == 412 else {}
    headers |= {"tus-resumable": VERSION, "cache-control": "no-store", "x-content-type-options": "nosniff"}
    answer = ASGIResponse(
        body=b"" if request.method == "HEAD" else body,
        status_code=status,
        headers=headers,
        media_type="application/json",
        is_head_response=request.method == "HEAD",
    )
    await answer(scope, receive, send)


async def _answer(edge: Edge, request: Asked, steps: Mapping[str, Step]) -> Answer:
    method: str = request.method
    if method == "POST":  # for phones that know no PATCH
        method = request.headers.get("x-http-method-override", "POST").upper()
    if method == "OPTIONS":
        return 204, capabilities(edge.city.settings.upload_limit_bytes)
    await refuse_old_apps(request)  # which comes before routes, but not before a bare handler
    if request.headers.get("tus-resumable") != VERSION:
        raise CityProblem("TUS_VERSION_WRONG", field="Tus-Resumable", allowed=VERSION)
    if method not in steps:
        raise CityProblem("METHOD_UNKNOWN", allowed=", ".join(["OPTIONS", *steps]))
    permit = await permit_of(edge, request)
    if permit.media_id is None:  # a sign-in: the guard of routes leaves a bare handler to itself
        check_post("/uploads", ANY_METHOD, permit.actor)
    return await steps[method](edge, request, permit)


async def _begin(edge: Edge, request: Asked, permit: UploadPermit) -> Answer:
    plan = plan_in(request)
    permit.check(checked_client_id(plan.media_id, "mediaId"), plan.length_bytes, plan.sha256)
    plan = replace(plan, sha256=plan.sha256 or permit.sha256)
    row = await begin_upload(edge.city, permit.actor, plan)
    row = await _after_the_others(edge, request, permit, row)
    if is_piece(request) and row["offset_bytes"] == 0:
        row = await _add(edge, request, permit, row["_id"], 0)
    elif row["offset_bytes"] == row["length_bytes"]:  # whose process was killed before it was a photo
        row = await finish_upload(edge.city, row)
    return 201, {"location": f"/uploads/{row['_id']}", **progress(row)}


async def _continue(edge: Edge, request: Asked, permit: UploadPermit) -> Answer:
    if not is_piece(request):
        raise CityProblem("UPLOAD_TYPE_WRONG", field="Content-Type")
    row = await _add(edge, request, permit, _id_in(request, permit), number_in(request, "Upload-Offset"))
    return 204, progress(row)


async def _add(edge: Edge, request: Asked, permit: UploadPermit, upload_id: str, offset_bytes: int) -> Row:
    turns: Turns = request.app.state.turns
    with turns.sending(upload_id) as sending:
        async with aclosing(body_of(request, sending.patience)) as chunks:
            return await continue_upload(
                edge.city,
                permit.actor,
                upload_id,
                offset_bytes,
                chunks,
                content_length=content_length_of(request),
                checksum=checksum_in(request),
            )


async def _look(edge: Edge, request: Asked, permit: UploadPermit) -> Answer:
    row = await find_upload(edge.city, permit.actor, _id_in(request, permit))
    row = await _after_the_others(edge, request, permit, row)
    if row["offset_bytes"] == row["length_bytes"]:
        row = await finish_upload(edge.city, row)
    described = {"upload-metadata": row["metadata"]} if row["metadata"] else {}
    return 200, {"upload-length": str(row["length_bytes"]), **described, **progress(row)}


async def _after_the_others(edge: Edge, request: Asked, permit: UploadPermit, row: Row) -> Row:
    turns: Turns = request.app.state.turns
    waited = await turns.end(row["_id"])
    return await find_upload(edge.city, permit.actor, row["_id"]) if waited else row


async def _end(edge: Edge, request: Asked, permit: UploadPermit) -> Answer:
    await end_upload(edge.city, permit.actor, _id_in(request, permit))
    return 204, {}


def _id_in(request: Asked, permit: UploadPermit) -> str:
    upload_id = checked_client_id(request.scope["path"].strip("/"), "mediaId")
    permit.check(upload_id)
    return upload_id


_ALL: Mapping[str, Step] = {"POST": _begin}
_ONE: Mapping[str, Step] = {"HEAD": _look, "PATCH": _continue, "DELETE": _end}
