"""Shows stored rows as GraphQL objects without copying them: each field says what it reads from the row.

A field declared with `stored` or `computed` is resolved by a plain function of the row, past strawberry's
argument machinery, which is what makes lists cheap. Its `needs` are the stored fields that it reads: from the
selection of a query they add up to the MongoDB projection.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionSetNode,
)

from city_core.kit.problems import CityProblem

ALWAYS_READ = frozenset({"_id", "version", "state"})
_KEY = "reads"


@dataclass(frozen=True)
class Refused:
    """A refusal as the result of a command; the bare exception would count as a failure of the resolver."""

    problem: CityProblem


@dataclass(frozen=True)
class Reads:
    """How a field is read from its row, and which stored fields that takes."""

    show: Callable[..., Any]
    needs: frozenset[str]
    later: bool = False

    def resolve(self, row: Any, info: GraphQLResolveInfo, **asked: Any) -> Any:
        return self.show(row, info.context, **asked)


def stored(key: str, description: str | None = None) -> Any:
    """Declare a field that shows one stored value as it is."""

    def show(row: Any, _: Any) -> Any:
        return row.get(key)

    return strawberry.field(description=description, metadata={_KEY: Reads(show, frozenset({key}))})


def computed(
    show: Callable[[Any, Any], Any],
    *,
    needs: Collection[str] = (),
    description: str | None = None,
    later: bool = False,
) -> Any:
    """Declare a field that a function makes from the row and the context; `later`: it may have to wait."""
    reads = Reads(show, frozenset(needs), later)
    return strawberry.field(description=description, metadata={_KEY: reads})


def asked(
    signature: Callable[..., Any],
    show: Callable[..., Any],
    *,
    needs: Collection[str] = (),
    description: str | None = None,
) -> Any:
    """Declare a field with arguments: `signature` says which, `show` gets them by name after the context."""
    reads = Reads(show, frozenset(needs))
    return strawberry.field(resolver=signature, description=description, metadata={_KEY: reads})


def read_straight_from_rows(schema: GraphQLSchema) -> None:
    """Put the declared readers in place of strawberry's resolvers, and tell refusals from results."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            for field in type_.fields.values():
                reads = reads_of(field)
                if reads is not None:
                    field.resolve = reads.resolve
        elif isinstance(type_, GraphQLUnionType):
            type_.resolve_type = _result_or_problem


def _result_or_problem(value: Any, _: GraphQLResolveInfo, union: Any) -> str:
    return "Problem" if isinstance(value, Refused) else union.types[0].name


def reads_of(field: Any) -> Reads | None:
    """Give how a field is read from its row, if it was declared so."""
    definition = field.extensions.get("strawberry-definition")
    return definition.metadata.get(_KEY) if definition is not None else None


def stored_fields(info: strawberry.Info, type_name: str, path: Sequence[str] = ()) -> frozenset[str]:
    """List the stored fields that a query asks for, `path` leading from its field to the rows."""
    raw = info._raw_info
    type_: Any = raw.schema.type_map[type_name]
    needed = set(ALWAYS_READ)
    for node in _below(raw, _selections(raw.field_nodes), path):
        reads = reads_of(type_.fields[node.name.value]) if node.name.value in type_.fields else None
        if reads is not None:
            needed |= reads.needs
    return frozenset(needed)


def _below(raw: Any, sets: Sequence[SelectionSetNode], path: Sequence[str]) -> Iterator[FieldNode]:
    nodes = [node for selection in sets for node in _fields(raw, selection)]
    if not path:
        yield from nodes
        return
    inner = _selections([node for node in nodes if node.name.value == path[0]])
    yield from _below(raw, inner, path[1:])


def _selections(nodes: Sequence[FieldNode]) -> list[SelectionSetNode]:
    return [node.selection_set for node in nodes if node.selection_set is not None]


def _fields(raw: Any, selection_set: SelectionSetNode) -> Iterator[FieldNode]:
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, FragmentSpreadNode):
            yield from _fields(raw, raw.fragments[node.name.value].selection_set)
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(raw, node.selection_set)
