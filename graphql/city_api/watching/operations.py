"""Watches GraphQL operations from inside: which it is, and on a connection of its own how it went."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any

import structlog
from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.extensions import SchemaExtension

from city_api.documents.manifests import TrustedDocument
from city_api.watching.requests import ANONYMOUS, count_operation, describe, note_refusals
from city_core.kit.clock import SystemClock
from city_core.kit.doing import Doing, begin, doing_now
from city_core.kit.traces import are_on, span

log = structlog.get_logger()
_CLOCK = SystemClock()


class WatchOperations(SchemaExtension):
    """Says which operation a request is; only trusted documents have names, so that they are few."""

    def on_operation(self) -> Iterator[None]:
        execution = self.execution_context
        query = execution.query
        name = query.operation if isinstance(query, TrustedDocument) else ANONYMOUS
        context = execution.context
        if context is None or context.connection_params is None:
            _note_operation(doing_now(), name)
            yield
            return
        yield from _over_a_connection(name, execution)


def _note_operation(what: Doing | None, name: str) -> None:
    if what is not None:
        what.operation = name
        what.words["operation"] = name


def _over_a_connection(name: str, execution: Any) -> Iterator[None]:
    """Watch an operation on a WebSocket connection, whose id it shares; it has a task of its own."""
    connection = doing_now()
    what = Doing(connection.request_id if connection is not None else None, _CLOCK.now())
    _note_operation(what, name)
    seat = execution.context.seat
    if seat is not None and seat.actor is not None:
        what.words["post"] = seat.actor.role.value
    begin(what)
    began = time.perf_counter()
    lasts = isinstance(execution.query, TrustedDocument) and execution.query.is_subscription
    # A subscription lasts for hours: what it reads is no part of a trace.
    with contextlib.nullcontext() if lasts else span(name, kind="SERVER") as one:
        try:
            yield
        finally:
            seconds = time.perf_counter() - began
            if not lasts:
                count_operation(name, what, seconds)
            note_refusals(what)
            log.info("operation", over="websocket", lasting=lasts, duration_ms=round(seconds * 1_000, 1))
            if one is not None:
                describe(one, what)


def trace_root_fields(schema: GraphQLSchema) -> None:
    """Give each field of the roots a span, where traces are made."""
    for root in (schema.query_type, schema.mutation_type):
        for name, field in (root.fields if isinstance(root, GraphQLObjectType) else {}).items():
            if field.resolve is not None:
                field.resolve = _traced(name, field.resolve)


def _traced(name: str, resolve: Any) -> Any:
    def resolved(source: Any, info: Any, **given: Any) -> Any:
        if not are_on():
            return resolve(source, info, **given)
        return _in_a_span(name, resolve, source, info, given)

    return resolved


async def _in_a_span(name: str, resolve: Any, source: Any, info: Any, given: dict[str, Any]) -> Any:
    with span(f"resolve {name}"):
        found = resolve(source, info, **given)
        return await found if hasattr(found, "__await__") else found
