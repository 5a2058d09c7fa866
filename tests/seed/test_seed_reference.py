"""The reference tables: complete, bilingual, answered for, and refused when a row is wrong."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from city_core.cases.routing import choose_department
from city_core.catalogue.calendar import compile_calendar
from city_core.catalogue.catalogue import compile_catalogue
from city_core.catalogue.limits import Limit
from city_core.detection.classes import DETECTION_BOOK
from city_core.kit.rulebook.tables import Row
from city_seed.holidays import HOLIDAYS_FILE, holidays_csv
from city_seed.reference import REFERENCE_FOLDER, BadReference, Reference, read_reference
from tests.rulebooks import NEW, OLD

CHINESE = re.compile(r"[\u4e00-\u9fff]")
TYPES, CONDITIONS, DIVISIONS, DEPARTMENTS = (
    "case_types_2013.csv",
    "filing_conditions.csv",
    "divisions_zhangdian.csv",
    "departments.csv",
)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REFERENCE_FOLDER, tmp_path / "reference"))


def types_of(reference: Reference, standard: str) -> list[Row]:
    return [row for row in reference.catalogue["case_types"] if row["standard"] == standard]


@pytest.mark.parametrize(
    ("standard", "components", "events"), [(OLD, 121, 81), (NEW, 153, 250), ("local", 1, 10)]
)
def test_the_dictionary_has_the_types_of_each_standard(
    reference: Reference, standard: str, components: int, events: int
) -> None:
    kinds = Counter(row["kind"] for row in types_of(reference, standard))
    assert kinds == {"component": components, "event": events}


def test_a_type_is_found_by_its_code_in_each_standard(reference: Reference) -> None:
    names = {row["code"]: row["name_zh"] for row in reference.catalogue["case_types"]}
    assert len(names) == 202 + 403 + 11
    assert (names["C0101"], names["E0110"], names["E0406"]) == ("上水井盖", "暴露垃圾", "占道经营")
    assert (names["C01001"], names["E06010"], names["E01001"]) == ("供水井盖", "暴露垃圾", "供水井盖异常")
    assert names["E0499"] == "共享单车乱停放"


def test_every_uncertain_type_says_so(reference: Reference) -> None:
    certainty = Counter(row["certainty"] for row in types_of(reference, OLD))
    assert certainty == {"confirmed": 117, "carried": 54, "single": 16, "inferred": 9, "bracketed": 6}
    assert {row["certainty"] for row in types_of(reference, NEW)} == {"secondary"}
    assert Counter(row["certainty"] for row in types_of(reference, "local")) == {
        "inferred": 10,
        "invented": 1,
    }


def test_the_map_between_the_standards_is_the_known_arithmetic_but_for_seven_moved_types(
    reference: Reference,
) -> None:
    moved = {}
    for row in types_of(reference, NEW):
        shifted = (
            f"C{row['major_code']}" if row["kind"] == "component" else f"E{int(row['major_code']) - 5:02d}"
        )
        if row["same_as"] is not None and row["same_as"] != shifted + row["minor_code"][1:]:
            moved[row["code"]] = row["same_as"]
    assert moved == {
        "C01069": "C0506", "C01070": "C0507", "C01071": "C0508", "E09013": "E0602", "E09014": "E0603",
        "E10001": "E0507", "E10002": "E0508",
    }  # fmt: skip
    mapped = {row["same_as"] for row in types_of(reference, NEW)} - {None}
    assert len(mapped) == 185
    assert {row["code"] for row in types_of(reference, OLD)} - mapped == {
        "C0116", "C0501", "C0504", "C0505", "E0131", "E0205", "E0407", "E0501", "E0502", "E0503", "E0504",
        "E0505", "E0506", "E0509", "E0510", "E0604", "E0606",
    }  # fmt: skip


def test_both_standards_lead_to_each_other_and_to_the_same_conditions(reference: Reference) -> None:
    catalogue = compile_catalogue(reference.catalogue)
    assert (catalogue.equivalent("E0110", NEW), catalogue.equivalent("E06010", OLD)) == ("E06010", "E0110")
    assert catalogue.equivalent("E0499", NEW) == "E09011"
    assert catalogue.equivalent("E0407", NEW) is None
    assert catalogue.conditions("E06010") == catalogue.conditions("E0110") != ()
    assert catalogue.conditions("E01001") == catalogue.conditions("C0101") != ()


@pytest.mark.parametrize(
    ("module", "majors", "minors"),
    [("air_pollution", 4, 43), ("civilised_city", 8, 45), ("night_economy", 1, 5)],
)
def test_a_module_has_as_many_types_as_its_city_published(
    reference: Reference, module: str, majors: int, minors: int
) -> None:
    members = compile_catalogue(reference.catalogue).module_types(module)
    assert (len({row["major_code"] for row in members}), len(members)) == (majors, minors)
    assert {row["certainty"] for row in members} == {"invented"}


def test_missing_street_trees_wait_for_the_planting_season(reference: Reference) -> None:
    limit = compile_catalogue(reference.catalogue).limit("C0402", "C0402-2", "A")
    assert limit == Limit(15, "season_day", "planting")
    assert {row["certainty"] for row in reference.calendar["seasons"]} == {"invented"}


def test_the_conditions_are_bilingual_and_numbered_within_their_type(reference: Reference) -> None:
    assert len(reference.catalogue["filing_conditions"]) == 179
    seen: Counter[str] = Counter()
    for row in reference.catalogue["filing_conditions"]:
        seen[row["type_code"]] += 1
        assert row["id"] == f"{row['type_code']}-{seen[row['type_code']]}"
        assert CHINESE.search(row["text_zh"]) and CHINESE.search(row["closing_zh"]), row["id"]
        assert not CHINESE.search(row["text_en"] + row["closing_en"]), row["id"]


def test_a_limit_is_the_one_of_the_table(reference: Reference) -> None:
    limits = {
        row["id"]: (row["limit_a"], row["limit_unit"]) for row in reference.catalogue["filing_conditions"]
    }
    assert limits["E0110-1"] == (4, "work_hour")
    assert limits["E0406-1"] == (2, "urgent_hour")
    assert limits["E0506-1"] == (2, "urgent_hour")
    assert limits["C0101-4"] == (5, "work_day")
    assert limits["E0101-1"] == (2, "urgent_day")


def test_the_calendar_knows_the_national_days(reference: Reference) -> None:
    kinds = {row["day"]: row["kind"] for row in reference.calendar["days"]}
    assert len(kinds) == 75
    assert [kinds[f"2026-10-0{day}"] for day in (1, 2, 5, 6, 7)] == ["rest"] * 5
    assert kinds["2026-09-20"] == kinds["2026-10-10"] == "work"
    assert {day[:4] for day in kinds} == {"2024", "2025", "2026"}
    assert compile_calendar(reference.calendar).provisional_years == {2027}


def test_the_holidays_are_those_of_the_library() -> None:
    pytest.importorskip("chinese_calendar")
    assert HOLIDAYS_FILE.read_text(encoding="utf-8") == holidays_csv(2024, 2026)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-13-01,rest,,,元旦,x", "day: must be a date such as 2026-10-01, not '2026-13-01'"),
        ("2026-11-23,maybe,,,某日,x", "kind: unknown 'maybe'; known: rest, work, half, hours"),
        ("2026-11-23,work,,,某日,x", "kind: 2026-11-23 is no exception: its weekday says the same"),
        ("2026-11-23,rest,,,,x", "name_zh: must not be empty"),
        ("2026-10-01,rest,,,国庆节,x", "day: 2026-10-01 stands in row 71 already"),
    ],
)
def test_bad_days_are_refused_with_their_row(folder: Path, row: str, reason: str) -> None:
    with (folder / "calendar_days.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    with pytest.raises(BadReference) as refusal:
        read_reference(folder)
    assert refusal.value.problems == [f"calendar_days.csv, row 77: {reason}"]


def test_what_detection_proposes_is_in_the_tables(reference: Reference) -> None:
    types = {row["code"] for row in reference.catalogue["case_types"]}
    conditions = {row["id"] for row in reference.catalogue["filing_conditions"]}
    for rule in DETECTION_BOOK.compile(DETECTION_BOOK.first_content).by_label.values():
        assert rule.type_code in types
        assert rule.condition_id is None or rule.condition_id in conditions


def test_every_type_is_answered_for_in_every_street(reference: Reference) -> None:
    streets = [entry.code for entry in reference.divisions if entry.level == "street"]
    for row in reference.catalogue["case_types"]:
        for street in streets:
            choice = choose_department(row["handled_as"] or row["code"], street, reference.departments)
            assert choice.id is not None, (row["code"], street)


@pytest.mark.parametrize(
    ("type_code", "department"),
    [
        ("E0406", "enforcement"),
        ("E0201", "enforcement"),
        ("E0110", "sanitation"),
        ("E0112", "sanitation"),
        ("E0506", "drainage"),
        ("C0123", "municipal"),
        ("C0101", "water-supply"),
        ("C0111", "gas"),
        ("C0402", "greening"),
        ("E0304", "housing"),
        ("E0409", "traffic-police"),
        ("E0509", "emergency"),
    ],
)
def test_the_longest_prefix_gets_the_case(reference: Reference, type_code: str, department: str) -> None:
    assert choose_department(type_code, "370303002", reference.departments).id == department


def test_the_real_divisions_are_marked_real_and_the_invented_ones_are_not(reference: Reference) -> None:
    levels = Counter(entry.level for entry in reference.divisions)
    assert levels == {"district": 1, "street": 13, "community": 73}
    real = {e.code: e.name_zh for e in reference.divisions if e.level == "community" and e.code_is_real}
    assert real == {"370303002005": "沁园社区", "370303003014": "官庄社区"}
    assert all(entry.code_is_real for entry in reference.divisions if entry.level != "community")
    invented = [e for e in reference.divisions if not e.code_is_real]
    assert all(entry.name_zh.startswith("演示") and entry.code[9:] > "900" for entry in invented)


BAD_ROWS = [
    (TYPES, "building,01,公用设施,", "row 2: kind: unknown 'building'", ("component,01,公用设施,", 1)),
    (TYPES, "C0199,", "row 3: code: the code C0199 is not kind letter, 2 digits of the major", ("C0102,", 1)),
    (
        CONDITIONS,
        "C0101-1,C0101,1,0,",
        "row 2: limit_a: must be a whole number from 1 to 1000, not '0'",
        ("C0101-1,C0101,1,2,", 1),
    ),
    (
        CONDITIONS,
        "E0110-1,E0999,",
        "type_code: the condition is of an unknown type E0999",
        ("E0110-1,E0110,", 1),
    ),
    (CONDITIONS, ",moon,", "row 2: limit_unit: unknown 'moon'", (",urgent_hour,", 1)),
    (CONDITIONS, ",,", "text_zh: must not be empty", (",漏水,", 1)),
    (DIVISIONS, ",370303998,", "unknown parent '370303998'", (",370303001,", 1)),
    (DIVISIONS, "370303002,street", "370303002 is in this file twice", ("370303001,street", 1)),
    (DEPARTMENTS, "X99 ", "unknown type prefix 'X99'", ("E01 ", 1)),
    (DEPARTMENTS, "E01@370303999 ", "unknown street '370303999'", ("E01 ", 1)),
    (DEPARTMENTS, "E01@370303001 ", "no department answers for the type E0101 in 370303002", ("E01 ", 1)),
    (DEPARTMENTS, "E01 C03 ", "sanitation and municipal both answer for C03", ("C01 ", 1)),
]


@pytest.mark.parametrize(("file", "new", "reason", "old"), BAD_ROWS, ids=[row[2] for row in BAD_ROWS])
def test_a_bad_row_is_refused_with_its_reason(
    folder: Path, file: str, new: str, reason: str, old: tuple[str, int]
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old[0] in text
    (folder / file).write_text(text.replace(old[0], new, old[1]), encoding="utf-8")
    with pytest.raises(BadReference) as refusal:
        read_reference(folder)
    assert any(problem.startswith(file) and reason in problem for problem in refusal.value.problems)


def test_all_bad_rows_are_named_at_once(folder: Path) -> None:
    path = folder / TYPES
    text = path.read_text(encoding="utf-8").replace(",confirmed\n", ",sure\n", 2)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadReference) as refusal:
        read_reference(folder)
    assert sum("certainty: unknown 'sure'" in problem for problem in refusal.value.problems) == 2


def test_a_missing_column_and_a_missing_file_are_named(folder: Path) -> None:
    path = folder / TYPES
    path.write_text(path.read_text(encoding="utf-8").replace("name_zh", "name"), encoding="utf-8")
    with pytest.raises(BadReference, match="row 1: wrong head; missing: name_zh; unknown or twice: name;"):
        read_reference(folder)
    path.unlink()
    with pytest.raises(BadReference, match=r"case_types_2013\.csv: cannot be read"):
        read_reference(folder)
