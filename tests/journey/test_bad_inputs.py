"""What phones should not send: each gets its own code over real HTTP, and no report is lost over it."""

from __future__ import annotations

import httpx
import pytest

from city_demo.morning.crew import Crew
from city_demo.morning.pictures import NOT_A_PHOTO
from city_demo.phones import CitizenPhone, InspectorPhone, OfficerPhone, Refused
from city_demo.phones.phone import fresh_id
from tests.journey.photos import fresh_photo
from tests.journey.running_city import RunningCity
from tests.waiting import until

HERE = (118.0201, 36.8188)
FAR_AWAY = (116.4, 39.9)
LIN, FIRST, SECOND = "inspector-015", "citizen-001", "citizen-002"
LARGE_BYTES = 30_000_000


async def is_dispatched(city: RunningCity, case_id: str) -> None:
    """Wait until a report went its way in spite of everything."""
    await until(
        lambda: city.database.cases.find_one({"_id": case_id, "state": "DISPATCHED"}), f"{case_id} dispatched"
    )


@pytest.mark.parametrize(
    ("photo", "code"),
    [
        (NOT_A_PHOTO, "PHOTO_NOT_AN_IMAGE"),
        (b"", "PHOTO_EMPTY"),
        (bytes(LARGE_BYTES), "PHOTO_TOO_LARGE"),
    ],
    ids=["text", "empty", "30 MB"],
)
async def test_a_bad_photo_is_refused_and_its_report_goes_its_way_with_a_better_one(
    running_city: RunningCity, crew: Crew, photo: bytes, code: str
) -> None:
    phone = await crew.phone(LIN, InspectorPhone)
    media_id = fresh_id()
    with pytest.raises(Refused) as refusal:
        await phone.take_photo(photo, media_id=media_id)
    assert refusal.value.code == code
    case = await phone.report(HERE, photos=[media_id], type_code="E0110", condition_id="E0110-1")
    await phone.take_photo(fresh_photo(), media_id=media_id)
    await is_dispatched(running_city, case["id"])
    await until(
        lambda: running_city.database.cases.find_one(
            {"_id": case["id"], "detections.media_id": media_id.replace("-", "")}
        ),
        "the second photo looked at",
    )


@pytest.mark.parametrize(
    ("point", "type_code", "code"),
    [
        (HERE, "E9999", "TYPE_UNKNOWN"),
        (FAR_AWAY, "E0110", "PLACE_OUTSIDE_CITY"),
        ((300.0, 36.8), "E0110", "PLACE_INVALID"),
    ],
)
async def test_a_wrong_report_leaves_nothing_and_is_taken_once_it_is_put_right(
    running_city: RunningCity, crew: Crew, point: tuple[float, float], type_code: str, code: str
) -> None:
    phone = await crew.phone(LIN, InspectorPhone)
    client_id = fresh_id()
    before = running_city.database.cases.count_documents({})
    with pytest.raises(Refused) as refusal:
        await phone.report(point, type_code=type_code, client_id=client_id)
    assert refusal.value.code == code
    assert running_city.database.cases.count_documents({}) == before
    with pytest.raises(Refused) as refusal:
        await phone.report(point, type_code=type_code, client_id=client_id)
    assert refusal.value.code == code
    case = await phone.report(HERE, type_code="E0110", condition_id="E0110-1")
    await is_dispatched(running_city, case["id"])


async def test_the_same_report_sent_twice_is_one_case(running_city: RunningCity, crew: Crew) -> None:
    phone = await crew.phone(LIN, InspectorPhone)
    client_id = fresh_id()
    first, again = [
        await phone.report(HERE, type_code="E0110", condition_id="E0110-1", client_id=client_id)
        for _ in range(2)
    ]
    assert first["id"] == again["id"]
    with pytest.raises(Refused) as refusal:
        await phone.report(HERE, type_code="E0112", condition_id="E0112-1", client_id=client_id)
    assert refusal.value.code == "COMMAND_REUSED"


async def test_somebody_elses_case_does_not_exist_for_others(running_city: RunningCity, crew: Crew) -> None:
    owner = await crew.phone(FIRST, CitizenPhone)
    stranger = await crew.phone(SECOND, CitizenPhone)
    photo = await owner.take_photo(fresh_photo())
    case = await owner.report(HERE, photos=[photo], type_code="E0110", condition_id="E0110-1")
    assert await stranger.case(case["id"]) is None
    attempts = [
        stranger.cancel(case["id"], "不是我的"),
        stranger.rate(case["id"], 1),
        (await crew.phone("officer-043", OfficerPhone)).accept(case["id"]),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refusal:
            await attempt
        assert refusal.value.code == "CASE_NOT_FOUND"
    with pytest.raises(Refused) as refusal:
        await stranger.report(HERE, photos=[photo], type_code="E0110", condition_id="E0110-1")
    assert refusal.value.code == "PHOTO_UNKNOWN"
    url, headers = f"{running_city.url}/media/{photo}", {"authorization": f"Bearer {stranger.token}"}
    async with httpx.AsyncClient(trust_env=False) as network:
        assert (await network.get(url, headers=headers)).json()["code"] == "PHOTO_UNKNOWN"
    await until(
        lambda: running_city.database.cases.find_one({"_id": case["id"], "state": "PENDING_VERIFICATION"}),
        "the citizen's report waiting for verification",
    )
