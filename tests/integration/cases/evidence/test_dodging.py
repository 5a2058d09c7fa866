"""An officer who would rather not be looked at closely: what is said of a photo never hides it."""

from __future__ import annotations

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.add_photos import add_photos
from city_core.cases.evidence.compare import scenes_of
from city_core.cases.evidence.given import PhotoRole
from city_core.cases.report_handled import report_handled
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from tests.integration.cases.evidence.support import LOOK, OTHER_LOOK, ready_photo, reported
from tests.integration.cases.support import People, command, do_all_work, stored


@pytest.mark.parametrize("role", sorted(set(PhotoRole) - {PhotoRole.AFTER}))
async def test_handling_is_shown_by_a_photo_that_counts_as_one_of_afterwards(
    city: City, people: People, role: PhotoRole
) -> None:
    case = await reported(city, people, media_ids=[await ready_photo(city, people["inspector-1"], LOOK)])
    officer = people[case["task"]["assignee_id"]]
    await accept_task(city, officer, case["_id"], command())
    same_again = await ready_photo(city, officer, LOOK)
    said = [{"media_id": same_again, "role": role.value}]
    for media_ids in ([], [same_again]):
        with pytest.raises(CityProblem, match="PHOTO_REQUIRED"):
            await report_handled(
                city, officer, case["_id"], command(), opinion="已清理", media_ids=media_ids, photos=said
            )
    await add_photos(city, officer, case["_id"], command(), [], said)
    with pytest.raises(CityProblem, match="PHOTO_REQUIRED"):
        await report_handled(city, officer, case["_id"], command(), opinion="已清理", media_ids=[same_again])
    assert (await stored(city, case))["state"] == "IN_PROGRESS"


async def test_a_photo_that_was_added_while_handling_may_show_it_afterwards(
    city: City, people: People
) -> None:
    case = await reported(city, people)
    officer = people[case["task"]["assignee_id"]]
    await accept_task(city, officer, case["_id"], command())
    media_id = await ready_photo(city, officer)
    await add_photos(city, officer, case["_id"], command(), [media_id])
    done = await report_handled(city, officer, case["_id"], command(), opinion="已清理", media_ids=[media_id])
    assert done["state"] == "HANDLED"


async def test_scenes_are_compared_with_what_was_reported_not_with_the_officers_own(
    city: City, people: People
) -> None:
    reported_photo = await ready_photo(city, people["inspector-1"], LOOK)
    case = await reported(city, people, media_ids=[reported_photo])
    officer = people[case["task"]["assignee_id"]]
    await accept_task(city, officer, case["_id"], command())
    elsewhere = [await ready_photo(city, officer, look) for look in (OTHER_LOOK, None)]
    said = [
        {"media_id": elsewhere[0], "role": "BEFORE"},
        {"media_id": elsewhere[1], "role": "AFTER"},
    ]
    await report_handled(city, officer, case["_id"], command(), opinion="已清理", media_ids=[], photos=said)
    await do_all_work(city)
    assert await scenes_of(city, case["_id"]) == {elsewhere[1]: [reported_photo]}
