"""What commands about places have to be given so that the city carries them out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from city_core.places.days import city_day
from tests.api.policy.seeded import OWN, Ids
from tests.api.policy.seeded_claims import CLAIM_SECRET
from tests.api.policy.seeded_places import EMPTY_CORNERS, EMPTY_GRID, NEXT_GRID
from tests.api.support import new_uuid
from tests.village import INSIDE


def inputs_of_places(name: str, ids: Ids) -> dict[str, Any]:
    """Give the values of a command about no object of a street by their names; none of any other."""
    now = datetime.now(UTC)
    fix = {"lng": INSIDE[0], "lat": INSIDE[1], "at": (now - timedelta(seconds=1)).isoformat()}
    return {
        "collectPoints": {"requestId": new_uuid(), "claimSecret": CLAIM_SECRET},
        "makeSigns": {"signs": [{"componentCode": ids["componentCode"][OWN]}]},
        "redrawGrid": {
            "oldCodes": [EMPTY_GRID], "grids": [{"code": NEXT_GRID, "border": EMPTY_CORNERS}],
            "day": city_day(now),
        },
        "reportPosition": {"fixes": [{**fix, "accuracyM": 8.0}]},
    }.get(name, {})  # fmt: skip
