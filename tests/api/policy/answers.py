"""What everybody was told in the matrix: an outcome and the words of each cell, and the fields in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, GraphQLUnionType, get_named_type

from city_api.schema import city_schema
from tests.api.policy.documents import Field, documents

Cell = tuple[str, str, str]  # what is asked, about whose object, by whom
_PAGES = ("nodes", "outcomes", "cases", "changes", "documents")


@dataclass
class Answers:
    """What everybody was told, and which fields they were asked for and shown a value of."""

    outcome: dict[Cell, str] = field(default_factory=dict)
    words: dict[Cell, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)  # what is asked -> the kind of object it is about
    asked: set[Field] = field(default_factory=set)
    shown: dict[Field, set[str]] = field(default_factory=dict)

    def note(self, cell: Cell, outcome: str, words: str) -> None:
        """Fill one cell."""
        self.outcome[cell] = outcome
        self.words[cell] = without_chance(words)

    def note_fields(self, root: str, answer: Mapping[str, Any], who: str) -> None:
        """Note whose answer held a value of which fields."""
        for shown in fields_in(the_schema().type_map[root], answer.get("data") or {}):
            self.shown.setdefault(shown, set()).add(who)


@cache
def the_schema() -> GraphQLSchema:
    """Give the schema that the API serves."""
    return city_schema(introspection=False)._schema


@cache
def documents_of(root: str, name: str, arguments: str) -> list[tuple[str, set[Field]]]:
    """Give the documents that ask one root field for all there is, made once."""
    return list(documents(the_schema(), root, name, arguments))


def fields_in(type_: Any, value: Any) -> Iterator[Field]:
    """Give the fields that an answer holds a value of."""
    type_ = get_named_type(type_)
    if isinstance(value, list):
        for one in value:
            yield from fields_in(type_, one)
    elif isinstance(value, dict):
        if isinstance(type_, GraphQLUnionType):
            type_ = the_schema().type_map[value["__typename"]]
        assert isinstance(type_, GraphQLObjectType)
        own = {in_refusal(name): name for name in type_.fields} if type_.name == "Problem" else {}
        for told, inner in value.items():
            name = own.get(told, told)
            if name in type_.fields and inner is not None and inner != []:
                yield type_.name, name
                yield from fields_in(type_.fields[name].type, inner)


def outcome_of(answer: Mapping[str, Any]) -> str:
    """Say in a word what somebody was told: shown, done, nothing, or the codes of the refusal."""
    if errors := answer.get("errors"):
        return " ".join(sorted({code_of(error["extensions"]) for error in errors}))
    [value] = answer["data"].values()
    if isinstance(value, dict) and "__typename" in value:
        return code_of(value) if value["__typename"] == "Problem" else "done"
    if isinstance(value, dict) and set(value) & set(_PAGES):
        value = next(value[name] for name in _PAGES if name in value)
    return "shown" if value or value == 0 else "nothing"


def in_refusal(name: str) -> str:
    """Give the name that a field of a refusal is asked by beside what is done."""
    return f"problem{name[:1].upper()}{name[1:]}"


def code_of(told: Mapping[str, Any]) -> str:
    """Give the code of a refusal; one by post is told apart from one by object."""
    code = told.get("code") or told.get("problemCode")
    field_ = told.get("field") or told.get("problemField")
    return f"{code}({field_})" if field_ == "role" else str(code)


def without_chance(words: str) -> str:
    """Leave out of words what is another at each asking."""
    return re.sub(r'"reference": ?"[^"]*"', "", words)
