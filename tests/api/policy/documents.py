"""Documents that ask for everything: every field that a root leads to, in parts that are not too long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

_DEEPEST = 6
_MOST_LEAVES = 400
_ARGUMENTS = {"first": "2", "limit": "2"}
Path = tuple[str, ...]
Field = tuple[str, str]


def leaves(type_: Any, above: Path = (), seen: tuple[str, ...] = ()) -> Iterator[tuple[Path, list[Field]]]:
    """Give the way to each plain value below a type, with the fields passed; no type comes twice on a way."""
    if isinstance(type_, GraphQLUnionType):
        for one in type_.types:
            yield from leaves(one, (*above, f"... on {one.name}"), seen)
        return
    if not isinstance(type_, GraphQLObjectType) or type_.name in seen:
        return
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        asked = ", ".join(f"{each}: {_ARGUMENTS[each]}" for each in field.args if each in _ARGUMENTS)
        told = f"{name}({asked})" if asked else name
        if not isinstance(inner, (GraphQLObjectType, GraphQLUnionType)):
            yield (*above, told), [(type_.name, name)]
        elif len(above) < _DEEPEST:
            for path, fields in leaves(inner, (*above, told), (*seen, type_.name)):
                yield path, [(type_.name, name), *fields]


def documents(
    schema: GraphQLSchema, root: str, name: str, arguments: str
) -> Iterator[tuple[str, set[Field]]]:
    """Give the documents that ask one root field for all there is, each with the fields that it asks for."""
    field = schema.type_map[root].fields[name]  # type: ignore[attr-defined]
    head = f"{name}({arguments})" if arguments else name
    ways = list(leaves(get_named_type(field.type)))
    for part in _parts(ways):
        asked = {(root, name)}.union(*(set(fields) for _, fields in part))
        yield f"{{ {head}{_written([path for path, _ in part])} }}", asked


def _parts(ways: list[tuple[Path, list[Field]]]) -> Iterator[list[tuple[Path, list[Field]]]]:
    """Give short parts, a refusal by itself and first: what is done has other values by the same names."""
    refusals = [way for way in ways if way[0][:1] == ("... on Problem",)]
    if refusals:
        yield refusals
    rest = [way for way in ways if way[0][:1] != ("... on Problem",)]
    for start in range(0, max(1, len(rest)), _MOST_LEAVES):
        yield rest[start : start + _MOST_LEAVES]


def _written(paths: list[Path]) -> str:
    if not paths or not paths[0]:
        return ""
    below: dict[str, list[Path]] = {}
    for path in paths:
        below.setdefault(path[0], []).append(path[1:])
    inner = " ".join(name + _written([path for path in rest if path]) for name, rest in below.items())
    kind = "__typename " if any(name.startswith("... on") for name in below) else ""
    return f" {{ {kind}{inner} }}"


def value_for(type_: Any, name: str, known: dict[str, Any]) -> Any:
    """Make up a value of an input: what is known by its name, else the plainest that there is."""
    if name in known:
        return known[name]
    if isinstance(type_, GraphQLNonNull):
        return value_for(type_.of_type, name, known)
    if isinstance(type_, GraphQLList):
        inner = get_named_type(type_)
        return [value_for(inner, name, known)] if isinstance(inner, GraphQLInputObjectType) else []
    if isinstance(type_, GraphQLInputObjectType):
        if type_.name == "QueuedDoInput":
            return {"acceptTask": {"clientId": known["clientId"], "caseId": known["caseId"]}}
        return {
            each: value_for(field.type, each, known)
            for each, field in type_.fields.items()
            if (isinstance(field.type, GraphQLNonNull) and each != "datum") or each in known.get("_about", ())
        }
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    plain = {
        "Int": 1,
        "Float": 1.0,
        "Boolean": True,
        "Date": "2026-12-01",
        "DateTime": "2026-12-01T00:00:00Z",
    }
    return plain.get(type_.name, "x")
