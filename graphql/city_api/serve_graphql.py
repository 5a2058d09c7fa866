"""GraphQL over HTTP, after the GraphQL-over-HTTP specification: what may be sent, and how it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from litestar import Request, Response
from litestar.exceptions import HTTPException
from strawberry.http.ides import get_graphql_ide_html
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType

from city_api.context import Context, Edge
from city_api.documents.trusted import TrustedDocuments
from city_api.guard.charge import READING
from city_api.guard.hostile import check_variables
from city_api.schema import CitySchema
from city_core.kit.problems import CityProblem

MOST_BODY_BYTES = 256 * 1024
_NEW_TYPE = "application/graphql-response+json"
_OLD_TYPE = "application/json"
_ALLOWED = {"GET": {OperationType.QUERY}, "POST": {OperationType.QUERY, OperationType.MUTATION}}


@dataclass(frozen=True)
class Asked:
    """One GraphQL request as it was sent."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


class BadRequest(Exception):
    """The request is not GraphQL; said with an HTTP status."""

    def __init__(self, reason: str, status: int = 400) -> None:
        self.status = status
        super().__init__(reason)


async def answer_graphql(request: Request[Any, Any, Any], edge: Edge, schema: CitySchema) -> Response[Any]:
    """Answer one query or command."""
    media_type = _NEW_TYPE if _NEW_TYPE in request.headers.get("accept", "") else _OLD_TYPE
    if _wants_graphiql(request, edge):
        return Response(get_graphql_ide_html(graphql_ide="graphiql"), media_type="text/html")
    try:
        asked = await _asked(request, edge.documents)
        result = await schema.execute(
            asked.query,
            variable_values=asked.variables,
            operation_name=asked.operation_name,
            context_value=Context(edge, request.headers, edge.proxies.address_of(request)),
            allowed_operation_types=_ALLOWED[str(request.method)],
        )
    except CannotGetOperationTypeError as error:
        return _refused(error.as_http_error_reason(), 400, media_type)
    except InvalidOperationTypeError as error:
        return _refused(error.as_http_error_reason(str(request.method)), 405, media_type)
    except BadRequest as error:
        return await _bad_request(error, request, edge, media_type)
    status = 400 if media_type == _NEW_TYPE and isinstance(result, PreExecutionError) else 200
    wait = _seconds_to_wait(result)
    if wait is not None:
        return _answer(_body(result), 429, media_type, {"retry-after": str(wait)})
    return _answer(_body(result), status, media_type)


async def _bad_request(
    error: BadRequest, request: Request[Any, Any, Any], edge: Edge, media_type: str
) -> Response[Any]:
    # What is no operation has no price; it is paid for all the same.
    person_id = edge.tills.person_of(request.headers.get("authorization", ""))
    await edge.tills.charge(READING, person_id=person_id, address=edge.proxies.address_of(request))
    return _refused(str(error), error.status, media_type)


def _seconds_to_wait(result: ExecutionResult) -> int | None:
    """Tell whoever asked too often when to come again."""
    if not isinstance(result, PreExecutionError) or not result.errors:
        return None
    extensions = result.errors[0].extensions or {}
    return extensions.get("retryAfterSeconds") if extensions.get("code") == "TOO_MANY_REQUESTS" else None


def _body(result: ExecutionResult) -> dict[str, Any]:
    body: dict[str, Any] = {} if isinstance(result, PreExecutionError) else {"data": result.data}
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    return body


def _refused(reason: str, status: int, media_type: str) -> Response[Any]:
    error = {"message": reason, "extensions": {"code": "REQUEST_INVALID"}}
    return _answer({"errors": [error]}, status, media_type)


def _answer(
    body: dict[str, Any], status: int, media_type: str, more: dict[str, str] | None = None
) -> Response[Any]:
    headers = {"cache-control": "private, no-store", "x-content-type-options": "nosniff", **(more or {})}
    media_type = f"{media_type}; charset=utf-8"
    return Response(orjson.dumps(body), status_code=status, media_type=media_type, headers=headers)


def _wants_graphiql(request: Request[Any, Any, Any], edge: Edge) -> bool:
    return (
        edge.city.settings.environment == "development"
        and request.method == "GET"
        and not request.query_params
        and "text/html" in request.headers.get("accept", "")
    )


async def _asked(request: Request[Any, Any, Any], documents: TrustedDocuments) -> Asked:
    given = _in_address(request) if request.method == "GET" else await _json_body(request)
    variables, name = given.get("variables"), given.get("operationName")
    if not isinstance(given.get("extensions"), dict | None):
        raise BadRequest("`extensions` must be an object.")
    query = documents.asked(given)
    if not isinstance(query, str) or not query.strip():
        raise BadRequest("`query` must be a GraphQL document, or `documentId` the hash of a trusted one.")
    if not isinstance(variables, dict | None):
        raise BadRequest("`variables` must be an object.")
    if not isinstance(name, str | None):
        raise BadRequest("`operationName` must be a text.")
    _check_harmless(variables)
    return Asked(query, variables, name)


def _check_harmless(variables: dict[str, Any] | None) -> None:
    try:
        check_variables(variables)
    except CityProblem as problem:
        raise BadRequest(f"`variables` may hold {problem.allowed}.") from problem


def _in_address(request: Request[Any, Any, Any]) -> dict[str, Any]:
    given = dict(request.query_params)
    decoded = {name: _json(given.get(name) or "null") for name in ("variables", "extensions")}
    return {**given, "operationName": given.get("operationName") or None, **decoded}


async def _json_body(request: Request[Any, Any, Any]) -> dict[str, Any]:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise BadRequest("Send the request as application/json.", 415)
    try:
        body = _json(await request.body())
    except HTTPException as error:
        raise BadRequest(f"The request may have {MOST_BODY_BYTES:,} bytes.", error.status_code) from error
    if not isinstance(body, dict):
        raise BadRequest("The request must be one JSON object; batches are not taken.")
    return body


def _json(text: str | bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest("The request is not well-formed JSON.") from error
