"""The reference tables as files, and the checks that a table must pass before anything is written.

Rows come out in the stored shapes (plain dicts, `_id` first). A bad row is named with its file, its line and
the reason; all bad rows are named at once, so that an import is corrected in one go.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from city_core.catalogue.model import Certainty, Kind, LimitUnit
from city_seed.answers import answer_problems, read_answers
from city_seed.days import day_problem, read_day
from city_seed.divisions import DivisionEntry, division_problem, read_division
from city_seed.emergencies import read_emergencies

REFERENCE_FOLDER = Path(__file__).parents[1] / "reference"
_LETTERS: dict[str, str] = {"component": "C", "event": "E"}
Row = dict[str, Any]


class BadReference(Exception):
    """Raised when reference rows are wrong; `problems` names file, line and reason of every one."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass
class Reference:
    """The checked tables of one city."""

    case_types: list[Row] = field(default_factory=list)
    filing_conditions: list[Row] = field(default_factory=list)
    divisions: list[DivisionEntry] = field(default_factory=list)
    departments: list[Row] = field(default_factory=list)
    calendar_days: list[Row] = field(default_factory=list)
    emergencies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Line:
    file: str
    number: int
    cells: dict[str, str]

    def complaint(self, reason: str) -> str:
        return f"{self.file}, row {self.number}: {reason}"


def read_reference(folder: Path = REFERENCE_FOLDER) -> Reference:
    """Read the reference tables of a city, or refuse them with every bad row named."""
    problems: list[str] = []
    reference = Reference()
    for line in _checked(folder / "case_types_2013.csv", _type_problem, problems, key="code"):
        reference.case_types.append(_type_row(line.cells))
    types = {row["_id"] for row in reference.case_types}
    for line in _checked(folder / "filing_conditions.csv", _condition_problem, problems, types):
        reference.filing_conditions.append(_condition_row(line.cells))
    divisions = folder / "divisions_zhangdian.csv"
    codes = {line.cells.get("code") or "" for line in _lines(divisions)}
    for line in _checked(divisions, division_problem, problems, codes, key="code"):
        reference.divisions.append(read_division(line.cells))
    streets = {entry.code for entry in reference.divisions if entry.level == "street"}
    _read_departments(folder / "departments.csv", reference, types, streets, problems)
    for line in _checked(folder / "calendar_days.csv", day_problem, problems, key="day"):
        reference.calendar_days.append(read_day(line.cells))
    reference.emergencies = read_emergencies(folder, problems)
    if problems:
        raise BadReference(problems)
    return reference


def _lines(path: Path) -> Iterator[_Line]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, restval="")
            for cells in reader:
                yield _Line(path.name, reader.line_num, cells)
    except (OSError, UnicodeDecodeError) as error:
        raise BadReference([f"{path.name}: cannot be read ({error})"]) from error


def _checked(
    path: Path, problem_of: Any, problems: list[str], *known: set[str], key: str = "id"
) -> Iterator[_Line]:
    """Pass on the good rows of a file, in order; note why the others are bad."""
    seen: set[str] = set()
    for line in _lines(path):
        try:
            reason = problem_of(line.cells, *known)
            if reason is None and line.cells[key] in seen:
                reason = f"{line.cells[key]} is in this file twice"
        except KeyError as missing:
            reason = f"the column {missing.args[0]} is missing"
        if reason:
            problems.append(line.complaint(reason))
        else:
            seen.add(line.cells[key])
            yield line


def _type_problem(cells: dict[str, str]) -> str | None:
    if cells["kind"] not in get_args(Kind):
        return f"unknown kind {cells['kind']!r}; known: {', '.join(get_args(Kind))}"
    expected = _LETTERS[cells["kind"]] + cells["major_code"] + cells["minor_code"]
    if cells["code"] != expected or len(expected) != 5 or not expected[1:].isdigit():
        return f"the code {cells['code']!r} is not kind letter, major and minor ({expected})"
    if cells["certainty"] not in get_args(Certainty):
        return f"unknown certainty {cells['certainty']!r}; known: {', '.join(get_args(Certainty))}"
    return _blank(cells, "standard", "major_zh", "major_en", "name_zh", "name_en")


def _condition_problem(cells: dict[str, str], types: set[str]) -> str | None:
    if cells["type_code"] not in types:
        return f"the condition is for an unknown type {cells['type_code']!r}"
    if not cells["position"].isdecimal() or cells["id"] != f"{cells['type_code']}-{cells['position']}":
        return f"the id {cells['id']!r} is not type and position"
    if not cells["limit_value"].isdecimal() or int(cells["limit_value"]) <= 0:
        return f"the limit {cells['limit_value']!r} is not a whole number above 0"
    if cells["limit_unit"] not in get_args(LimitUnit):
        return f"unknown limit unit {cells['limit_unit']!r}; known: {', '.join(get_args(LimitUnit))}"
    return _blank(cells, "text_zh", "text_en", "closing_zh", "closing_en")


def _department_problem(cells: dict[str, str], types: set[str], streets: set[str]) -> str | None:
    for answer in read_answers(cells["answers_for"]):
        prefix = answer["type_prefix"]
        if not prefix or not any(code.startswith(prefix) for code in types):
            return f"the department answers for an unknown type prefix {prefix!r}"
        for street in answer["street_codes"]:
            if street not in streets:
                return f"unknown street {street!r}"
    return _blank(cells, "id", "name_zh", "name_en", "answers_for")


def _read_departments(
    path: Path, reference: Reference, types: set[str], streets: set[str], problems: list[str]
) -> None:
    for line in _checked(path, _department_problem, problems, types, streets):
        reference.departments.append(_department_row(line.cells))
    if not problems:
        found = answer_problems(reference.departments, types, streets)
        problems.extend(f"{path.name}: {reason}" for reason in found)


def _blank(cells: dict[str, str], *columns: str) -> str | None:
    empty = [column for column in columns if not cells[column].strip()]
    return f"{', '.join(empty)} must not be empty" if empty else None


def _type_row(cells: dict[str, str]) -> Row:
    names = ("standard", "kind", "major_code", "major_zh", "major_en", "minor_code", "name_zh", "name_en")
    kept = {name: cells[name] for name in names}
    return {"_id": cells["code"], **kept, "certainty": cells["certainty"], "local": False}


def _condition_row(cells: dict[str, str]) -> Row:
    return {
        "_id": cells["id"],
        "type_code": cells["type_code"],
        "position": int(cells["position"]),
        "text_en": cells["text_en"],
        "text_zh": cells["text_zh"],
        "limit_value": int(cells["limit_value"]),
        "limit_unit": cells["limit_unit"],
        "closing_en": cells["closing_en"],
        "closing_zh": cells["closing_zh"],
    }


def _department_row(cells: dict[str, str]) -> Row:
    return {
        "_id": cells["id"],
        "name_zh": cells["name_zh"],
        "name_en": cells["name_en"],
        "answers_for": read_answers(cells["answers_for"]),
    }
