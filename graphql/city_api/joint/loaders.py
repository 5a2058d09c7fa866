"""Parts of split cases, asked for together."""

from __future__ import annotations

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from city_core.cases.joint.children import children_of
from city_core.kit.city import City
from city_core.kit.mongo import Row


class PartLoader:
    """Finds the parts of the cases in one answer with one question to MongoDB."""

    def __init__(self, city: City) -> None:
        async def load(child_ids: Sequence[str]) -> list[Row | None]:
            found = {row["_id"]: row for row in await children_of(city, child_ids)}
            return [found.get(child_id) for child_id in child_ids]

        self._loader: DataLoader[str, Row | None] = DataLoader(load_fn=load)

    async def of(self, child_ids: Sequence[str]) -> list[Row]:
        """Find the parts with these ids, in this order."""
        if not child_ids:
            return []
        return [row for row in await self._loader.load_many(child_ids) if row is not None]
