"""Advice about photos over the API: for whoever took them; the classes for seats and leaders."""

from __future__ import annotations

import uuid

import pytest

from city_core.detection.look import keep_finds
from tests.api.support import Api

_ADVICE = """query($id: ID!) { photoAdvice(mediaId: $id) {
  state modelVersion finds { label nameZh nameEn confidence }
  proposal { typeCode conditionId type { code } } } }"""
_CLASSES = "{ detectionClasses { label may mayNow heldBack isOn precision measuredOn modelVersion } }"
BOX = {"label": "exposed_garbage", "confidence": 0.8, "x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}


async def test_advice_before_a_report_is_for_the_owner_only(api: Api) -> None:
    media_id = uuid.uuid4().hex
    await keep_finds(api.city, "s", "m-1", [BOX])
    await api.city.database.photos.insert_one({
        "_id": media_id, "owner_id": "citizen-1", "state": "READY", "sha256": "s", "looked_by": "m-1",
        "refusal": None, "work": [],
    })  # fmt: skip
    answer = await api.ask(_ADVICE, {"id": media_id}, "citizen-1")
    advice = answer["data"]["photoAdvice"]
    assert (advice["state"], advice["modelVersion"]) == ("READY", "m-1")
    assert advice["finds"] == [
        {"label": "exposed_garbage", "nameZh": "暴露垃圾", "nameEn": "Exposed garbage", "confidence": 0.8}
    ]
    assert advice["proposal"] == {
        "typeCode": "E0110", "conditionId": "E0110-1", "type": {"code": "E0110"},
    }  # fmt: skip
    for other in ("citizen-2", "inspector-1", "leader-of-shift", "administrator-1"):
        theirs = await api.ask(_ADVICE, {"id": media_id}, other)
        nobodys = await api.ask(_ADVICE, {"id": uuid.uuid4().hex}, other)
        assert theirs["errors"][0]["extensions"]["code"] == "PHOTO_UNKNOWN"
        assert theirs["data"] == nobodys["data"]
        assert theirs["errors"][0]["extensions"] == nobodys["errors"][0]["extensions"]


@pytest.mark.parametrize("who", ["leader-of-shift", "leader-1", "administrator-1"])
async def test_seats_and_leaders_read_what_each_class_may_do(api: Api, who: str) -> None:
    [first, *others] = (await api.ask(_CLASSES, {}, who))["data"]["detectionClasses"]
    assert len(others) == 6
    assert (first["may"], first["mayNow"], first["heldBack"]) == ("SUGGEST", "SUGGEST", "ONLY_SUGGESTS")


async def test_citizens_do_not_read_the_classes(api: Api) -> None:
    answer = await api.ask(_CLASSES, {}, "citizen-1")
    assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
