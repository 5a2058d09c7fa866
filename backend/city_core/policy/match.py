"""Answers a MongoDB filter for one row in hand, so that a rule that is a filter is a question too.

Knows the few operators that rules use, and refuses any other: what is not understood opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MISSING = object()


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
        return all(_operator(operator, value, found) for operator, value in wanted.items())
    return _equals(wanted, found)


def _operator(operator: str, wanted: Any, found: Any) -> bool:
    if operator == "$in":
        return any(_equals(one, found) for one in wanted)
    if operator == "$nin":
        return not any(_equals(one, found) for one in wanted)
    if operator == "$ne":
        return not _equals(wanted, found)
    raise ValueError(f"{operator} is no operator of rules")


def _equals(wanted: Any, found: Any) -> bool:
    if found is _MISSING or found is None:
        return wanted is None
    if isinstance(found, (list, tuple)):
        return wanted in found or wanted == found
    return bool(wanted == found)


def _at(path: list[str], row: Any) -> Any:
    for name in path:
        if not isinstance(row, Mapping) or name not in row:
            return _MISSING
        row = row[name]
    return row
