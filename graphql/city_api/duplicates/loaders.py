"""Cases that others lead to, asked for together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from strawberry.dataloader import DataLoader

from city_core.cases.duplicates.follow import followed_cases
from city_core.kit.mongo import Row

if TYPE_CHECKING:
    from city_api.context import Context


class FollowedLoader:
    """Finds the cases that those in one answer lead to, as far as the viewer may see them."""

    def __init__(self, context: Context) -> None:
        async def load(case_ids: Sequence[str]) -> list[Row | None]:
            found = await followed_cases(context.city, await context.actor(), case_ids)
            return [found.get(case_id) for case_id in case_ids]

        self._loader: DataLoader[str, Row | None] = DataLoader(load_fn=load)

    async def find(self, case_id: str | None) -> Row | None:
        """Find a case that another one leads to."""
        return None if case_id is None else await self._loader.load(case_id)
