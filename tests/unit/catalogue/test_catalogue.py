"""The catalogue: what a bad row is told, and what types, conditions, limits and modules answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from city_core.catalogue.catalogue import CATALOGUE_BOOK, Catalogue, compile_catalogue
from city_core.catalogue.catalogue_checks import check_catalogue
from city_core.catalogue.limits import Limit
from city_core.kit.rulebook.tables import Content, blank_row
from tests.rulebooks import NEW, OLD, catalogue_content, condition_row, type_row

DAY = date(2026, 11, 22)
_MEMBER = {
    **blank_row(CATALOGUE_BOOK.tables[5]), "module": "night", "major_code": "01", "major_zh": "夜",
    "major_en": "night", "certainty": "invented",
}  # fmt: skip
MODULE = {
    "module": "night",
    "name_zh": "夜",
    "name_en": "night",
    "certainty": "invented",
    "note": None,
    "enabled": False,
}


def content(**changes: Any) -> Content:
    """A right catalogue, with some tables changed."""
    right = catalogue_content(
        [type_row("C0101"), type_row("E0110"), type_row("E0112"),
         type_row("E06010", same_as="E0110", handled_as="E0110", valid_from="2026-07-01"),
         type_row("E06039", handled_as="E01"),
         type_row("E0199", standard="local", local=True)],
        [condition_row("E0110", 4, "work_hour", follow_up="E0110-2"),
         condition_row("E0110", 2, "work_day", 2, limit_b=3, limit_c=5)],
        modules=[MODULE],
        module_types=[{**_MEMBER, "type_code": "E0110", "limit_a": 1, "limit_unit": "urgent_hour"},
                      {**_MEMBER, "type_code": "E0112"}],
    )  # fmt: skip
    return {**right, **changes}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    assert check_catalogue(content()) == []
    return compile_catalogue(content())


def types_with(**changes: Any) -> dict[str, Any]:
    """The types with the second one, E0110 in row 3, changed."""
    rows = list(content()["case_types"])
    return {"case_types": [rows[0], {**rows[1], **changes}, *rows[2:]]}


def condition_with(**changes: Any) -> dict[str, Any]:
    rows = content()["filing_conditions"]
    return {"filing_conditions": [{**rows[0], **changes}, rows[1]]}


def member_with(**changes: Any) -> dict[str, Any]:
    rows = content()["module_types"]
    return {"module_types": [rows[0], {**rows[1], **changes}]}


def one_more(table: str, row: dict[str, Any]) -> dict[str, Any]:
    return {table: [*content()[table], row]}


FAULTS: list[tuple[dict[str, Any], str]] = [
    (types_with(standard="ISO 1"), "case_types, row 3, standard: no such standard; known: "),
    (types_with(minor_code="11"), "case_types, row 3, code: the code E0110 is not kind letter"),
    (types_with(kind="component"), "case_types, row 3, code: the code E0110 is not kind letter"),
    (types_with(standard=NEW), "case_types, row 3, code: the code E0110 is not kind letter"),
    (types_with(local=True), "case_types, row 3, local: a local type is of the standard `local`"),
    (types_with(valid_from="2026-02-01", valid_to="2026-01-31"), "case_types, row 3, valid_to: ends before"),
    (one_more("case_types", type_row("E0110", valid_from="2026-01-01")),
     "case_types, row 8, valid_from: E0110 is valid already by row 3"),
    (types_with(same_as="C0101"), "case_types, row 3, same_as: C0101 is no type of another standard"),
    (types_with(same_as="E99999"), "case_types, row 3, same_as: E99999 is no type of another standard"),
    (one_more("case_types", type_row("E06011", same_as="E0110")),
     "case_types, row 8, same_as: E0110 is the same as another type already"),
    (types_with(handled_as="E0110"), "case_types, row 3, handled_as: E0110 is no type handled as itself"),
    (types_with(handled_as="X"), "case_types, row 3, handled_as: X is no type handled as itself"),
    (condition_with(type_code="E0999", id="E0999-1", follow_up=None),
     "filing_conditions, row 2, type_code: the condition is of an unknown type E0999"),
    (condition_with(id="E0110-9"), "filing_conditions, row 2, id: the id E0110-9 is not type and position"),
    (condition_with(limit_b=5), "filing_conditions, row 2, limit_a: give one limit for all area classes"),
    (condition_with(limit_a=None), "filing_conditions, row 2, limit_a: give one limit for all area classes"),
    (condition_with(limit_unit="season_day"), "filing_conditions, row 2, season: a limit in season_day"),
    (condition_with(season="planting"), "filing_conditions, row 2, season: a limit in season_day"),
    (condition_with(follow_up="E0112-1"), "filing_conditions, row 2, follow_up: E0112-1 is no other"),
    (condition_with(follow_up="E0110-1"), "filing_conditions, row 2, follow_up: E0110-1 is no other"),
    ({"default_limits": []}, "default_limits, kind: there is no default limit for component"),
    ({"modules": []}, "module_types, row 2, module: there is no module night"),
    (member_with(type_code="E0999"), "module_types, row 3, type_code: there is no type E0999"),
    (member_with(major_zh="昼"), "module_types, row 3, major_zh: this major has another name"),
    (member_with(limit_a=2), "module_types, row 3, limit_unit: a limit and its unit come together"),
    (member_with(limit_a=2, limit_b=3, limit_unit="work_day"), "module_types, row 3, limit_a: give one"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), FAULTS, ids=[reason for _, reason in FAULTS])
def test_a_wrong_row_is_named_with_its_reason(changes: dict[str, Any], reason: str) -> None:
    found = check_catalogue(content(**changes))
    assert str(found[0]).startswith(reason)
    assert all(fault.zh != fault.en for fault in found)


def test_a_follow_up_of_another_type_is_refused() -> None:
    other = condition_row("E0112", 1, "work_day")
    rows = [{**content()["filing_conditions"][0], "follow_up": "E0112-1"}, other]
    [fault] = check_catalogue(content(filing_conditions=rows))
    assert str(fault) == "filing_conditions, row 2, follow_up: E0112-1 is no other condition of this type"


def test_a_follow_up_with_a_follow_up_is_refused() -> None:
    first, second = content()["filing_conditions"]
    third = condition_row("E0110", 1, "work_day", 3)
    [fault] = check_catalogue(content(filing_conditions=[first, {**second, "follow_up": "E0110-3"}, third]))
    assert str(fault).endswith("E0110-2 has a follow-up itself; there are two steps")


def test_a_type_taken_out_leaves_its_conditions_and_its_map_without_it() -> None:
    rows = [row for row in content()["case_types"] if row["code"] != "E0110"]
    where = [(fault.table, fault.row, fault.column) for fault in check_catalogue(content(case_types=rows))]
    assert where == [
        ("case_types", 4, "same_as"), ("case_types", 4, "handled_as"),
        ("filing_conditions", 2, "type_code"), ("filing_conditions", 3, "type_code"),
        ("module_types", 2, "type_code"),
    ]  # fmt: skip


def test_a_code_may_be_valid_in_two_periods_one_after_the_other(catalogue: Catalogue) -> None:
    older = types_with(valid_to="2025-12-31", name_zh="旧名")["case_types"]
    newer = type_row("E0110", valid_from="2026-01-01", name_zh="新名")
    both = content(case_types=[*older, newer])
    assert check_catalogue(both) == []
    found = compile_catalogue(both)
    assert [row["name_zh"] for row in found.offered(date(2025, 12, 31)) if row["_id"] == "E0110"] == ["旧名"]
    assert [row["name_zh"] for row in found.offered(date(2026, 1, 1)) if row["_id"] == "E0110"] == ["新名"]
    known = found.type("E0110")
    assert known is not None and known["name_zh"] == "新名"


def test_the_types_in_use_are_offered_and_others_only_by_their_standard_or_module(
    catalogue: Catalogue,
) -> None:
    def codes(day: date = DAY, **asked: Any) -> list[str]:
        return [row["_id"] for row in catalogue.offered(day, **asked)]

    assert codes() == ["C0101", "E0110", "E0112", "E0199"]
    assert codes(kind="component") == ["C0101"]
    assert codes(standard=NEW) == ["E06010", "E06039"]
    assert codes(date(2026, 6, 30), standard=NEW) == ["E06039"]
    assert codes(module="night") == ["E0110", "E0112"]
    assert codes(module="day") == []


def test_a_type_is_valid_in_its_period_only_but_keeps_its_name(catalogue: Catalogue) -> None:
    assert catalogue.is_valid("E06010", date(2026, 7, 1)) and not catalogue.is_valid(
        "E06010", date(2026, 6, 30)
    )
    assert not catalogue.is_valid("E0999", DAY)
    assert catalogue.type("E0999") is None
    ended = compile_catalogue(content(**types_with(valid_to="2026-01-31")))
    assert not ended.is_valid("E0110", DAY)
    assert ended.types["E0110"]["name_zh"] == "类别E0110"


@pytest.mark.parametrize(
    ("asked", "limit"),
    [
        (("E0110", "E0110-1", "A"), Limit(4, "work_hour")),
        (("E0110", "E0110-1", "C"), Limit(4, "work_hour")),  # given once, it holds for all classes
        (("E0110", "E0110-2", "A"), Limit(2, "work_day")),
        (("E0110", "E0110-2", "B"), Limit(3, "work_day")),
        (("E0110", "E0110-2", "C"), Limit(5, "work_day")),
        (("E0110", "E0110-2", None), Limit(2, "work_day")),  # where nothing is known of the area
        (("E0110", None, "A"), None),  # a condition must be chosen
        (("E0110", "E0112-1", "A"), None),
        (("E06010", "E0110-1", "A"), Limit(4, "work_hour")),  # handled as E0110
        (("E0112", None, "B"), Limit(1, "work_day")),  # without conditions: the default
        (("E0999", None, "A"), None),
        (("E0110", "E0110-1", "A", "night"), Limit(1, "urgent_hour")),  # the module's own
        (("E0110", None, "A", "night"), Limit(1, "urgent_hour")),
        (("E0112", None, "A", "night"), Limit(1, "work_day")),  # the module says nothing
        (("E0110", "E0110-1", "A", "day"), Limit(4, "work_hour")),  # no such module
    ],
)
def test_the_limit_of_a_case(catalogue: Catalogue, asked: tuple[Any, ...], limit: Limit | None) -> None:
    assert catalogue.limit(*asked) == limit


def test_a_type_leads_to_the_same_one_in_another_standard_both_ways(catalogue: Catalogue) -> None:
    assert catalogue.equivalent("E0110", NEW) == "E06010"
    assert catalogue.equivalent("E06010", OLD) == "E0110"
    assert catalogue.equivalent("E0110", OLD) == "E0110"
    assert catalogue.equivalent("E06039", OLD) is None
    assert catalogue.equivalent("E0999", OLD) is None
    assert (catalogue.same_as("E0110"), catalogue.same_as("E06010")) == (["E06010"], ["E0110"])


def test_departments_are_found_by_what_a_type_is_handled_as(catalogue: Catalogue) -> None:
    assert [catalogue.handled_as(code) for code in ("E0110", "E06010", "E06039", "E0999")] == [
        "E0110", "E0110", "E01", "E0999",
    ]  # fmt: skip


def test_a_module_names_its_types_and_a_type_its_modules(catalogue: Catalogue) -> None:
    assert [row["type_code"] for row in catalogue.module_types("night")] == ["E0110", "E0112"]
    assert catalogue.module_types("day") == []
    assert (catalogue.modules_of("E0110"), catalogue.modules_of("C0101")) == (["night"], [])


def test_a_module_sets_its_own_limits_only_while_it_is_switched_on(catalogue: Catalogue) -> None:
    assert catalogue.module_in_force("E0110") is None
    on = compile_catalogue(content(modules=[{**MODULE, "enabled": True}]))
    assert on.module_in_force("E0110") == "night"
    assert on.limit("E0110", "E0110-1", "A", "night") == Limit(1, "urgent_hour")
    assert on.module_in_force("E0112") is None  # in the module, without a limit of its own
