"""The city eye as desks see it: sources, events, flights with their frames."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.cases import readers
from city_api.cases.parts import Box
from city_api.catalogue.types import CaseType
from city_api.context import Info
from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored
from city_core.eye.model import EventState, FrameState, SourceKind
from city_core.eye.queries import frames_of
from city_core.kit.mongo import Row
from city_core.kit.pages import Page

if TYPE_CHECKING:
    from city_api.context import Context

_WORDS: Mapping[Enum, tuple[str, str]] = {
    SourceKind.VIDEO_PLATFORM: ("视频平台", "fixed cameras"),
    SourceKind.DRONE: ("无人机", "a drone"),
    SourceKind.PATROL_CAR: ("巡查车", "a patrol car"),
    FrameState.WAITING: ("待识别", "no model has looked at it yet"),
    FrameState.SEEN: ("已识别", "a model has looked at it"),
    FrameState.REFUSED: ("无法识别", "it is no photo, or a broken one"),
    EventState.GLIMPSED: ("待观察", "seen too few times yet"),
    EventState.CANDIDATE: ("候选", "waits for a person"),
    EventState.LINKED: ("已关联", "an open case is about it"),
    EventState.CONFIRMED: ("已确认", "a case was made of it"),
    EventState.DISMISSED: ("已排除", "a person said that it is none"),
    EventState.EXPIRED: ("已过期", "nobody decided in time"),
}


def _show(core: type[Enum], name: str, description: str) -> None:
    strawberry.enum(core, name=name, description=description)
    for value in core.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = "{}: {}.".format(*_WORDS[core[value.name]])


_show(SourceKind, "MachineSourceKind", "What kind of machine takes the pictures.")
_show(FrameState, "EyeFrameState", "How far a frame 画面 has come.")
_show(EventState, "EyeEventState", "How far an event 事件 is.")


@strawberry.type(description="A machine source 机器来源 of frames.")
class MachineSource:
    id: strawberry.ID = stored("_id")
    name: str = stored("name")
    kind: SourceKind = stored("kind")
    street_codes: list[str] = stored("street_codes", "Where it may hand in frames; none: the whole city.")
    frames_per_minute: int = stored("frames_per_minute", "How many frames it may hand in.")
    is_active: bool = stored("is_active")
    created_at: datetime = stored("created_at")
    key_made_at: datetime = stored("key_made_at")


@strawberry.type(description="A source with its new key.")
class MachineKey:
    source: MachineSource = computed(lambda issued, _: issued.source)
    key: str | None = computed(
        lambda issued, _: issued.key,
        description="Shown once: a command that is repeated answers without it. Rotate it if it was lost.",
    )


@strawberry.type(description="Where a machine stood.")
class EyePlace:
    wgs84_lng: float = computed(readers.wgs84(0), description="In WGS-84, degrees.")
    wgs84_lat: float = computed(readers.wgs84(1))
    grid_code: str = stored("grid_code", "Unit grid 单元网格.")
    community_code: str = stored("community_code")
    street_code: str = stored("street_code")


@strawberry.type(description="One decision on an event, on record: RAISE, CONFIRM, DISMISS or EXPIRE.")
class EyeEventStep:
    action: str = stored("action")
    at: datetime = stored("at")
    person_name: str = stored("person_name")
    note: str = stored("note")


def _url(photo_id: str, context: Context) -> str:
    return f"{context.city.settings.public_url.rstrip('/')}/media/{photo_id}"


@strawberry.type(description="A thing that one or many frames show 事件: a candidate for a case.")
class EyeEvent:
    id: strawberry.ID = stored("_id")
    version: int = stored("version")
    state: EventState = stored("state")
    label: str = stored("label", "Class of the model.")
    type_code: str = stored("type_code")
    type: CaseType | None = computed(readers.proposed_type)
    condition_id: str | None = stored("condition_id")
    confidence: float = stored("confidence", "Of its best frame.")
    source_name: str = stored("source_name")
    source_kind: SourceKind = stored("source_kind")
    camera_id: str = stored("camera_id", "The camera that saw it first.")
    flight_id: str | None = stored("flight_id")
    place: EyePlace = stored("place")
    first_seen_at: datetime = stored("first_seen_at")
    last_seen_at: datetime = stored("last_seen_at")
    sightings: int = stored("sightings", "In how many kept frames it was seen.")
    best_media_id: strawberry.ID = computed(lambda event, _: event["best"]["photo_id"])
    best_url: str = computed(
        lambda event, context: _url(event["best"]["photo_id"], context),
        description="Where its best frame is read, with ?size=small or large.",
    )
    best_box: Box = computed(lambda event, _: event["best"]["box"])
    media_ids: list[strawberry.ID] = stored("photo_ids", "Its best frames.")
    model_version: str = stored("model_version")
    case_id: strawberry.ID | None = stored("case_id", "The case that was made of it, or is about it.")
    reason: str | None = stored("reason")
    decided_at: datetime | None = stored("decided_at")
    decide_until: datetime | None = stored("decide_until", "When it lapses if nobody decides.")
    history: list[EyeEventStep] = stored("history")


@strawberry.type(description="One page of events, the newest first.")
class EyeEventConnection:
    nodes: list[EyeEvent] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


@strawberry.type(description="A frame 画面 that was kept.")
class EyeFrame:
    id: strawberry.ID = stored("_id")
    frame_id: str = stored("frame_id", "As its source named it.")
    camera_id: str = stored("camera_id")
    state: FrameState = stored("state")
    refusal: str | None = stored("refusal", "The problem code that it was refused with.")
    taken_at: datetime = stored("taken_at")
    heading: float | None = stored("heading", "Degrees from north, clockwise.")
    place: EyePlace = stored("place")
    media_id: strawberry.ID = stored("photo_id")
    url: str = computed(lambda frame, context: _url(frame["photo_id"], context))
    finds: list[Box] = stored("finds")
    event_ids: list[strawberry.ID] = stored("event_ids")


@strawberry.type(description="One page of frames, in the order in which they were taken.")
class EyeFrameConnection:
    nodes: list[EyeFrame] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


@strawberry.type(description="A flight 飞行架次 or tour, whose frames are one batch.")
class EyeFlight:
    id: strawberry.ID = stored("_id")
    flight_id: str = stored("flight_id", "As its source named it.")
    source_name: str = stored("source_name")
    source_kind: SourceKind = stored("source_kind")
    first_taken_at: datetime = stored("first_taken_at")
    last_taken_at: datetime = stored("last_taken_at")
    street_codes: list[str] = stored("street_codes")


@strawberry.type(description="One page of flights, the newest first.")
class EyeFlightConnection:
    nodes: list[EyeFlight] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


@strawberry.type(description="In how many frames of a batch a class was found.")
class EyeFinds:
    label: str = computed(lambda finds, _: finds[0])
    frames: int = computed(lambda finds, _: finds[1])


@strawberry.type(description="A flight as one batch: how far its frames are, what they show.")
class EyeBatch:
    flight: EyeFlight = computed(lambda batch, _: batch.flight)
    total: int = computed(lambda batch, _: batch.total, description="Frames that were kept.")
    waiting: int = computed(lambda batch, _: batch.counts[FrameState.WAITING])
    seen: int = computed(lambda batch, _: batch.counts[FrameState.SEEN])
    refused: int = computed(lambda batch, _: batch.counts[FrameState.REFUSED])
    finds: list[EyeFinds] = computed(lambda batch, _: sorted(batch.finds.items()))
    events: list[EyeEvent] = computed(lambda batch, _: batch.events, description="The first hundred.")

    @strawberry.field(graphql_type=EyeFrameConnection, description="Its frames, as far as you watch them.")
    async def frames(self, info: Info, first: int = 50, after: str | None = None) -> Page:
        context = info.context
        batch: Any = self
        flight: Row = batch.flight
        return await frames_of(context.city, context.viewer, flight, first=first, after=after)
