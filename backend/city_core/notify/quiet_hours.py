"""Quiet hours 免打扰: from one local time of the day to another, in Beijing; they may span midnight."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from city_core.kit.calendar import BEIJING


def quiet_until(preferences: Mapping[str, Any] | None, at: datetime) -> datetime | None:
    """Tell when the quiet hours that an instant lies in are over (UTC); None outside of them."""
    if preferences is None or preferences["quiet_from"] is None:
        return None
    local = at.astimezone(BEIJING)
    begins, ends = (time.fromisoformat(preferences[name]) for name in ("quiet_from", "quiet_to"))
    now = local.time().replace(tzinfo=None)
    is_quiet = begins <= now < ends if begins < ends else now >= begins or now < ends
    if not is_quiet:
        return None
    over = datetime.combine(local.date(), ends, BEIJING)
    return (over if over > local else over + timedelta(days=1)).astimezone(UTC)
