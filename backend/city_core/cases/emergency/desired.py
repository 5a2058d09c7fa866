"""Which clock a case should have: that of the emergency it belongs to, or its normal one. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from city_core.cases.emergency.in_force import InForce, belongs_to
from city_core.catalogue.limits import Limit, limit_from

_FILING = frozenset({"FILE", "SPLIT_OFF", "FILE_FOLLOW_UP"})


@dataclass(frozen=True)
class WantedClock:
    """The limit that a case should run under, and the emergency that asks for it; None for the normal one."""

    limit: Limit
    emergency: InForce | None

    @property
    def emergency_id(self) -> str | None:
        return self.emergency.id if self.emergency else None


def normal_limit(history: Sequence[Mapping[str, Any]]) -> Limit | None:
    """Read from a history the limit that a case has without any emergency; None when it was never filed."""
    for row in reversed(history):
        facts = row.get("facts") or {}
        if row["action"] in _FILING and facts.get("limit"):
            return limit_from(facts.get("normal_limit") or facts["limit"])
    return None


def wanted_clock(
    place: Mapping[str, Any], type_code: str | None, normal: Limit, on: Sequence[InForce]
) -> WantedClock:
    """Tell which clock a case should have while these emergencies are on."""
    emergency = belongs_to(on, place, type_code)
    limit = emergency.profile.limit_for(type_code, normal) if emergency else None
    return WantedClock(limit or normal, emergency)
