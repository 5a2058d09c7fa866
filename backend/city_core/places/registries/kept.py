"""What stays on record although a file says otherwise.

What people changed since the last import is not undone by a file that still says what it said then. What
whoever brings the file in cannot read is not emptied by the blanks that they see in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.kit.mongo import Row
from city_core.places.elements.rights import is_unseen_by_importers
from city_core.places.registries.faults import Fault
from city_core.places.registries.given import Checked
from city_core.places.registries.stored import same_shape
from city_core.places.registries.tables import GRID_ELEMENTS, Registry

# Fields that go with another one, or not at all.
_WITH: Mapping[str, tuple[str, ...]] = {
    "point": ("shape", "given", "cell", "grid_code", "responsibility_grid_id", "community_code",
              "street_code"),
    "owner_is_known": ("owner_unknown_since",),
}  # fmt: skip
_CHANGED = (
    "导入后有人更改，已保留现有值",
    "changed by somebody since the last import; what is on record stays",
)
_UNSEEN = (
    "导入人无权查看，空白不覆盖现有值",
    "not shown to whoever imports it: a blank leaves what is on record",
)
_BLANKS: tuple[Any, ...] = ("", None, [], {})
_FOLLOWING = {name for names in _WITH.values() for name in names}


def keep(registry: Registry, row: Checked, changes: Row, stored: Row) -> list[Fault]:
    """Take out of the changes of a row what stays as it is, and tell so."""
    by_people = kept_by_people(changes, stored)
    unseen = kept_unseen(registry, changes, stored) - by_people
    for name in by_people | unseen:
        del changes[name]
    told = ((by_people, _CHANGED), (unseen, _UNSEEN))
    return [Fault(row.row, ", ".join(sorted(names)), *why) for names, why in told if names]


def kept_by_people(changes: Row, stored: Row) -> set[str]:
    """Name the changes of a row that would undo what somebody did since the last import.

    A file that says what the row was before they did so has not heard of it; one that says something else
    is newer than the row, and counts.
    """
    was = _before_people(stored)
    kept = {
        name
        for name, value in changes.items()
        if name in was and name not in _FOLLOWING and _same(value, was[name])
    }
    for name in kept & _WITH.keys():
        kept |= {other for other in _WITH[name] if other in changes}
    return kept


def kept_unseen(registry: Registry, changes: Row, stored: Row) -> set[str]:
    """Name the changes that would empty what whoever brings the file in cannot read."""
    if registry is not GRID_ELEMENTS or not is_unseen_by_importers(stored):
        return set()
    return {name for name, value in changes.items() if value in _BLANKS}


def _before_people(stored: Row) -> Row:
    """Tell what was on record before people changed it, since the last import wrote the row."""
    history = stored.get("history") or []
    imported = [number for number, change in enumerate(history) if change.get("import_id")]
    was: Row = {}
    for change in history[imported[-1] + 1 if imported else 0 :]:
        was = {**(change.get("before") or {}), **was}
    return was


def _same(value: Any, was: Any) -> bool:
    if isinstance(value, dict) and isinstance(was, dict) and "type" in value:
        return same_shape(value, was)
    return bool(value == was or (value in (None, "") and was in (None, "")))
