"""A small server with everything open: the checks must find it all, else they would find nothing anywhere."""

from __future__ import annotations

import json
import traceback
from typing import Any
from urllib.parse import parse_qs

import strawberry
from graphql import MaxIntrospectionDepthRule, execute, parse, specified_rules, validate
from litestar import HttpMethod, Litestar, Request, Response, route

_RULES = [rule for rule in specified_rules if rule is not MaxIntrospectionDepthRule]
_PAGE = "<html><title>GraphiQL</title></html>"


@strawberry.type
class Query:
    @strawberry.field
    def me(self) -> str:
        return "me"

    @strawberry.field
    def case(self, id: str) -> str | None:
        """Give a foreign case, its owner's number with it, and fail on what should have been stopped."""
        if not id.isalnum():
            raise ValueError(f"cannot read {id!r} of 19905330000")
        return f"SECRET_CASE {id}"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def touch(self) -> bool:
        return True


_SCHEMA = strawberry.Schema(query=Query, mutation=Mutation)._schema


def open_app() -> Litestar:
    """Make the server."""
    return Litestar([_graphql], openapi_config=None)


@route("/graphql", http_method=[HttpMethod.GET, HttpMethod.POST])
async def _graphql(request: Request[Any, Any, Any]) -> Response[Any]:
    if request.method == "GET" and "query" not in request.query_params:
        return Response(_PAGE, media_type="text/html")
    try:
        given = await _asked(request)
        answer = [_answered(one) for one in given] if isinstance(given, list) else _answered(given)
        return Response(answer, status_code=200)
    except Exception:
        stack = {"message": "failed", "extensions": {"exception": {"stacktrace": traceback.format_exc()}}}
        return Response({"errors": [stack]}, status_code=500)


async def _asked(request: Request[Any, Any, Any]) -> Any:
    if request.method == "GET":
        return dict(request.query_params)
    body = (await request.body()).decode()
    if "urlencoded" in request.headers.get("content-type", ""):
        return {name: values[0] for name, values in parse_qs(body).items()}
    return json.loads(body)


def _answered(given: dict[str, Any]) -> dict[str, Any]:
    document = parse(given["query"])
    faults = validate(_SCHEMA, document, _RULES)
    if faults:
        return {"errors": [fault.formatted for fault in faults]}
    result: Any = execute(_SCHEMA, document, variable_values=given.get("variables"))
    errors = [error.formatted for error in result.errors or ()]
    return {"data": result.data, "errors": errors, "extensions": {"tracing": {"duration": 1}}}
