"""The reference tables: complete, bilingual, answered for, and refused when a row is wrong."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from city_core.cases.routing import choose_department
from city_core.catalogue.label_rules import LABEL_RULES
from city_seed.reference import REFERENCE_FOLDER, BadReference, Reference, read_reference

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


def test_the_dictionary_has_the_named_types_of_2013(reference: Reference) -> None:
    kinds = Counter(row["kind"] for row in reference.case_types)
    assert kinds == {"component": 121, "event": 81}
    assert {row["standard"] for row in reference.case_types} == {"GB/T 30428.2-2013"}
    names = {row["_id"]: row["name_zh"] for row in reference.case_types}
    assert (names["C0101"], names["E0110"], names["E0406"]) == ("上水井盖", "暴露垃圾", "占道经营")


def test_every_uncertain_type_says_so(reference: Reference) -> None:
    certainty = Counter(row["certainty"] for row in reference.case_types)
    assert certainty == {"confirmed": 117, "carried": 54, "single": 16, "inferred": 9, "bracketed": 6}


def test_the_conditions_are_bilingual_and_numbered_within_their_type(reference: Reference) -> None:
    assert len(reference.filing_conditions) == 179
    seen: Counter[str] = Counter()
    for row in reference.filing_conditions:
        seen[row["type_code"]] += 1
        assert row["_id"] == f"{row['type_code']}-{seen[row['type_code']]}"
        assert CHINESE.search(row["text_zh"]) and CHINESE.search(row["closing_zh"]), row["_id"]
        assert not CHINESE.search(row["text_en"] + row["closing_en"]), row["_id"]


def test_a_limit_is_the_one_of_the_table(reference: Reference) -> None:
    limits = {row["_id"]: (row["limit_value"], row["limit_unit"]) for row in reference.filing_conditions}
    assert limits["E0110-1"] == (4, "work_hour")
    assert limits["E0406-1"] == (2, "urgent_hour")
    assert limits["E0506-1"] == (2, "urgent_hour")
    assert limits["C0101-4"] == (5, "work_day")
    assert limits["E0101-1"] == (2, "urgent_day")


def test_the_calendar_knows_the_national_days(reference: Reference) -> None:
    works = {row["_id"]: row["works"] for row in reference.calendar_days}
    assert len(works) == 75
    assert [works[f"2026-10-0{day}"] for day in (1, 2, 5, 6, 7)] == [False] * 5
    assert works["2026-09-20"] is works["2026-10-10"] is True
    assert {day[:4] for day in works} == {"2024", "2025", "2026"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-13-01,no,元旦", "is not a date"),
        ("2026-11-23,maybe,某日", "works must be yes or no"),
        ("2026-11-23,yes,某日", "is no exception"),
        ("2026-11-23,no,", "name_zh must not be empty"),
        ("2026-10-01,no,国庆节", "is in this file twice"),
    ],
)
def test_bad_days_are_refused_with_their_row(folder: Path, row: str, reason: str) -> None:
    with (folder / "calendar_days.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    with pytest.raises(BadReference, match=rf"calendar_days\.csv, row 77: .*{reason}"):
        read_reference(folder)


def test_what_detection_proposes_is_in_the_tables(reference: Reference) -> None:
    types = {row["_id"] for row in reference.case_types}
    conditions = {row["_id"] for row in reference.filing_conditions}
    for rule in LABEL_RULES.values():
        assert rule.type_code in types
        assert rule.condition_id is None or rule.condition_id in conditions


def test_every_type_is_answered_for_in_every_street(reference: Reference) -> None:
    streets = [entry.code for entry in reference.divisions if entry.level == "street"]
    for row in reference.case_types:
        for street in streets:
            choice = choose_department(row["_id"], street, reference.departments)
            assert choice.id is not None, (row["_id"], street)


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
    (TYPES, "building,01,公用设施,", "row 2: unknown kind 'building'", ("component,01,公用设施,", 1)),
    (TYPES, "C0101,", "row 3: the code 'C0101' is not kind letter, major and minor", ("C0102,", 1)),
    (
        CONDITIONS,
        "C0101-1,C0101,1,0,",
        "row 2: the limit '0' is not a whole number",
        ("C0101-1,C0101,1,2,", 1),
    ),
    (CONDITIONS, "E0110-1,E0999,", "the condition is for an unknown type 'E0999'", ("E0110-1,E0110,", 1)),
    (CONDITIONS, ",moon,", "row 2: unknown limit unit 'moon'", (",urgent_hour,", 1)),
    (CONDITIONS, ",,", "text_zh must not be empty", (",漏水,", 1)),
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
    assert sum("unknown certainty 'sure'" in problem for problem in refusal.value.problems) == 2


def test_a_missing_column_and_a_missing_file_are_named(folder: Path) -> None:
    path = folder / TYPES
    path.write_text(path.read_text(encoding="utf-8").replace("certainty", "sureness"), encoding="utf-8")
    with pytest.raises(BadReference, match="row 2: the column certainty is missing"):
        read_reference(folder)
    path.unlink()
    with pytest.raises(BadReference, match=r"case_types_2013\.csv: cannot be read"):
        read_reference(folder)
