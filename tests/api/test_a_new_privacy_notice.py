"""A new privacy notice comes into force while people are signed in who agreed to the one before."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from city_api.app import create_app
from city_core.privacy.ask import ask_for_copy
from city_core.privacy.copies import open_copy
from city_core.privacy.notices import check_notices
from city_core.settings import WrongSetting
from tests.api.support import Api, new_uuid, operation, running
from tests.hand_clock import HandClock
from tests.village import INSIDE
from tests.work_by_hand import command, do_due_work

_NOTICES = """
[[notice]]
version = 1
from = 2026-01-01T00:00:00Z
purposes = ["SIGN_IN", "CASES"]
zh = "第一版"
en = "The first"

[[notice]]
version = 2
from = {begins}
purposes = ["SIGN_IN", "CASES", "POINTS"]
zh = "第二版：增加积分"
en = "The second: points are new"
"""


@pytest.fixture
async def city(api: Api, tmp_path: Path) -> AsyncIterator[Api]:
    """A city whose own notice changes in an hour, on a clock that the test turns."""
    now = api.city.clock.now()
    file = tmp_path / "notices.toml"
    begins = (now + timedelta(hours=1)).isoformat(timespec="seconds")
    file.write_text(_NOTICES.format(begins=begins), encoding="utf-8")
    settings = api.city.settings.model_copy(update={"privacy_notices": file})
    check_notices(settings)
    own = replace(api.city, clock=HandClock(now), settings=settings)
    async with (
        running(create_app(city=own)) as address,
        httpx.AsyncClient(base_url=address, timeout=10, trust_env=False) as http,
    ):
        yield Api(own, api.people, address, http)
    for name in ("privacy_agreements", "data_requests", "data_copies.files", "data_copies.chunks"):
        await api.city.database[name].delete_many({})


async def agree(city: Api, version: int, **headers: str) -> dict[str, Any]:
    given = {"input": {"clientId": new_uuid(), "version": version}}
    answer = await city.ask(operation("citizen", "AgreeToPrivacy"), given, "citizen-1", **headers)
    found: dict[str, Any] = answer["data"]["agreeToPrivacy"]
    return found


async def is_due(city: Api) -> bool:
    return bool((await city.do("citizen-1", "citizen", "PrivacyNoticeDue"))["privacyNoticeDue"])


async def test_people_are_told_can_read_report_meanwhile_and_agree_to_the_new_one(city: Api) -> None:
    assert (await agree(city, 1))["version"] == 1 and not await is_due(city)
    coming = await city.do("citizen-1", "citizen", "PrivacyNotice", version=2)
    assert coming["text"] == "第二版：增加积分", "it can be read before it holds"
    assert (await agree(city, 2))["allowed"] == "1", "and be agreed to once it does"

    city.city.clock.turn(hours=1, minutes=1)  # type: ignore[attr-defined]
    assert await is_due(city)
    assert (await city.do(None, "citizen", "PrivacyNotice"))["version"] == 2
    report = {"clientId": new_uuid(), "typeCode": "E0110", "conditionId": "E0110-1", "description": "垃圾",
              "point": {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84"}}  # fmt: skip
    reported = await city.do("citizen-1", "citizen", "SubmitReport", input=report)
    assert reported["state"] == "REPORTED", "what the city has to hear waits for no agreement"

    late = await agree(city, 1)  # read before, tapped after
    assert (late["code"], late["allowed"]) == ("PRIVACY_NOTICE_UNKNOWN", "2")
    assert late["message"] == "隐私政策已更新，请阅读最新版本。"
    in_english = await agree(city, 1, **{"accept-language": "en"})
    assert in_english["message"] == "This is not the privacy notice in force; please read that one."
    assert (await agree(city, 2))["version"] == 2 and not await is_due(city)


async def test_what_somebody_agreed_to_before_stays_on_record_and_is_in_their_copy(city: Api) -> None:
    await agree(city, 1)
    city.city.clock.turn(hours=2)  # type: ignore[attr-defined]
    await agree(city, 2)
    rows = await city.city.database.privacy_agreements.find({}).sort("version", 1).to_list(None)
    assert [(row["person_id"], row["version"]) for row in rows] == [("citizen-1", 1), ("citizen-1", 2)]
    request = await ask_for_copy(city.city, city.people["citizen-1"], command())
    await do_due_work(city.city, {"copy_my_data"})
    pieces = await open_copy(city.city, city.people["citizen-1"], request["_id"])
    with zipfile.ZipFile(io.BytesIO(b"".join([piece async for piece in pieces]))) as files:
        data = orjson.loads(files.read("data.json"))
    assert [row["version"] for row in data["agreements"]] == [1, 2]


@pytest.mark.parametrize(("wrong", "right"), [
    ("version = 3", "version = 2"), ('en = ""', 'en = "The first"'), ('["UNHEARD"]', '["SIGN_IN", "CASES"]'),
    ("from = 2026-01-01", "from = 2026-01-01T00:00:00Z"), ("[[other]]", "[[notice]]"), ("=", "zh ="),
])  # fmt: skip
def test_a_file_that_is_not_right_keeps_the_city_from_starting(
    served: Api, tmp_path: Path, wrong: str, right: str
) -> None:
    text = _NOTICES.format(begins="2026-06-01T00:00:00Z")
    assert right in text
    file = tmp_path / "notices.toml"
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(WrongSetting, match="PRIVACY_NOTICES"):
        check_notices(served.city.settings.model_copy(update={"privacy_notices": file}))
