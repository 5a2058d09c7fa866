"""Everything staff may do or read over the API is on record, or there is a reason why not (`on_record.csv`).

A row names the deed of the audit log and the file that records it, or one of the reasons below. That a row is
true of what runs is shown where the thing itself is tested, by `verbs_on_record`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import GraphQLObjectType, GraphQLUnionType, get_named_type

from city_api.policy.routes import route_rules
from city_api.policy.rules import ROOTS, field_rules
from city_api.schema import city_schema
from city_core.audit.verbs import Verb
from city_core.people.roles import Role
from city_core.policy.posts import audience
from city_core.privacy.register import register
from tests.conftest import REPOSITORY

REASONS = {
    "BY_ITS_PARTS": "what is asked for inside has rows of its own",
    "CASE_HISTORY": "a step of a case: its history says who, when and why, and is never rewritten",
    "OWN_HISTORY": "the thing that is changed keeps who changed it and when; no person is in it",
    "OF_ONESELF": "one's own data, messages, sessions or photos only",
    "READS_A_CASE": "a case shows a made-up name and no number of a citizen: decision 0034",
    "SAYS_WHO_DID_IT": "names staff only as those who did what is shown",
    "SAYS_WHOSE_TASK_IT_IS": "names staff only by whom a task was given to",
    "NAMES_NOBODY": "shows nothing of anybody",
}
# Deeds without a field or a route: of the operator, of the log itself, and what failed.
ELSEWHERE = {Verb.SIGN_IN_FAILED, Verb.OPERATED, Verb.PERSON_FORGOTTEN, Verb.PERSON_CHANGED}
# Words that things and rules have as well as people have them: of the city's own things they tell nobody.
NOBODY = ("Query", "NAMES_NOBODY")
OF_THINGS = {
    "address", "answer", "app", "at", "caseId", "createdAt", "endsAt", "kind", "left", "level", "madeAt",
    "name", "nameZh", "note", "owner", "point", "reason", "reportedAt", "role", "seq", "startsAt", "state",
    "streetCodes", "text", "told", "updatedAt", "version",
}  # fmt: skip


def rows() -> dict[tuple[str, str], dict[str, str]]:
    with Path(__file__).with_name("on_record.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    named = {(row["kind"], row["name"]): row for row in found}
    assert len(named) == len(found), "a row stands there twice"
    return named


def test_whatever_staff_may_do_or_read_is_on_record_or_has_a_reason() -> None:
    fields = {(kind, name): rule for (kind, name), rule in field_rules().items() if kind in ROOTS}
    routes = {("Route", f"{path} {method}"): rule for (path, method), rule in route_rules().items()}
    assert set(rows()) == {one for one, rule in {**fields, **routes}.items() if for_staff(rule)}


def for_staff(rule: str) -> bool:
    try:
        return bool(audience(rule).posts - {Role.CITIZEN})
    except ValueError:  # what vouches for a request beside a post: a link, a machine's key
        return True


def test_each_row_names_a_deed_and_where_it_is_recorded_or_a_reason() -> None:
    for one, row in rows().items():
        assert bool(row["verb"]) == bool(row["where"]) == (not row["reason"]), one
        if row["reason"]:
            assert row["reason"] in REASONS, one
        else:
            file = REPOSITORY / "backend" / "city_core" / row["where"]
            assert f"Verb.{Verb(row['verb'])}" in file.read_text(encoding="utf-8"), one


def test_every_deed_of_the_log_has_a_row() -> None:
    assert {row["verb"] for row in rows().values()} - {""} == set(Verb) - ELSEWHERE


def personal_names() -> set[str]:
    """Give the names under which the API would show what the register calls personal."""
    lasts = {row.field.rpartition(".")[2] for row in register() if row.is_personal} - {"_id"}
    return {re.sub(r"_(\w)", lambda found: found[1].upper(), last.lstrip("_")) for last in lasts} | {
        "personId", "personName", "byName", "a person",
    }  # fmt: skip


def shown_by(name: str) -> Iterator[str]:
    """List the fields that a question may show, at any depth."""
    schema = city_schema(introspection=False)._schema
    waiting = [get_named_type(schema.type_map["Query"].fields[name].type)]  # type: ignore[attr-defined]
    seen = set()
    while waiting:
        type_ = waiting.pop()
        if type_.name in seen:
            continue
        seen.add(type_.name)
        if isinstance(type_, GraphQLUnionType):
            waiting += type_.types
        elif isinstance(type_, GraphQLObjectType):
            waiting += [get_named_type(field.type) for field in type_.fields.values()]
            yield from type_.fields
            if {"name", "role"} <= type_.fields.keys():
                yield "a person"


@pytest.mark.parametrize(
    "name", sorted(name for (kind, name), row in rows().items() if (kind, row["reason"]) == NOBODY)
)
def test_what_is_said_to_name_nobody_has_no_personal_field(name: str) -> None:
    assert set(shown_by(name)) & (personal_names() - OF_THINGS) == set()
