"""Puts the rules before the resolvers, once, when the schema is built; no resolver can forget them.

Questions and subscriptions are asked for before they begin. Commands are asked for inside the command log
(`guarded`), so that one that was carried out is told again though its person has another post by now.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import strawberry
from graphql import GraphQLField, GraphQLList, GraphQLNonNull, GraphQLSchema
from strawberry.extensions import FieldExtension

from city_api.policy.rules import Field, PolicyIncomplete, audience_of, check_complete, field_rules
from city_api.row_executor import no_plain_field
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.policy.posts import Audience

Mutations = TypeVar("Mutations", bound=type)
Resolver = Callable[..., Any]


class Guard(FieldExtension):
    """Lets a command only through to those whom its rule names."""

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: strawberry.Info, **kwargs: Any
    ) -> Any:
        named = audience_of("Mutation", info.field_name)
        if named is None or not named.is_everybody:
            (named or Audience(frozenset())).check(await info.context.actor())
        return await next_(source, info, **kwargs)


def guarded(mutations: Mutations) -> Mutations:
    """Have the rule of every one of these commands asked for."""
    for field in mutations.__strawberry_definition__.fields:  # type: ignore[attr-defined]
        field.extensions = [*field.extensions, Guard()]
    return mutations


def enforce(schema: GraphQLSchema, rules: Mapping[Field, str] | None = None) -> None:
    """Refuse a schema whose fields and rules do not match, then put every rule before its field."""
    given = field_rules() if rules is None else rules
    check_complete(schema, given)
    for type_name, name in given:
        named = audience_of(type_name, name, given)
        field = schema.type_map[type_name].fields[name]  # type: ignore[attr-defined]
        if type_name == "Query":
            field.resolve = _asked_first(named, field.resolve)
        elif type_name == "Subscription":
            field.subscribe = _asked_first(named, field.subscribe)
        elif type_name == "Mutation":
            _refuse_unguarded(name, field)
        elif named is not None:
            field.resolve = _hidden_from_others(named, field.resolve, _nothing(type_name, name, field))
            no_plain_field(schema.type_map[type_name], name)


def _asked_first(named: Audience | None, resolve: Resolver) -> Resolver:
    assert named is not None  # the roots have no parent, see `check_complete`

    async def asked(source: Any, info: Any, **arguments: Any) -> Any:
        if not named.is_everybody:
            named.check(await info.context.actor())
        found = resolve(source, info, **arguments)
        return await found if inspect.isawaitable(found) else found

    return asked


def _hidden_from_others(named: Audience, resolve: Resolver, nothing: Any) -> Resolver:
    def shown(source: Any, info: Any, **arguments: Any) -> Any:
        if not named.has(_viewer(info.context)):
            return nothing() if nothing is not None else None
        return resolve(source, info, **arguments)

    return shown


def _viewer(context: Any) -> Actor | None:
    try:
        viewer: Actor = context.viewer
    except CityProblem:
        return None
    return viewer


def _nothing(type_name: str, name: str, field: GraphQLField) -> type[list[Any]] | None:
    """Say what others are shown in place of a field; one that must have a value cannot be kept from them."""
    if not isinstance(field.type, GraphQLNonNull):
        return None
    if isinstance(field.type.of_type, GraphQLList):
        return list
    raise PolicyIncomplete(f"{type_name}.{name} always has a value: it cannot be shown to some posts only")


def _refuse_unguarded(name: str, field: GraphQLField) -> None:
    extensions = field.extensions["strawberry-definition"].extensions
    if not any(isinstance(extension, Guard) for extension in extensions):
        raise PolicyIncomplete(f"Mutation.{name} is not guarded")
