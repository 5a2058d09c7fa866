"""Pages of lists: a keyset cursor that survives new rows, never an offset."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from city_core.kit.instants import checked_instant
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem

MOST_ROWS = 100


@dataclass(frozen=True)
class Page:
    """One page of rows, where the next one starts, and whether there is one."""

    rows: list[Row]
    end_cursor: str | None
    has_next: bool


def checked_size(first: int) -> int:
    """Accept a page size of 1 to 100 rows."""
    if not 1 <= first <= MOST_ROWS:
        raise CityProblem("PAGE_INVALID", field="first", allowed=f"1 to {MOST_ROWS}")
    return first


def cursor_of(*keys: Any) -> str:
    """Write the place in a list as an opaque text."""
    return base64.urlsafe_b64encode(orjson.dumps(keys)).decode().rstrip("=")


def keys_of(cursor: str, count: int) -> list[str | None]:
    """Read the place in a list back from its text."""
    try:
        keys = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError) as error:
        raise CityProblem("PAGE_INVALID", field="after", allowed="an endCursor of this list") from error
    fits = isinstance(keys, list) and len(keys) == count
    if not fits or not all(key is None or isinstance(key, str) for key in keys):
        raise CityProblem("PAGE_INVALID", field="after", allowed="an endCursor of this list")
    return keys  # type: ignore[no-any-return]


def instant_of(key: str | None) -> datetime:
    """Read an instant out of the place in a list."""
    try:
        found = checked_instant(datetime.fromisoformat(key or ""))
    except (ValueError, CityProblem):
        found = None
    if found is None:
        raise CityProblem("PAGE_INVALID", field="after", allowed="an endCursor of this list")
    return found


def page_of(rows: list[Row], first: int, *keys: str) -> Page:
    """Cut a page out of `first` + 1 rows, with the cursor made of these fields of the last row."""
    shown = rows[:first]
    end = cursor_of(*(_text(shown[-1].get(key)) for key in keys)) if shown else None
    return Page(shown, end, len(rows) > first)


def _text(value: datetime | str | None) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else value
