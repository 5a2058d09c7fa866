"""What models saw is kept as long as a photo of the very bytes is."""

from __future__ import annotations

from dataclasses import replace

from city_core.detection.forget_finds import forget_finds
from city_core.detection.look import FINDS, keep_finds
from city_core.kit.city import City
from tests.hand_clock import HandClock, beijing


async def test_finds_go_with_the_last_photo_of_their_bytes(city: City) -> None:
    clock = HandClock(beijing(2, 9))
    town = replace(city, clock=clock)
    for sha256 in ("kept", "gone"):
        await keep_finds(town, sha256, "m-1", [])
        await keep_finds(town, sha256, "m-2", [])
    await town.database.photos.insert_one({"_id": "p", "owner_id": "citizen-1", "sha256": "kept"})
    clock.turn(days=29)
    assert await forget_finds(town) == 0
    clock.turn(days=2)
    assert await forget_finds(town) == 2
    assert {row["sha256"] async for row in town.database[FINDS].find({})} == {"kept"}
    await town.database.photos.delete_one({"_id": "p"})
    assert await forget_finds(town) == 0, "looked for again after as long"
    clock.turn(days=31)
    assert await forget_finds(town) == 2


async def test_the_search_for_photos_of_the_same_bytes_reads_an_index(city: City) -> None:
    asked = city.database.photos.find({"sha256": {"$in": ["a", "b"]}}, {"sha256": 1})
    assert "COLLSCAN" not in str((await asked.explain())["queryPlanner"]["winningPlan"])
