"""The reference tables as files, and the checks that a table must pass before anything is written.

Rows come out in the stored shapes (plain dicts, `_id` first). A bad row is named with its file, its line and
the reason; all bad rows are named at once, so that an import is corrected in one go.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.catalogue.calendar import CALENDAR_BOOK, compile_calendar
from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.catalogue.catalogue_use import department_faults, season_faults
from city_core.kit.rulebook.tables import Content
from city_core.notify.rungs import REACHING
from city_seed.answers import answer_problems, read_answers
from city_seed.divisions import DivisionEntry, division_problem, read_division
from city_seed.rulebooks import RulebookFiles

REFERENCE_FOLDER = Path(__file__).parents[1] / "reference"
Row = dict[str, Any]


class BadReference(Exception):
    """Raised when reference rows are wrong; `problems` names file, line and reason of every one."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass
class Reference:
    """The checked tables of one city."""

    catalogue: Content
    calendar: Content
    emergencies: Content
    reaching: Content
    divisions: list[DivisionEntry] = field(default_factory=list)
    departments: list[Row] = field(default_factory=list)

    @property
    def handled_as(self) -> set[str]:
        """What departments must answer for: the types, or what a type is handled as."""
        return {row["handled_as"] or row["code"] for row in self.catalogue["case_types"]}


@dataclass(frozen=True)
class _Line:
    file: str
    number: int
    cells: dict[str, str]

    def complaint(self, reason: str) -> str:
        return f"{self.file}, row {self.number}: {reason}"


def read_reference(folder: Path = REFERENCE_FOLDER) -> Reference:
    """Read the reference tables of a city, or refuse them with every bad row named."""
    calendar = RulebookFiles(CALENDAR_BOOK, folder)
    catalogue = RulebookFiles(CATALOGUE_BOOK, folder)
    emergencies = RulebookFiles(EMERGENCY_PROFILES, folder)
    reaching = RulebookFiles(REACHING, folder)
    reference = Reference(catalogue.content, calendar.content, emergencies.content, reaching.content)
    problems = calendar.problems + catalogue.problems + emergencies.problems + reaching.problems
    divisions = folder / "divisions_zhangdian.csv"
    codes = {line.cells.get("code") or "" for line in _lines(divisions)}
    for line in _checked(divisions, division_problem, problems, codes, key="code"):
        reference.divisions.append(read_division(line.cells))
    _read_departments(folder / "departments.csv", reference, problems)
    if not problems:
        catalogue.add([
            *department_faults(reference.catalogue, {row["_id"] for row in reference.departments}),
            *season_faults(reference.catalogue, set(compile_calendar(reference.calendar).seasons)),
        ])  # fmt: skip
        problems += catalogue.problems
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


def _department_problem(cells: dict[str, str], types: set[str], streets: set[str]) -> str | None:
    for answer in read_answers(cells["answers_for"]):
        prefix = answer["type_prefix"]
        if not prefix or not any(code.startswith(prefix) for code in types):
            return f"the department answers for an unknown type prefix {prefix!r}"
        for street in answer["street_codes"]:
            if street not in streets:
                return f"unknown street {street!r}"
    return _blank(cells, "id", "name_zh", "name_en", "answers_for")


def _read_departments(path: Path, reference: Reference, problems: list[str]) -> None:
    types = {row["code"] for row in reference.catalogue["case_types"]}
    streets = {entry.code for entry in reference.divisions if entry.level == "street"}
    for line in _checked(path, _department_problem, problems, types, streets):
        reference.departments.append(_department_row(line.cells))
    if not problems:
        found = answer_problems(reference.departments, reference.handled_as, streets)
        problems.extend(f"{path.name}: {reason}" for reason in found)


def _blank(cells: dict[str, str], *columns: str) -> str | None:
    empty = [column for column in columns if not cells[column].strip()]
    return f"{', '.join(empty)} must not be empty" if empty else None


def _department_row(cells: dict[str, str]) -> Row:
    return {
        "_id": cells["id"],
        "name_zh": cells["name_zh"],
        "name_en": cells["name_en"],
        "answers_for": read_answers(cells["answers_for"]),
        "level": "DISTRICT",
        "area_code": "",
    }
