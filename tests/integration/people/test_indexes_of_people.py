"""People are found by index, and a database from before is brought up to date at start."""

from __future__ import annotations

from typing import Any

import pytest

from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.waking import QuietWaker
from city_demo.embedded import EmbeddedMongod
from tests.conftest import settings_for


def stages(plan: dict[str, Any]) -> set[str]:
    inner = plan.get("inputStage")
    return {plan["stage"]} | (stages(inner) if inner else set())


@pytest.mark.parametrize("field", ["phone", "wechat_openid"])
async def test_people_are_found_by_index(city: City, field: str) -> None:
    explained = await city.database.people.find({field: "13800138000"}).explain()
    found = stages(explained["queryPlanner"]["winningPlan"])
    assert "COLLSCAN" not in found and found & {"IXSCAN", "EXPRESS_IXSCAN"}


async def test_an_old_database_gets_the_new_index_and_loses_the_old_one(mongod: EmbeddedMongod) -> None:
    settings = settings_for(mongod, mongodb_database=f"test_{new_id()}")
    async with open_city(settings, app_name="test", waker=QuietWaker()) as city:
        people = city.database.people
        try:
            await people.drop_index("phone_unique_if_given")
            await people.create_index([("phone", 1)], unique=True, name="phone_1")
            await people.insert_one({"_id": "old", "phone": "13800138000"})
            for _ in range(2):
                async with open_city(settings, app_name="test", waker=QuietWaker()):
                    names = await people.index_information()
                    assert "phone_1" not in names and names["phone_unique_if_given"]["unique"]
            await people.insert_many([{"_id": "one"}, {"_id": "two"}])
        finally:
            await city.database.client.drop_database(city.database.name)
