"""The checks of graphql-cop, written anew: what a scanner tries on any GraphQL server that it meets.

Each sends what the scanner sends and tells what it found, or nothing. They know nothing of this city, so that
they can be tried on a server where everything is open (`open_app.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

_MANY, _BATCH, _DIRECTIVES, _REPEATS = 101, 10, 10, 500
_PAGES = ("/graphiql", "/playground", "/console", "/altair", "/v1/graphql", "/")
_OF_PAGES = ("graphiql", "graphql-playground", "graphql playground", "altair", "apollo sandbox", "voyager")
_CIRCLE = "type { fields { type { fields { type { fields { type { name } } } } } } }"
_TRACES = ("exception", "stacktrace", "traceback", 'file "', "debugmessage")


@dataclass(frozen=True)
class Target:
    """A GraphQL server, and as whom it is asked."""

    http: httpx.AsyncClient
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = "/graphql"

    async def post(self, query: str, **headers: str) -> httpx.Response:
        return await self.post_json({"query": query}, **headers)

    async def post_json(self, body: Any, **headers: str) -> httpx.Response:
        return await self.http.post(self.path, json=body, headers={**self.headers, **headers})

    async def get(self, path: str | None = None, **parameters: str) -> httpx.Response:
        given = parameters or None
        headers = {**self.headers, "accept": "text/html, application/json"}
        return await self.http.get(path or self.path, params=given, headers=headers)


Check = Callable[[Target], Awaitable[str | None]]


def _body(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _data(answer: httpx.Response) -> Mapping[str, Any]:
    body = _body(answer)
    data = body.get("data") if isinstance(body, dict) else None
    return data if isinstance(data, dict) else {}


def _errors(answer: httpx.Response) -> list[Any]:
    body = _body(answer)
    errors = body.get("errors") if isinstance(body, dict) else None
    return errors if isinstance(errors, list) else []


async def alias_overloading(target: Target) -> str | None:
    """101 aliases of one field in one document."""
    aliases = " ".join(f"alias{number}: __typename" for number in range(_MANY))
    answer = await target.post(f"query cop {{ {aliases} }}")
    return f"{_MANY} aliases were answered" if f"alias{_MANY - 1}" in _data(answer) else None


async def array_batching(target: Target) -> str | None:
    """Ten documents in one request."""
    answer = await target.post_json([{"query": "query cop { __typename }"}] * _BATCH)
    body = _body(answer)
    is_batch = isinstance(body, list) and len(body) >= _BATCH
    return f"{_BATCH} documents of one request were answered" if is_batch else None


async def directive_overloading(target: Target) -> str | None:
    """Ten directives that do not exist: a server that judges them one by one tells ten faults."""
    answer = await target.post(f"query cop {{ __typename {'@aa' * _DIRECTIVES} }}")
    many = len(_errors(answer)) >= _DIRECTIVES or "__typename" in _data(answer)
    return f"{_DIRECTIVES} directives were judged one by one" if many else None


async def circular_introspection(target: Target) -> str | None:
    """Types of fields of types of fields: few words with a very long answer."""
    answer = await target.post(f"query cop {{ __schema {{ types {{ fields {{ {_CIRCLE} }} }} }} }}")
    return "the schema was told in circles" if _data(answer).get("__schema") else None


async def field_duplication(target: Target) -> str | None:
    """One field 500 times."""
    answer = await target.post(f"query cop {{ {'__typename ' * _REPEATS} }}")
    return f"{_REPEATS} times one field was answered" if "__typename" in _data(answer) else None


async def field_suggestions(target: Target) -> str | None:
    """A name that is nearly one of the schema."""
    for query in ("query cop { __schema { directive } }", "query cop { __typenam }", "{ mee { idd } m }"):
        if "did you mean" in (await target.post(query)).text.lower():
            return f"the schema is guessed by its suggestions: {query}"
    return None


async def developer_page(target: Target) -> str | None:
    """A page on which anybody may write queries."""
    for path in (target.path, *_PAGES):
        text = (await target.get(path)).text.lower()
        if any(word in text for word in _OF_PAGES):
            return f"a developer's page at {path}"
    return None


async def introspection(target: Target) -> str | None:
    """The whole schema for whoever asks."""
    answer = await target.post("query cop { __schema { types { name fields { name } } } }")
    return "the schema is told" if _data(answer).get("__schema") else None


async def query_by_get(target: Target) -> str | None:
    """A text of one's own in the address, which any page can have a browser ask for."""
    answer = await target.get(query="query cop { __typename }")
    return "a text in the address was answered" if "__typename" in _data(answer) else None


async def command_by_get(target: Target) -> str | None:
    """A command in the address."""
    answer = await target.get(query="mutation cop { __typename }")
    return "a command in the address was carried out" if "__typename" in _data(answer) else None


async def form_by_post(target: Target) -> str | None:
    """A form, which any page can have a browser send."""
    answer = await target.http.post(
        target.path, data={"query": "query cop { __typename }"}, headers=dict(target.headers)
    )
    return "a form was answered" if "__typename" in _data(answer) else None


async def tracing(target: Target) -> str | None:
    """How long which field took, and other words for developers."""
    answer = await target.post("query cop { __typename }", **{"x-apollo-tracing": "1"})
    body = _body(answer)
    extensions = body.get("extensions") if isinstance(body, dict) else None
    found = isinstance(extensions, dict) and {"tracing", "debug", "profiling"} & set(extensions)
    return f"extensions for developers: {sorted(found)}" if found else None


async def unhandled_errors(target: Target) -> str | None:
    """What is no GraphQL at all: told as a failure of the program where nobody handles it."""
    bodies = ({"query": "qwerty cop { abc }"}, {"query": 7}, {"query": "{", "variables": 1}, 7)
    for answer in [await target.post_json(body) for body in bodies]:
        said = answer.text.lower()
        if answer.status_code >= 500 or any(word in said for word in _TRACES):
            return f"an error that nobody handled: {answer.status_code} {answer.text[:120]}"
    return None


CHECKS: Mapping[str, Check] = {
    "alias overloading": alias_overloading,
    "array batching": array_batching,
    "directive overloading": directive_overloading,
    "circular introspection": circular_introspection,
    "field duplication": field_duplication,
    "field suggestions": field_suggestions,
    "developer's page": developer_page,
    "introspection": introspection,
    "query by GET": query_by_get,
    "command by GET": command_by_get,
    "form by POST": form_by_post,
    "tracing": tracing,
    "unhandled errors": unhandled_errors,
}
