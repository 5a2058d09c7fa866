"""Which officer 处置人员 is nearest in every sense: way, age of the fix, open tasks, street, department.

Pure rules. All of it is counted in metres of way, by weights that the city can change (rulebook
`nearest_officer`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from city_core.cases.whereabouts import Way, WayRule, way_to
from city_core.kit.rulebook.cells import choice, whole
from city_core.kit.rulebook.store import Rulebook
from city_core.kit.rulebook.tables import Content, Fault, Table

Row = Mapping[str, Any]


class Skill(StrEnum):
    """What the department of an officer has to do with a case of this type at this place."""

    OF_CASE = "OF_CASE"  # it has the case already
    ANSWERS = "ANSWERS"  # it is the first to answer for the type here
    ANSWERS_TOO = "ANSWERS_TOO"  # it answers for it as well, by a wider line


@dataclass(frozen=True)
class OfficerWeights(WayRule):
    """What else counts as so many metres of way: each open task, another street, a department that answers
    only by a wider line."""

    open_task_m: int = 1_500
    other_street_m: int = 2_000
    wider_department_m: int = 3_000


@dataclass(frozen=True)
class Ranked:
    """An officer with what was weighed; `counted_m` is the sum in metres of way, the least is the best."""

    person: Row
    way: Way
    open_tasks: int
    own_street: bool
    skill: Skill
    counted_m: float


def ranked(
    officers: Sequence[Row],
    point: Sequence[float],
    at: datetime,
    loads: Mapping[str, int],
    *,
    street_code: str,
    skills: Mapping[str, Skill],
    weights: OfficerWeights,
) -> list[Ranked]:
    """Put officers in order for a WGS-84 point, the nearest in every sense first; each with its figures."""
    found = []
    for person in officers:
        way = way_to(person, point, at, weights)
        tasks, skill = loads.get(person["_id"], 0), skills[person["department_id"]]
        own_street = street_code in (person.get("street_codes") or [street_code])
        counted = (
            way.counted_m
            + weights.open_task_m * tasks
            + (0 if own_street else weights.other_street_m)
            + (weights.wider_department_m if skill is Skill.ANSWERS_TOO else 0)
        )
        found.append(Ranked(person, way, tasks, own_street, skill, counted))
    return sorted(found, key=lambda one: (one.counted_m, one.person["_id"]))


_WEIGHTS = tuple(weight.name for weight in fields(OfficerWeights))
_TABLE = Table(
    "weights", (choice("weight", _WEIGHTS), whole("value", least=0, most=100_000)), key=("weight",)
)


def _compiled(content: Content) -> OfficerWeights:
    return OfficerWeights(**{row["weight"]: row["value"] for row in content["weights"]})


def _checked(content: Content) -> list[Fault]:
    weights = _compiled(content)
    if weights.fresh_minutes <= weights.stale_minutes:
        return []
    zh, en = "stale_minutes 不得小于 fresh_minutes", "stale_minutes must not be less than fresh_minutes"
    return [Fault("weights", None, "value", zh, en)]


# No published weights were at hand: these are ours, a weight that is left out has the value given here.
_DEFAULT = [{"weight": name, "value": value} for name, value in asdict(OfficerWeights()).items()]
NEAREST_OFFICER_BOOK: Rulebook[OfficerWeights] = Rulebook(
    "nearest_officer", (_TABLE,), compile=_compiled, check=_checked, default={"weights": _DEFAULT}
)
