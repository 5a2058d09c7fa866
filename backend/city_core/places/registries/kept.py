"""What people changed since the last import is not undone by a file that still says what it said then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.kit.mongo import Row
from city_core.places.registries.stored import same_shape

# Fields that go with another one, or not at all.
_WITH: Mapping[str, tuple[str, ...]] = {
    "point": ("shape", "given", "cell", "grid_code", "responsibility_grid_id", "community_code",
              "street_code"),
    "owner_is_known": ("owner_unknown_since",),
}  # fmt: skip
_FOLLOWING = {name for names in _WITH.values() for name in names}


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
