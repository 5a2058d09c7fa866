"""Which model was in use from when to when, as rows; and which one comes back when the last is taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Rows = dict[str, Any]


def start_history(shipped: Rows, now: datetime) -> Rows:
    """Begin a city's own registry: the model that ships is in use, nothing else is known."""
    version = shipped["in_use"]
    rows: Rows = {"in_use": version, "models": {}, "history": []}
    return put_in_use(rows, version, now, by="software", why="the model that ships")


def put_in_use(
    rows: Rows, version: str, now: datetime, *, by: str, why: str, takes_back: bool = False
) -> Rows:
    """Write down that a model is in use from now on; one that is in use already stays so."""
    history: list[Rows] = rows["history"]
    if history and rows["in_use"] == version:
        return rows
    for row in history:
        if row["to"] is None:
            row["to"] = _instant(now)
        if takes_back and row["version"] == rows["in_use"]:
            row["rolled_back"] = True
    history.append({
        "version": version, "from": _instant(now), "to": None, "by": by, "why": why, "rolled_back": False,
    })  # fmt: skip
    rows["in_use"] = version
    return rows


def version_before(rows: Rows) -> str | None:
    """Say which model comes back: the last one before that was never taken back itself."""
    earlier = [row["version"] for row in rows["history"] if not row["rolled_back"]]
    return next((version for version in reversed(earlier) if version != rows["in_use"]), None)


def _instant(now: datetime) -> str:
    return now.isoformat(timespec="seconds")
