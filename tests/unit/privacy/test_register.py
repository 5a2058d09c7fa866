"""The register knows every stored field, what it is for, when it ends and who takes it away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from city_core.bootstrap import STORED_SHAPES
from city_core.privacy.notices import notice_in_force, notice_of, notices
from city_core.privacy.page import privacy_page
from city_core.privacy.register import (
    BASES,
    KEPT,
    NOT_BY_DELETION,
    PURPOSES,
    RegisteredField,
    register,
    walk,
)
from city_core.privacy.retention import BY_FEATURES, RETENTION
from city_core.privacy.stores import STEPS
from city_workers.duties import DUTIES
from tests.conftest import REPOSITORY

SHAPES: dict[str, Any] = {shape.Settings.name: shape for shape in STORED_SHAPES}  # type: ignore[attr-defined]
ENDED_OUTSIDE = {"operator"}  # of a log, whoever keeps it


@pytest.mark.parametrize("store", sorted(SHAPES))
def test_every_field_of_a_stored_shape_is_registered(store: str) -> None:
    walked = {path.split(".", 1)[1] for path, _ in walk(SHAPES[store], store)}
    assert {row.field for row in register() if row.store == store} == walked


def test_no_field_is_registered_twice() -> None:
    names = [(row.store, row.field) for row in register()]
    assert len(names) == len(set(names))


def _faults(row: RegisteredField) -> Iterator[str]:
    if row.purpose not in PURPOSES or row.basis not in BASES:
        yield "purpose or basis"
    if row.kept not in KEPT and not (float(row.kept) > 0 and row.ended_by):
        yield "kept without an end"
    ends = {rule.name for rule in RETENTION} | BY_FEATURES | ENDED_OUTSIDE | {"", "index"}
    if row.ended_by not in ends:
        yield "ended by nothing"
    if row.is_personal and row.basis == "NONE":
        yield "personal without a basis"
    if row.is_personal != bool(row.erased_by):
        yield "personal, or erased"
    steps = {step.name: step.stores for step in STEPS}
    if (
        row.erased_by
        and row.erased_by not in NOT_BY_DELETION
        and row.store not in steps.get(row.erased_by, ())
    ):
        yield "no step goes through it"


def test_every_row_says_what_for_why_how_long_and_who_takes_it_away() -> None:
    assert {f"{row.store}.{row.field}": [*_faults(row)] for row in register() if [*_faults(row)]} == {}


def test_what_mongodb_takes_away_by_itself_has_such_an_index() -> None:
    stores = {row.store for row in register() if row.ended_by == "index"}
    for store in stores:
        indexes = [index.document for index in SHAPES[store].Settings.indexes]
        assert any("expireAfterSeconds" in index for index in indexes), store


def test_every_step_of_a_deletion_has_personal_fields_to_go_through() -> None:
    used = {row.erased_by for row in register()}
    assert {step.name for step in STEPS} <= used


def test_rules_of_features_are_duties() -> None:
    assert {duty.name for duty in DUTIES} >= BY_FEATURES
    assert "retention" in {duty.name for duty in DUTIES}


def test_the_page_says_what_the_register_says() -> None:
    assert (REPOSITORY / "backend" / "privacy.md").read_text(encoding="utf-8") == privacy_page()


def test_versions_of_the_notice_follow_each_other() -> None:
    assert [notice.version for notice in notices()] == list(range(1, len(notices()) + 1))
    assert all(set(notice.purposes) <= PURPOSES.keys() and notice.text_zh for notice in notices())
    first = notices()[0]
    assert notice_in_force(first.valid_from) == first == notice_of(1, first.valid_from)
