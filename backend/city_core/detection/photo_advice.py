"""Advice before a report 拍照识别: what a model saw in a photo of one's own, to fill in the form with."""

from __future__ import annotations

from city_core.detection.classes import class_rules_of
from city_core.detection.look import FINDS, finds_id
from city_core.kit.city import City
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.model import PhotoState
from city_core.media.store import COLLECTION as PHOTOS
from city_core.people.roles import Actor

WAITING, READY, REFUSED, GIVEN_UP = "WAITING", "READY", "REFUSED", "GIVEN_UP"


async def photo_advice(city: City, actor: Actor, media_id: str) -> Row:
    """Tell what was seen in a photo that the asker took; to others it does not exist (PHOTO_UNKNOWN)."""
    photo_id = checked_client_id(media_id, "mediaId")
    fields = {"owner_id": 1, "state": 1, "sha256": 1, "looked_by": 1, "refusal": 1}
    photo = await city.database[PHOTOS].find_one({"_id": photo_id}, fields)
    if photo is None or photo["owner_id"] != actor.person_id:
        raise CityProblem("PHOTO_UNKNOWN", field="mediaId", allowed="a photo that you uploaded yourself")
    nothing = {"media_id": photo_id, "refusal": photo["refusal"], "boxes": [], "proposal": None}
    if photo["state"] == PhotoState.REFUSED:
        return {**nothing, "state": REFUSED}
    seen = await _finds(city, photo) if photo.get("looked_by") is not None else None
    if seen is None:
        return {**nothing, "state": WAITING}
    if seen["given_up"]:
        return {**nothing, "state": GIVEN_UP}
    return {**nothing, "state": READY, "model_version": seen["model_version"], **await _in_words(city, seen)}


async def _finds(city: City, photo: Row) -> Row | None:
    wanted = {"_id": finds_id(photo["sha256"], photo["looked_by"])}
    found: Row | None = await city.database[FINDS].find_one(wanted)
    return found


async def _in_words(city: City, seen: Row) -> Row:
    rules = (await class_rules_of(city)).rules
    boxes = []
    for box in seen["boxes"]:
        rule = rules.by_label.get(box["label"])
        if rule is None or rule.is_on:
            names = {"name_zh": rule.name_zh, "name_en": rule.name_en} if rule is not None else {}
            boxes.append({"name_zh": box["label"], "name_en": box["label"], **box, **names})
    version = seen["model_version"]
    proposal = rules.propose((box["label"], box["confidence"], version) for box in seen["boxes"])
    proposed = None if proposal is None else {
        "label": proposal.label,
        "confidence": proposal.confidence,
        "type_code": proposal.rule.type_code,
        "condition_id": proposal.rule.condition_id,
    }  # fmt: skip
    return {"boxes": boxes, "proposal": proposed}
