"""The rule of every field, one row each (`rules.csv`): default deny, as what has no row cannot be built.

Of the root fields a rule says who may ask at all. Inside, `OF_ITS_PARENT` leaves a field to whoever got the
object; `BY_ROW` says that its reader shows only what its viewer may see; posts are for those posts alone.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from graphql import GraphQLObjectType, GraphQLSchema

from city_core.policy.posts import Audience, audience

RULES = Path(__file__).with_name("rules.csv")
ROOTS = ("Query", "Mutation", "Subscription")
OF_ITS_PARENT = "OF_ITS_PARENT"
BY_ROW = "BY_ROW"  # the matrix shows that it does
_LEFT_TO_THE_OBJECT = frozenset({OF_ITS_PARENT, BY_ROW})
Field = tuple[str, str]


class PolicyIncomplete(RuntimeError):
    """Fields and rules do not match one to one: the API does not start."""


@cache
def field_rules() -> Mapping[Field, str]:
    """Read the rule of every field by its type and name; refuses two rules for one field."""
    with RULES.open(encoding="utf-8", newline="") as file:
        rows = [((row["type"], row["field"]), row["rule"]) for row in csv.DictReader(file)]
    rules = dict(rows)
    if len(rules) < len(rows):
        raise PolicyIncomplete("a field has two rules")
    return MappingProxyType(rules)


def fields_of(schema: GraphQLSchema) -> list[Field]:
    """List every field of every object type; introspection has a switch of its own."""
    return [
        (type_.name, name)
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name in type_.fields
    ]


def check_complete(schema: GraphQLSchema, rules: Mapping[Field, str]) -> None:
    """Refuse a schema with a field without a rule, a rule without a field, or a word that is no rule."""
    fields = set(fields_of(schema))
    if without := sorted(fields - set(rules)):
        raise PolicyIncomplete(f"no rule in policy/rules.csv for{_told(without)}")
    if gone := sorted(set(rules) - fields):
        raise PolicyIncomplete(f"no field for the rules in policy/rules.csv{_told(gone)}")
    for (type_name, name), rule in rules.items():
        if type_name in ROOTS and rule in _LEFT_TO_THE_OBJECT:
            raise PolicyIncomplete(f"{type_name}.{name} has no parent: name who may ask")
        if rule not in _LEFT_TO_THE_OBJECT:
            audience(rule)


def audience_of(type_name: str, name: str, rules: Mapping[Field, str] | None = None) -> Audience | None:
    """Give who may read a field; nothing where whoever got the object may. Without a rule: nobody may."""
    rule = (rules or field_rules()).get((type_name, name))
    if rule in _LEFT_TO_THE_OBJECT:
        return None
    return Audience(frozenset()) if rule is None else audience(rule)


def _told(fields: list[Field]) -> str:
    # As rows of the file, for whoever has to give each of them its rule.
    return "".join(f"\n{type_name},{name}," for type_name, name in fields)
