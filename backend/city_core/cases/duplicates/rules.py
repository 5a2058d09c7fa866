"""How near, how recent and how alike a report must be to be a duplicate, or a recurrence, by type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from city_core.catalogue.catalogue import catalogue_of
from city_core.kit.city import City
from city_core.kit.rulebook.cells import text, whole
from city_core.kit.rulebook.store import Rulebook, rows_numbered
from city_core.kit.rulebook.tables import Content, Fault, Table

_TABLE = Table(
    "duplicates",
    (
        text("type_prefix", blank="", most=16),
        whole("radius_m", least=1, most=2_000, blank=50),
        whole("within_hours", least=1, most=24 * 90, blank=24),
        whole("photo_distance", least=0, most=32, blank=10),
        whole("recurrence_radius_m", least=1, most=500, blank=30),
        whole("recurrence_days", least=1, most=365, blank=15),
    ),
    key=("type_prefix",),
)


@dataclass(frozen=True)
class DuplicateRule:
    """What counts as the same thing for one kind of types; a photo distance is in bits of 64."""

    type_prefix: str = ""
    radius_m: int = 50
    within_hours: int = 24
    photo_distance: int = 10
    recurrence_radius_m: int = 30
    recurrence_days: int = 15


@dataclass(frozen=True)
class DuplicateRules:
    """The rules of all types, the longest prefix first."""

    rows: Sequence[DuplicateRule]

    def rule_for(self, type_code: str | None) -> DuplicateRule:
        """Find the rule of a type; a report without a type falls under the rule of all types."""
        return next(row for row in self.rows if (type_code or "").startswith(row.type_prefix))


def _compiled(content: Content) -> DuplicateRules:
    rows = [DuplicateRule(**row) for row in content["duplicates"]]
    return DuplicateRules(sorted(rows, key=lambda row: -len(row.type_prefix)))


def _check(content: Content) -> list[Fault]:
    if any(row["type_prefix"] == "" for row in content["duplicates"]):
        return []
    zh = "缺少适用于所有类别的一行（type_prefix 留空）"
    return [Fault("duplicates", None, "type_prefix", zh, "the row for all types (empty prefix) is missing")]


async def _check_in_city(city: City, content: Content) -> list[Fault]:
    known = (await catalogue_of(city)).rules.types
    return [
        Fault(
            "duplicates", number, "type_prefix", f"没有以{prefix}开头的类别", f"no type begins with {prefix}"
        )
        for number, row in rows_numbered(content["duplicates"])
        if (prefix := row["type_prefix"]) and not any(code.startswith(prefix) for code in known)
    ]


_FOR_ALL_TYPES = {
    "type_prefix": "", "radius_m": 50, "within_hours": 24, "photo_distance": 10,
    "recurrence_radius_m": 30, "recurrence_days": 15,
}  # fmt: skip
DUPLICATES: Rulebook[DuplicateRules] = Rulebook(
    "duplicates",
    (_TABLE,),
    compile=_compiled,
    default={"duplicates": [_FOR_ALL_TYPES]},
    check=_check,
    check_in_city=_check_in_city,
)
