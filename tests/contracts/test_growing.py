"""The contract only grows: what breaks an app is found, and what is to go is announced long before."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    build_schema,
    find_breaking_changes,
    parse,
    validate,
)

from tests.clients.node import FOLDER as CLIENTS

FOLDER = Path(__file__).parents[2] / "mobile_contracts"
RELEASED = FOLDER / "schema.released.graphql"
PRESENT = FOLDER / "schema.graphql"
_ANNOUNCED = re.compile(r"Use `\w+`\. Since (\d{4}-\d\d-\d\d), kept until (\d{4}-\d\d-\d\d)\.")
_NOTICE = timedelta(days=365)


def _breaking(before: str, after: str) -> list[str]:
    return [change.description for change in find_breaking_changes(build_schema(before), build_schema(after))]


_BREAKS = {
    "a field is gone": ("  unreadCount: Int!\n", ""),
    "a field has another type": ("  unreadCount: Int!\n", "  unreadCount: String!\n"),
    "a field may be null now": ("  unreadCount: Int!\n", "  unreadCount: Int\n"),
    "an argument is required now": ("(id: ID!): Case", "(id: ID!, why: String!): Case"),
    "a value of an enum is gone": ("  REWORK\n", "  REWORKED\n"),
    "an input wants a field": ("input SubmitReportInput {\n", "input SubmitReportInput {\n  why: String!\n"),
    "a result cannot be a problem": (
        "union SubmitReportResult = Case | Problem",
        "union SubmitReportResult = Case",
    ),
}


@pytest.mark.parametrize("change", _BREAKS)
def test_what_breaks_an_app_is_found_by_both_tools(change: str, tmp_path: Path) -> None:
    before = RELEASED.read_text(encoding="utf-8")
    old, new = _BREAKS[change]
    assert old in before, "the released schema has no such line any more: choose another"
    after = before.replace(old, new)
    assert _breaking(before, after), change
    changed = tmp_path / "changed.graphql"
    changed.write_text(after, encoding="utf-8")
    found = _inspected(RELEASED, changed)
    assert found.returncode == 1 and "breaking change" in found.stdout + found.stderr


def test_growth_breaks_nothing() -> None:
    before = RELEASED.read_text(encoding="utf-8")
    grown = before.replace("  unreadCount: Int!\n", "  unreadCount: Int!\n  more: Int\n")
    assert grown != before and _breaking(before, grown) == []


def test_the_inspector_of_the_app_builds_finds_nothing_that_breaks() -> None:
    found = _inspected(RELEASED, PRESENT)
    assert found.returncode == 0, found.stdout + found.stderr


def _inspected(before: Path, after: Path) -> subprocess.CompletedProcess[str]:
    command = ["node_modules/.bin/graphql-inspector", "diff", str(before), str(after)]
    return subprocess.run(command, cwd=CLIENTS, capture_output=True, text=True, check=False, timeout=60)


def _deprecations(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Give each deprecated part with its reason."""
    for type_ in schema.type_map.values():
        if type_.name.startswith("__"):
            continue
        parts: dict[str, object] = {}
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            parts = dict(type_.fields)
            parts |= {f"{name}({arg})": a for name, f in type_.fields.items() for arg, a in f.args.items()}
        elif isinstance(type_, GraphQLInputObjectType):
            parts = dict(type_.fields)
        elif isinstance(type_, GraphQLEnumType):
            parts = dict(type_.values)
        for name, part in parts.items():
            reason = getattr(part, "deprecation_reason", None)
            if reason is not None:
                yield f"{type_.name}.{name}", reason


def _ill_announced(schema: GraphQLSchema) -> list[str]:
    """Name what is deprecated without saying what takes its place, since when, and kept for a year."""
    wrong = []
    for name, reason in _deprecations(schema):
        said = _ANNOUNCED.search(reason)
        if said is None or date.fromisoformat(said[2]) - date.fromisoformat(said[1]) < _NOTICE:
            wrong.append(name)
    return wrong


def test_whatever_is_to_go_is_announced_for_a_year() -> None:
    assert _ill_announced(build_schema(PRESENT.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("reason", "is_right"),
    [
        ("Use `new`. Since 2026-11-22, kept until 2027-11-22.", True),
        ("It was slow. Use `new`. Since 2026-11-22, kept until 2028-01-01.", True),
        ("Use `new`. Since 2026-11-22, kept until 2027-05-22.", False),
        ("Since 2026-11-22, kept until 2027-11-22.", False),
        ("No longer supported", False),
    ],
)
def test_the_rule_of_deprecation_holds_what_it_says(reason: str, is_right: bool) -> None:
    for text in (
        f'type Query {{ new: Int old: Int @deprecated(reason: "{reason}") }}',
        f'type Query {{ new(old: Int @deprecated(reason: "{reason}")): Int }}',
        f'enum E {{ NEW OLD @deprecated(reason: "{reason}") }} type Query {{ new: E }}',
        f'input I {{ new: Int old: Int @deprecated(reason: "{reason}") }} type Query {{ new(i: I): Int }}',
    ):
        assert (_ill_announced(build_schema(text)) == []) is is_right


def test_the_apps_of_today_ask_for_nothing_that_is_to_go() -> None:
    schema = build_schema(PRESENT.read_text(encoding="utf-8"))
    for file in sorted((FOLDER / "operations").glob("*/*.graphql")):
        document = parse(file.read_text(encoding="utf-8"))
        assert validate(schema, document, [NoDeprecatedCustomRule]) == [], file.name
