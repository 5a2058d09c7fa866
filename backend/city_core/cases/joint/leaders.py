"""Which leader decides when departments keep returning a case: the street's first, then the district's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from city_core.cases.reasons import Why, reason
from city_core.cases.routing import Choice


def choose_leader(candidates: Sequence[Mapping[str, Any]], *, kept_apart: Collection[str] = ()) -> Choice:
    """Choose the leader who answers for the fewest streets: the one of this street before the district's."""
    fits = [row for row in candidates if row["_id"] not in kept_apart]
    if not fits:
        return Choice(None, reason(Why.NOBODY))
    best = min(fits, key=lambda row: (len(row["street_codes"]), row["_id"]))
    return Choice(best["_id"], reason(Why.LEADER_OF, streets=len(best["street_codes"])))
