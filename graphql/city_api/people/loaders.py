"""Names of people, asked for together."""

from __future__ import annotations

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from city_core.kit.city import City
from city_core.people.queries import names_of


class NameLoader:
    """Finds the names of the people in one answer with one question to MongoDB."""

    def __init__(self, city: City) -> None:
        async def load(person_ids: Sequence[str]) -> list[str | None]:
            names = await names_of(city, person_ids)
            return [names.get(person_id) for person_id in person_ids]

        self._loader: DataLoader[str, str | None] = DataLoader(load_fn=load)

    async def name(self, person_id: str | None) -> str | None:
        """Find a person's name."""
        return None if person_id is None else await self._loader.load(person_id)
