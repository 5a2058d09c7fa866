"""No way leads to stored rows past the policy: every module on the way names the rule that it asks.

Read from the code: which modules the API reaches that read a collection of a kind of the policy. Each has a
row in `paths_to_rows.csv`; a new one without a row is a red build. `asks` are names of rules, or of what asks
them in turn; `OWN` is what bears the asker's own id; `-` says why nobody has to be asked.
"""

from __future__ import annotations

import csv
import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from city_core.bootstrap import STORED_SHAPES
from city_core.policy.kinds import COLLECTION_OF
from city_core.policy.table import RULES
from tests.architecture.paths import UNKNOWN, Module, asked_by, modules_of

_TABLE = Path(__file__).with_name("paths_to_rows.csv")
_HOME = "city_core."
_PART_OF_THE_POLICY = frozenset(COLLECTION_OF.values()) | {UNKNOWN}
# What refuses by post or area, beside the rules of the table.
_CHECKS = {
    "audit.queries:_check_auditor", "cases.emergency.record:check_leads", "cases.routing_queries:check_post",
    "census.rights:refuse_other_street", "census.rights:refuse_to_show_street",
    "eye.sources:check_administers", "eye.visible:check_decides", "eye.visible:check_watches",
    "people.keep_rights:check_keeps_person",
    "rules.keepers:check_keeper", "rules.keepers:check_reader", "signs.rights:check_keeps_signs",
    "cases.components.visibility:component_parts", "cases.tallies.parts:parts_of",
    "cases.tallies.parts:tallied_parts",
}  # fmt: skip
# Stored shapes that are no kind of the policy: open to whoever is signed in, or never answered to anybody.
_OPEN = {
    "departments", "divisions", "unit_grids", "responsibility_grids", "points", "rules_in_force",
    "detection_models",
}  # fmt: skip
_UNDER_ANOTHER = {
    "absences": "PERSON", "shifts": "PERSON", "shift_plans": "PERSON", "census_tasks": "CAMPAIGN",
    "eye_flights": "EYE_EVENT", "case_tallies": "CASE", "component_tallies": "COMPONENT", "uploads": "PHOTO",
    "upload_parts": "PHOTO", "photo_finds": "PHOTO", "sync_entries": "CASE", "devices": "SESSION",
    "notification_preferences": "PERSON", "subscribe_consents": "SESSION", "privacy_agreements": "PERSON",
    "device_queues": "COMMAND", "audit_head": "AUDIT_ENTRY",
}  # fmt: skip
_NEVER_ANSWERED = {
    "audit_salts", "begun_files", "eye_cameras", "eye_lanes", "labelled_examples", "migrations",
    "one_time_codes", "operator_deeds", "restores", "sign_in_tries", "sync_feed", "try_counts",
}  # fmt: skip


@cache
def core() -> Mapping[str, Module]:
    return {module.name.removeprefix(_HOME): module for module in modules_of("backend", "city_core")}


@cache
def table() -> Mapping[str, tuple[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["module"]: (row["asks"], row["why"]) for row in csv.DictReader(file)}


def test_the_api_reads_no_collection_by_itself() -> None:
    read = {module.name: module.collections for module in modules_of("graphql", "city_api")}
    assert {name: found - {"command"} for name, found in read.items() if found - {"command"}} == {}


def test_every_way_to_rows_is_in_the_table_and_no_other() -> None:
    asked = asked_by(modules_of("graphql", "city_api"))
    on_the_way = {
        name
        for name, module in core().items()
        if not module.collections.isdisjoint(_PART_OF_THE_POLICY)
        and (module.has_an_actor or module.name in asked)
    }
    assert on_the_way == set(table())


@pytest.mark.parametrize("name", table())
def test_each_of_them_names_the_rule_that_it_asks(name: str) -> None:
    asks, why = table()[name]
    if asks == "-":
        assert len(why) > 20
    elif asks == "OWN":
        assert "person_id" in core()[name].names and why
    else:
        for rule in asks.split():
            assert rule in core()[name].names, f"{name} does not use {rule}"
            assert _is_of_the_policy(getattr(importlib.import_module(_HOME + name), rule)), rule


def _is_of_the_policy(found: Any) -> bool:
    if any(found is form for rule in RULES.values() for form in rule.forms):
        return True
    home = found.__module__.removeprefix(_HOME)
    if f"{home}:{found.__name__}" in _CHECKS:
        return True
    return home in table() and table()[home][0] != "-"  # it asks in its turn


def test_every_stored_shape_is_of_some_kind_or_said_to_be_none() -> None:
    stored = {
        str(shape.Settings.name)  # type: ignore[attr-defined]
        for shape in STORED_SHAPES
    }
    kinds = set(COLLECTION_OF.values())
    assert stored == kinds | _OPEN | set(_UNDER_ANOTHER) | _NEVER_ANSWERED
    assert sum(map(len, (kinds, _OPEN, _UNDER_ANOTHER, _NEVER_ANSWERED))) == len(stored)
    assert set(_UNDER_ANOTHER.values()) <= {str(kind) for kind in COLLECTION_OF}
