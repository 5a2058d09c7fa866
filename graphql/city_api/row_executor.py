"""Executes selections on rows: plain values are shown at once, everything else goes the ordinary way.

A page of cases is some hundreds of plain values, and graphql-core spends most of a request on walking each of
them through arguments, resolver info and awaiting that they do not have.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLID,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    is_leaf_type,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from city_api.rows import Reads, reads_of
from city_core.kit.mongo import within
from city_core.kit.problems import CityProblem

_KEY = "plain"
_ORDINARY = object()
Show = Callable[[Any, Any], Any]


def find_plain_fields(schema: GraphQLSchema) -> None:
    """Note on every type which of its fields are plain values, and how each is shown."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            found = {name: _plain(field) for name, field in type_.fields.items()}
            type_.extensions[_KEY] = {name: show for name, show in found.items() if show is not None}


def no_plain_field(type_: Any, name: str) -> None:
    """Have a field always go the ordinary way, as somebody may not see it."""
    type_.extensions[_KEY].pop(name, None)


def _plain(field: GraphQLField) -> Show | None:
    reads = reads_of(field)
    required = isinstance(field.type, GraphQLNonNull)
    type_: Any = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    if reads is None or reads.later or field.args or not is_leaf_type(type_):
        return None
    return _shower(reads, _coercion(type_), _ORDINARY if required else None)


def _coercion(type_: Any) -> Callable[[Any], Any]:
    if isinstance(type_, GraphQLEnumType):
        names: Mapping[Any, str] = {value.value: name for name, value in type_.values.items()}
        return lambda value: names.get(value, _ORDINARY)
    coerce: Callable[[Any], Any] = type_.coerce_output_value
    if type_ in (GraphQLString, GraphQLID):
        return lambda value: value if type(value) is str else coerce(value)
    return coerce


def _shower(reads: Reads, coerce: Callable[[Any], Any], nothing: Any) -> Show:
    def show(row: Any, context: Any) -> Any:
        # Whatever goes wrong here is done again the ordinary way, which tells the error where it belongs.
        try:
            value = reads.show(row, context)
            return nothing if value is None else coerce(value)
        except Exception:
            return _ORDINARY

    return show


class RowExecutor(StrawberryGraphQLCoreExecutionContext):
    """Shows the plain values of a row itself and leaves the rest to graphql-core."""

    def execute_operation(self, serially: bool | None = None) -> Any:
        """Carry out a query, a command, or what one event of a subscription leads to: for so long at most."""
        done: Any = super().execute_operation(serially)
        context = self.context_value
        if not self.is_awaitable(done) or context is None:
            return done
        return _in_time(done, context.city.settings.operation_seconds)

    def build_per_event_executor(self, payload: Any) -> Any:
        """Make what executes one event of a subscription, with a memory of its own.

        graphql-core 3.3.2 has all events of a subscription remember what they selected in one table, by the
        identity of lists that each makes anew: who listens for a day would leave every event of it behind.
        """
        executor = super().build_per_event_executor(payload)
        executor._relevant_sub_fields = {}
        return executor

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        plain = parent_type.extensions.get(_KEY, {})
        shown: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, details in grouped_field_set.items():
            show = plain.get(details[0].node.name.value)
            shown[name] = _ORDINARY if show is None else show(source_value, self.context_value)
            if shown[name] is _ORDINARY:
                others[name] = details
        if not others:
            return shown
        rest: Any = super().execute_fields(parent_type, source_value, path, others, position_context)
        return _both_later(shown, rest) if self.is_awaitable(rest) else _both(shown, rest)


async def _in_time(operation: Awaitable[Any], seconds: float) -> Any:
    # MongoDB is told as well: what nobody waits for any more would go on there.
    try:
        async with asyncio.timeout(seconds):
            with within(seconds):
                return await operation
    except TimeoutError:
        problem = CityProblem("OPERATION_TOO_LONG", allowed=f"{seconds:g} s")
        return ExecutionResult(None, [GraphQLError(problem.code, original_error=problem)])


def _both(shown: dict[str, Any], rest: Mapping[str, Any]) -> dict[str, Any]:
    # `shown` holds every name in the order that was asked for; those of `rest` only take their places.
    shown.update(rest)
    return shown


async def _both_later(shown: dict[str, Any], rest: Awaitable[Mapping[str, Any]]) -> dict[str, Any]:
    return _both(shown, await rest)
