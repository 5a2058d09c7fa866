"""The officers of a large city: two thousand, as their phones last said where they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from city_core.kit.calendar import BEIJING
from tests.bench.places.ground import Ground

OFFICERS = 2_000
FIX_MINUTES = 20.0  # the age of a fix on average
NEVER_SEEN, OFF_DUTY = 0.05, 0.1
SHIFT_HOURS = (8, 17)
Row = dict[str, Any]


def more_officers(known: Sequence[Row], ground: Ground, at: datetime) -> list[Row]:
    """Hire so many that there are 2,000: each into department and streets of a known one."""
    models = [row for row in known if row["role"] == "OFFICER"]
    dice = np.random.default_rng(3)
    count = OFFICERS - len(models)
    lng, lat, _ = ground.draw(dice, count)
    ages, luck = dice.exponential(FIX_MINUTES, count), dice.random((count, 2))
    rows = []
    for n in range(count):
        is_seen = luck[n, 0] >= NEVER_SEEN
        place = {"type": "Point", "coordinates": [float(lng[n]), float(lat[n])]}
        seen_at = at - timedelta(seconds=round(float(ages[n]) * 60))
        rows.append(
            {
                **models[n % len(models)],
                "_id": f"officer-{len(models) + n + 1:04d}",
                "phone": None,
                "name": f"处置员{n + 1}",
                "on_duty": bool(luck[n, 1] >= OFF_DUTY),
                "last_place": place if is_seen else None,
                "last_place_at": seen_at if is_seen else None,
                "last_place_accuracy_m": 12.0 if is_seen else None,
            }
        )
    return rows


def shifts_of(officers: Sequence[Row], at: datetime) -> list[Row]:
    """Plan the five shifts of the week for every second officer; the others are not bound to any."""
    day = at.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = day - timedelta(days=day.weekday())
    opens, closes = (timedelta(hours=hour) for hour in SHIFT_HOURS)
    return [
        {
            "_id": f"shift-{row['_id']}-{number}", "person_id": row["_id"],
            "starts_at": monday + timedelta(days=number) + opens,
            "ends_at": monday + timedelta(days=number) + closes,
        }
        for row in officers[::2]
        for number in range(5)
    ]  # fmt: skip
