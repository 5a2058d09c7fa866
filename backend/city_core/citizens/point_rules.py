"""How many points 积分 each merit earns, and how often a day; data that the city can change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from city_core.cases.earning import Merit
from city_core.kit.rulebook.cells import choice, whole
from city_core.kit.rulebook.store import Rulebook
from city_core.kit.rulebook.tables import Content, Table

_TABLE = Table(
    "points",
    (
        choice("merit", tuple(Merit)),
        whole("points", least=0, most=10_000),
        whole("most_per_day", least=1, most=1_000),
    ),
    key=("merit",),
)


@dataclass(frozen=True)
class PointRule:
    """What one merit earns, and how many times in one day of Beijing time."""

    points: int
    most_per_day: int


PointRules = Mapping[str, PointRule]


def _compiled(content: Content) -> PointRules:
    return {row["merit"]: PointRule(row["points"], row["most_per_day"]) for row in content["points"]}


# No published rate was at hand: these are ours, and the keeper of the rules may change them.
_DEFAULT = [
    {"merit": Merit.REPORT_FILED.value, "points": 10, "most_per_day": 10},
    {"merit": Merit.REPORT_CLOSED.value, "points": 5, "most_per_day": 10},
    {"merit": Merit.QUESTION_ANSWERED.value, "points": 2, "most_per_day": 5},
    {"merit": Merit.CASE_RATED.value, "points": 2, "most_per_day": 5},
]
POINTS_BOOK: Rulebook[PointRules] = Rulebook(
    "points", (_TABLE,), compile=_compiled, default={"points": _DEFAULT}
)
