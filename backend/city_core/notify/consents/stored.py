"""Consents as the sender of subscribe messages uses them up, counted in MongoDB."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.notify.consents.add import MOST_LEFT
from city_core.notify.consents.model import COLLECTION, key_of


class StoredConsents:
    """Takes consents one by one, each with one conditional write, so that no two hints use the same."""

    def __init__(self, city: City) -> None:
        self._city = city

    async def take(self, openid: str, template_id: str) -> bool:
        """Uses one of them up; false where none is left."""
        return await self._change(openid, template_id, {"left": {"$gte": 1}}, {"$inc": {"left": -1}})

    async def give_back(self, openid: str, template_id: str) -> None:
        """Counts one that was not used again."""
        await self._change(openid, template_id, {"left": {"$lt": MOST_LEFT}}, {"$inc": {"left": 1}})

    async def forget(self, openid: str, template_id: str) -> None:
        """Sets them to none."""
        await self._change(openid, template_id, {}, {"$set": {"left": 0}})

    async def _change(self, openid: str, template_id: str, when: Row, change: Row) -> bool:
        query = {"_id": key_of(openid, template_id), **when}
        return bool((await self._city.database[COLLECTION].update_one(query, change)).modified_count)
