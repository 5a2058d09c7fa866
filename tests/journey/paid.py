"""What the apps' operations were really charged, as the lines of an API's log tell."""

from __future__ import annotations

import json
from pathlib import Path

from city_api.guard import weights
from city_api.guard.charge import READING

# Whole pages of a hundred cases, and all the city's words at once: asked for when a phone begins.
PULLS = {("CITIZEN", "PullCases"), ("INSPECTOR", "PullDictionaries"), ("OFFICER", "PullDictionaries")}
_PART = 4
_OF_ANYBODY = {"CITIZEN", ""}


def paid_in(log: Path) -> dict[tuple[str, str], int]:
    """Give the most that each operation was charged, by the post of who asked and its name."""
    paid: dict[tuple[str, str], int] = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        row = json.loads(line) if line.startswith("{") else {}
        if "points" in row and "operation" in row:
            key = row.get("post", ""), row["operation"]
            paid[key] = max(paid.get(key, 0), row["points"] - READING)
    return paid


def dear_ones(paid: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """Pick those that cost more than a quarter of what their post may ask for at once."""
    return {
        (post, name): cost
        for (post, name), cost in paid.items()
        if cost * _PART > (weights.MOST_COST_ANYBODY if post in _OF_ANYBODY else weights.MOST_COST_STAFF)
    }
