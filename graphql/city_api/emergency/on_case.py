"""The emergency whose clock a case has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry
from strawberry.dataloader import DataLoader

from city_api.rows import stored
from city_core.cases.emergency.queries import emergency_names
from city_core.kit.city import City
from city_core.kit.mongo import Row

if TYPE_CHECKING:
    from city_api.context import Context


@strawberry.type(description="The emergency 应急状态 whose clock a case has, or had when it ended.")
class CaseEmergency:
    id: strawberry.ID = stored("id")
    name: str = stored("name")
    since: datetime = stored("since", "Since when the case has its clock.")


class EmergencyNameLoader:
    """Finds the names of the emergencies in one answer with one question to MongoDB."""

    def __init__(self, city: City) -> None:
        async def load(emergency_ids: Sequence[str]) -> list[str]:
            names = await emergency_names(city, emergency_ids)
            return [names.get(emergency_id, "") for emergency_id in emergency_ids]

        self._loader: DataLoader[str, str] = DataLoader(load_fn=load)

    async def name(self, emergency_id: str) -> str:
        """Find an emergency's name."""
        return await self._loader.load(emergency_id)


def emergency_of_case(case: Row, context: Context) -> Any:
    """Show the emergency of a case, or nothing."""
    emergency_id = case.get("emergency_id")
    return None if emergency_id is None else _named(case, emergency_id, context)


async def _named(case: Row, emergency_id: str, context: Context) -> Row:
    since = next(
        row["at"]
        for row in reversed(case["history"])
        if (row.get("facts") or {}).get("emergency_id") == emergency_id
    )
    return {"id": emergency_id, "name": await context.emergencies.name(emergency_id), "since": since}
