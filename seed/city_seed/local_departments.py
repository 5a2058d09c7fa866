"""Departments below the district, for the three-level loop 三级循环: invented, the same at every run.

Every street has an office, and its first community has a service station; their names say that they are of
the demo. They answer for every type at their place; which types start there is a matter of the rulebook
`levels`, in which the district has everything until somebody publishes otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]
_KINDS = ("C", "E")


def local_departments(divisions: Sequence[Row]) -> list[Row]:
    """Give every street its office, and its first community a service station."""
    found = []
    for street in (row for row in divisions if row["level"] == "street"):
        found.append(_department("STREET", "office", street, "综合服务中心", "Street office"))
        own = [row for row in divisions if row["parent_code"] == street["_id"]]
        if own:
            first = min(own, key=lambda row: row["_id"])
            found.append(_department("COMMUNITY", "station", first, "服务站", "Community station"))
    return found


def _department(level: str, kind: str, division: Row, name_zh: str, name_en: str) -> Row:
    return {
        "_id": f"{kind}-{division['_id']}",
        "name_zh": f"{division['name_zh']}{name_zh}（演示）",
        "name_en": f"{name_en} {division['_id']} (demo)",
        "answers_for": [{"type_prefix": prefix, "street_codes": []} for prefix in _KINDS],
        "level": level,
        "area_code": division["_id"],
    }
