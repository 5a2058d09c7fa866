"""Hostile variables for every published operation, as everybody, on an API as it is in production.

Two kinds of them: `sly` ones have the right type and mean harm (ids of others, operators as texts, addresses
of the inside, huge texts, the ends of all ranges); `blunt` ones hold what no client of ours sends (NUL,
halves of surrogates, operators, NaN, wrong types).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    parse,
    type_from_ast,
)
from hypothesis import strategies as st

from tests.api.policy.seeded import Ids
from tests.attack.drawing import Examples, drawn
from tests.attack.findings import Report
from tests.attack.generated import LAST
from tests.attack.sending import Request, send_as_all
from tests.attack.town import Town
from tests.conftest import REPOSITORY
from tests.village import COMMUNITY, GRID, INSIDE, STREET

CHECK = "hostile variables"
_CONTRACT = REPOSITORY / "mobile_contracts"
Values = st.SearchStrategy[Any]

SLY_TEXTS = (
    "", " ", "x", "垃圾", "$where", '{"$ne": null}', "a.b", "__proto__", "../../etc/passwd", "%00",
    "\r\nx: y", "'; return true; //", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "{{7*7}}", "\u202e",
    "𠮷" * 300, "x" * 5_000, "(a+)+$", "http://169.254.169.254/latest", "https://127.0.0.1/",
    "file:///etc/passwd", "2026-02-30", "-1", "1e400", "null", "true", "[]", "WzEsMl0", "sha256:0",
    "13900000000", "0" * 32,
)  # fmt: skip
SLY_NUMBERS = (0, 1, 2, 3, 5, 50, 100, 101, -1, 2**31 - 1, -(2**31))
SLY_FLOATS = (0.0, 0.5, -1.0, 90.0, 180.0, -180.0, 1e308, 5e-324, 1e15, *INSIDE)
SLY_DAYS = ("2026-12-01", "2026-01-01", "0001-01-01", "9999-12-31")
SLY_INSTANTS = (
    "2026-11-01T00:00:00Z", "2026-12-31T23:59:59+08:00", "0001-01-01T00:00:00+14:00",
    "2026-11-01T00:00:00", "9999-12-31T23:59:59.999999-12:00", "1969-12-31T23:59:59Z", "2030-01-01T00:00:00Z",
)  # fmt: skip
BLUNT: tuple[Any, ...] = (
    "a\x00b", "\ud800", "\udfff", {"$ne": None}, {"$where": "sleep(1000)"}, {"a.b": 1}, {"x\x00": 1},
    float("nan"), float("inf"), 2**63, -(2**64), 10**400, None, True, 1.5, [], {}, [[[[]]]], "x" * 70_000,
    {"__proto__": {"role": "ADMINISTRATOR"}}, "2026-02-30T25:61:61Z", "9" * 400,
)  # fmt: skip
_PLACES: Mapping[str, tuple[Any, ...]] = {
    "streetCode": (STREET, "370303002"), "gridCode": (GRID,), "communityCode": (COMMUNITY,),
    "code": ("E0110",),
    "typeCode": ("E0110", "C0101", "E0112"), "conditionId": ("E0110-1",), "lng": (INSIDE[0], 118.075),
    "lat": (INSIDE[1],), "clientId": tuple(f"3f1c7c3e-2f39-4f7e-8f0e-{n:012d}" for n in range(40)),
    "personId": ("citizen-1", "inspector-1", "inspector-far"), "departmentId": ("sanitation", "water"),
    "registry": ("components",), "name": ("catalogue",), "rulebook": ("catalogue", "clocks"),
    "phone": ("13900000001",), "deviceId": ("device-0001",), "layer": ("toilets",), "version": (0, 1, 2),
    "scope": ("MY_REPORTS",), "password": ("a long enough password",), "areaCodes": (STREET,),
}  # fmt: skip


@cache
def published() -> Sequence[tuple[str, str, str]]:
    """Give id, name and text of every published query and command, what ends a sign-in last."""
    manifest = json.loads((_CONTRACT / "manifest.json").read_text(encoding="utf-8"))
    rows = [
        (str(row["id"]), str(row["name"]), str(row["body"]))
        for row in manifest["operations"]
        if row["type"] != "subscription"
    ]
    return sorted(rows, key=lambda row: any(f"{name}" in row[2] for name in LAST))


@cache
def _schema() -> GraphQLSchema:
    return build_schema((_CONTRACT / "schema.graphql").read_text(encoding="utf-8"))


class Hostility:
    """Makes values for inputs, in which some parts mean harm; `ids` are those of own and foreign objects."""

    def __init__(self, ids: Ids, *, blunt: bool) -> None:
        self._ids = {name: tuple(keys.values()) for name, keys in ids.items()}
        self._every_id = tuple(key for keys in self._ids.values() for key in keys)
        self._blunt = blunt
        self._objects: dict[str, Values] = {}

    def variables_of(self, text: str) -> Values:
        """Make variables for an operation."""
        [operation] = [d for d in parse(text).definitions if isinstance(d, OperationDefinitionNode)]
        needed: dict[str, Values] = {}
        optional: dict[str, Values] = {}
        for node in operation.variable_definitions or ():
            name, type_ = node.variable.name.value, type_from_ast(_schema(), node.type)
            (needed if isinstance(type_, GraphQLNonNull) else optional)[name] = self._of(type_, name)
        return st.fixed_dictionaries(needed, optional=optional)

    def _of(self, type_: Any, name: str) -> Values:
        value = self._harmless(type_, name)
        if not self._blunt:
            return value
        return st.integers(0, 7).flatmap(lambda dice: st.sampled_from(BLUNT) if dice == 7 else value)

    def _harmless(self, type_: Any, name: str) -> Values:
        if isinstance(type_, GraphQLNonNull):
            return self._harmless(type_.of_type, name)
        if isinstance(type_, GraphQLList):
            return st.lists(self._of(type_.of_type, name.removesuffix("s")), max_size=3)
        if isinstance(type_, GraphQLInputObjectType):
            if type_.name not in self._objects:
                self._objects[type_.name] = st.deferred(lambda: self._object(type_))
            return self._objects[type_.name]
        if isinstance(type_, GraphQLEnumType):
            return st.sampled_from(list(type_.values))
        return self._plain(type_.name, name)

    def _object(self, type_: GraphQLInputObjectType) -> Values:
        fields = {name: self._of(field.type, name) for name, field in type_.fields.items()}
        if type_.is_one_of:
            return st.one_of([st.fixed_dictionaries({name: value}) for name, value in fields.items()])
        needed = {n for n, field in type_.fields.items() if isinstance(field.type, GraphQLNonNull)}
        return st.fixed_dictionaries(
            {name: value for name, value in fields.items() if name in needed},
            optional={name: value for name, value in fields.items() if name not in needed},
        )

    def _plain(self, type_name: str, name: str) -> Values:
        known = self._ids.get(name, ()) or _PLACES.get(name, ())
        if type_name in ("ID", "String"):
            others = SLY_TEXTS + (self._every_id if type_name == "ID" else ())
            return _mostly(known, others)
        by_type: Mapping[str, tuple[Any, ...]] = {
            "Int": SLY_NUMBERS, "Float": SLY_FLOATS, "Boolean": (True, False), "Date": SLY_DAYS,
            "DateTime": SLY_INSTANTS,
        }  # fmt: skip
        return _mostly(known, by_type[type_name])


def _mostly(known: tuple[Any, ...], others: tuple[Any, ...]) -> Values:
    if not known:
        return st.sampled_from(others)
    return st.integers(0, 3).flatmap(lambda dice: st.sampled_from(others if dice == 3 else known))


def bodies(ids: Ids, examples: Examples) -> Iterator[tuple[str, str]]:
    """Give requests for each published operation by its id: the operation's name and the body."""
    kinds = (Hostility(ids, blunt=False), Hostility(ids, blunt=True))
    for sha256, name, text in published()[:: examples.every]:
        for hostility in kinds:
            for variables in drawn(hostility.variables_of(text), examples.count, examples.seed):
                yield name, json.dumps({"documentId": sha256, "variables": variables})


async def attack_with_variables(
    town: Town,
    report: Report,
    actors: Sequence[str],
    examples: Examples,
) -> None:
    """Send hostile variables with every published operation, as everybody."""
    requests = (
        Request(name, body.encode(), body + json.dumps(json.loads(body), ensure_ascii=False), body[90:500])
        for name, body in bodies(town.ids, examples)
    )
    await send_as_all(town, town.production, report, CHECK, actors, requests)
