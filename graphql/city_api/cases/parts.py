"""The parts of a case: place, photos, detections, advice, task, steps, rating."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.cases import readers
from city_api.cases.reasons import reasons_in_words
from city_api.cases.words import action_name, role_name
from city_api.catalogue.types import CaseType
from city_api.enums import (
    Action,
    AdviceOutcome,
    Datum,
    FoundBy,
    PhotoRole,
    PhotoState,
    PhotoUse,
    PointSource,
    Role,
    State,
    TakenWith,
    TaskKind,
)
from city_api.evidence.types import PhotoEvidence
from city_api.media.links import link_url, links_expire_at
from city_api.people.types import Department
from city_api.places.position import Position, given_of_case, position_of
from city_api.rows import computed, stored


@strawberry.type(description="Where it is: the point as the phone gave it, and its grid 网格.")
class CasePlace:
    lng: float = stored("given_lng", "Longitude in the datum below, degrees.")
    lat: float = stored("given_lat", "Latitude in the datum below, degrees.")
    datum: Datum = stored("datum")
    wgs84_lng: float = computed(readers.wgs84(0), description="The same point in WGS-84, degrees.")
    wgs84_lat: float = computed(readers.wgs84(1))
    position: Position | None = position_of("point", given=given_of_case)
    accuracy_m: float | None = stored("accuracy_m", "How sure the phone was, metres.")
    source: PointSource = computed(
        lambda place, _: str(place.get("source") or PointSource.DEVICE).upper(),
        description="Where the point comes from.",
    )
    found_by: FoundBy | None = stored("found_by", "How its grid was found; nothing before that was noted.")
    address: str = stored("address")
    grid_code: str = stored("grid_code", "Unit grid 单元网格.")
    community_code: str = stored("community_code", "Community 社区.")
    street_code: str = stored("street_code", "Street or town 街道.")


@strawberry.type(description="The sign 标牌 that a report was begun at; for staff.")
class CaseSign:
    sign_id: strawberry.ID = stored("sign_id")
    phone_distance_m: int = stored("phone_distance_m", "How far from it the phone said it was, metres.")
    is_far: bool = stored("is_far", "Farther than 200 m: perhaps it was reported from a picture of it.")


@strawberry.type(description="A photo 照片 of a case.")
class CasePhoto:
    media_id: strawberry.ID = stored("media_id")
    use: PhotoUse = stored("use")
    url: str = computed(readers.photo_url, description="Where its bytes are read, with ?size=small or large.")
    state: PhotoState | None = computed(
        readers.photo_state, later=True, description="Nothing as long as its bytes have not arrived."
    )
    refusal: str | None = computed(
        readers.photo_refusal, later=True, description="The problem code that it was refused with."
    )
    added_at: datetime = stored("added_at")
    small_url: str = computed(
        link_url("small"),
        description="Link to the copy of 640 px; opened without headers, by this sign-in only.",
    )
    large_url: str = computed(link_url("large"), description="Link to the copy of 2048 px.")
    expires_at: datetime = computed(links_expire_at, description="Until when both links lead there.")
    role: PhotoRole | None = stored("role", "What it shows, as its sender said or its step implies.")
    taken_with: TakenWith | None = stored("taken_with", "As its sender said.")
    evidence: PhotoEvidence | None = stored(
        "evidence", "For those who judge it: not for citizens, officers, or whoever took it."
    )


@strawberry.type(description="One find in a photo; the box in parts of the picture, 0 to 1.")
class Box:
    label: str = stored("label")
    confidence: float = stored("confidence")
    x: float = stored("x")
    y: float = stored("y")
    width: float = stored("width")
    height: float = stored("height")


@strawberry.type(description="What a model saw in one photo 图像识别; advice, never a verdict.")
class Detection:
    media_id: strawberry.ID = stored("media_id")
    model_version: str = stored("model_version")
    boxes: list[Box] = stored("boxes")
    looked_at: datetime = stored("looked_at")
    given_up: bool = computed(
        lambda row, _: bool(row.get("given_up")), description="No model could look at it: people look alone."
    )


@strawberry.type(description="Type and condition that detection proposes 识别建议.")
class Advice:
    label: str = stored("label")
    confidence: float = stored("confidence")
    type_code: str = stored("type_code")
    type: CaseType | None = computed(readers.proposed_type)
    condition_id: str | None = stored("condition_id")
    model_version: str = stored("model_version")
    outcome: AdviceOutcome = stored("outcome", "What a person made of it.")


@strawberry.type(description="What one person or post is asked to do next 待办任务.")
class Task:
    kind: TaskKind = stored("kind")
    seq: int = stored("seq")
    assignee_id: strawberry.ID | None = computed(readers.assignee_id, description="Not shown to citizens.")
    assignee_name: str | None = computed(
        readers.assignee_name, later=True, description="Not shown to citizens."
    )
    assigned_at: datetime = stored("assigned_at")
    accepted_at: datetime | None = stored("accepted_at")


@strawberry.type(description="One step on record 办理经过.")
class HistoryStep:
    seq: int = stored("seq")
    action: Action = stored("action")
    action_name: str = computed(lambda step, context: action_name(step["action"], context.language))
    from_state: State | None = stored("from_state")
    to_state: State = stored("to_state")
    at: datetime = stored("at")
    device_time: datetime | None = stored("device_time", "What the phone's own clock said.")
    role: Role = stored("role", "The post 岗位 of whoever took the step.")
    role_name: str = computed(lambda step, context: role_name(step["role"], context.language))
    person_name: str | None = stored("name", "Nothing where the viewer may not read it.")
    opinion: str = stored("opinion", "Opinion 意见 or reason given.")
    media_ids: list[strawberry.ID] = stored("media_ids")
    receiver_name: str | None = computed(
        readers.receiver_name, later=True, description="Who got the case by this step; not shown to citizens."
    )
    receiving_department: Department | None = computed(readers.receiving_department)
    reason: str | None = computed(
        lambda step, context: reasons_in_words(step["reasons"], context.language),
        description="Why a rule chose this receiver, or what the model saw.",
    )


@strawberry.type(description="A question 询问 to the reporter that still waits for an answer.")
class Question:
    text: str = stored("opinion")
    asked_at: datetime = stored("at")


@strawberry.type(description="What the reporter thought of the result 评价.")
class Rating:
    stars: int = stored("stars", "1 to 5.")
    comment: str = stored("comment")
    at: datetime = stored("at")
