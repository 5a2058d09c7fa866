"""What a new version of a rulebook changes: rows added, taken out and changed, by the keys of the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from city_core.kit.rulebook.tables import Content, Row, Table


@dataclass(frozen=True)
class Difference:
    """What changes in one table, in rows."""

    table: str
    added: int = 0
    removed: int = 0
    changed: int = 0
    unchanged: int = 0


def differences(tables: Sequence[Table], before: Content, after: Content) -> list[Difference]:
    """Compare two versions table by table; the order of rows does not count."""
    return [_difference(table, before.get(table.name, ()), after.get(table.name, ())) for table in tables]


def is_same(found: Sequence[Difference]) -> bool:
    """Tell whether nothing changes at all."""
    return not any(table.added or table.removed or table.changed for table in found)


def _difference(table: Table, before: Sequence[Row], after: Sequence[Row]) -> Difference:
    old, new = _by_key(table, before), _by_key(table, after)
    both = old.keys() & new.keys()
    changed = sum(old[key] != new[key] for key in both)
    return Difference(table.name, len(new) - len(both), len(old) - len(both), changed, len(both) - changed)


def _by_key(table: Table, rows: Sequence[Row]) -> dict[tuple[Any, ...], Row]:
    return {tuple(row[name] for name in table.key): row for row in rows}
