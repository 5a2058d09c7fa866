"""States of photos, asked for together."""

from __future__ import annotations

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.media.queries import states_of


class PhotoLoader:
    """Finds the states of the photos in one answer with one question to MongoDB."""

    def __init__(self, city: City) -> None:
        async def load(media_ids: Sequence[str]) -> list[Row]:
            states = await states_of(city, media_ids)
            return [states.get(media_id, {}) for media_id in media_ids]

        self._loader: DataLoader[str, Row] = DataLoader(load_fn=load)

    async def look_up(self, media_id: str, field: str) -> str | None:
        """Tell how far a photo has come, or why it was refused; nothing before its bytes have arrived."""
        return (await self._loader.load(media_id)).get(field)
