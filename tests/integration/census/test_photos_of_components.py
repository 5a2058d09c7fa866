"""A photo on record of a component is shown to whoever reads that component in full, and to nobody else."""

from __future__ import annotations

from city_core.cases.photos import find_photo
from city_core.kit.problems import CityProblem
from city_core.media.model import PhotoState
from city_core.people.roles import Actor
from tests.integration.census.town import Town, added
from tests.village import COMMUNITY, RESPONSIBILITY, STREET

_READ_IT = {"inspector-1", "acceptor-1", "leader-of-shift", "dispatcher-1", "leader-of-street", "leader-1",
            "administrator-1", "officer-other"}  # fmt: skip


async def is_shown(town: Town, who: Actor, media_id: str) -> bool:
    """Ask for a photo that is still being made: whoever may see it is told so, others that there is none."""
    try:
        await find_photo(town.city, who, media_id, "small")
    except CityProblem as problem:
        assert problem.code in ("PHOTO_NOT_READY", "PHOTO_UNKNOWN")
        return problem.code == "PHOTO_NOT_READY"
    return True


async def test_it_is_for_whoever_reads_the_component_in_full(town: Town) -> None:
    row = await added(town)
    [media_id] = row["history"][0]["media_ids"]
    photo = {"_id": media_id, "owner_id": "inspector-1", "state": PhotoState.READY.value, "sha256": "a" * 64}
    await town.city.database.photos.insert_one(photo)
    shown = {name for name, who in town.people.items() if await is_shown(town, who, media_id)}
    assert shown == _READ_IT
    await town.city.database.cases.insert_one({
        "_id": "case-1", "component_code": row["_id"], "department_id": "sanitation", "people_involved": [],
        "place": {"street_code": STREET, "community_code": COMMUNITY,
                  "responsibility_grid_id": RESPONSIBILITY}, "reporter_id": "citizen-1", "photos": [],
    })  # fmt: skip
    shown = {name for name, who in town.people.items() if await is_shown(town, who, media_id)}
    assert shown == _READ_IT | {"officer-1", "officer-2"}  # they may see a case about it
    await town.city.database.photos.update_one({"_id": media_id}, {"$set": {"owner_id": "citizen-2"}})
    assert not await is_shown(town, town["leader-1"], media_id)  # put on record by somebody else than sent it
