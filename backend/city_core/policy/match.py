"""Answers a MongoDB filter for one row in hand, so that a rule that is a filter is a question too.

Knows the few operators that rules use, and refuses any other: what is not understood opens nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

_MISSING = object()
_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "$lt": operator.lt, "$lte": operator.le, "$gt": operator.gt, "$gte": operator.ge,
}  # fmt: skip


def matches(query: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Tell whether the database would find this row with this filter (under test against the real one)."""
    return all(_clause(name, wanted, row) for name, wanted in query.items())


def _clause(name: str, wanted: Any, row: Mapping[str, Any]) -> bool:
    if name == "$and":
        return all(matches(part, row) for part in wanted)
    if name == "$or":
        return any(matches(part, row) for part in wanted)
    if name.startswith("$"):
        raise ValueError(f"{name} is no operator of rules")
    found = _at(name.split("."), row)
    if isinstance(wanted, Mapping):
        return all(_operator(one, value, found) for one, value in wanted.items())
    return _is_among(wanted, found)


def _operator(name: str, wanted: Any, found: list[Any]) -> bool:
    if name == "$in":
        return any(_is_among(one, found) for one in wanted)
    if name == "$nin":
        return not any(_is_among(one, found) for one in wanted)
    if name == "$ne":
        return not _is_among(wanted, found)
    if name == "$elemMatch":
        parts = [part for value in found if isinstance(value, (list, tuple)) for part in value]
        return any(isinstance(part, Mapping) and matches(wanted, part) for part in parts)
    if name in _ORDERED:
        return any(type(value) is type(wanted) and _ORDERED[name](value, wanted) for value in found)
    raise ValueError(f"{name} is no operator of rules")


def _is_among(wanted: Any, found: list[Any]) -> bool:
    return any(_equals(wanted, value) for value in found)


def _equals(wanted: Any, found: Any) -> bool:
    if found is _MISSING or found is None:
        return wanted is None
    if isinstance(found, (list, tuple)):
        return wanted in found or wanted == found
    return bool(wanted == found)


def _at(path: list[str], row: Any) -> list[Any]:
    """Give the values at the end of a path; there are many where it leads through a list."""
    if not path:
        return [row]
    if isinstance(row, (list, tuple)):
        return [value for one in row if isinstance(one, Mapping) for value in _at(path, one)]
    if not isinstance(row, Mapping) or path[0] not in row:
        return [_MISSING]
    return _at(path[1:], row[path[0]])
