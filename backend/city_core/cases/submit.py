"""A report comes in (上报)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Literal

from city_core.cases.blank import blank_case
from city_core.cases.command import Command, input_hash
from city_core.cases.emergency.effects import photos_needed
from city_core.cases.evidence.given import GivenPhotos, PhotoRow
from city_core.cases.photos import given_photos, photo_rows
from city_core.cases.record import COLLECTION, Step, history_row, is_repeated, wake_after
from city_core.cases.report_limits import check_reports_of_citizen
from city_core.cases.timing import timed
from city_core.cases.work_of_photos import KINDS_OF_PHOTOS
from city_core.cases.workflow import FIRST_STATES, SUBMITTERS, Action
from city_core.catalogue.catalogue import CATALOGUE_BOOK, photos_to_capture
from city_core.catalogue.queries import checked_type
from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.geo import distance_m
from city_core.kit.ids import new_id
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import versions_in_force
from city_core.kit.text import checked_text
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor, Role
from city_core.places.given import GivenPoint, PointSource, checked_wgs84
from city_core.places.locate import locate

FAR_FROM_SIGN_M = 200


@dataclass(frozen=True)
class SignedPlace:
    """Where the sign hangs that a report was begun at, and the component that it hangs at."""

    sign_id: str
    at: GivenPoint
    component_code: str | None
    address: str


@dataclass(frozen=True)
class ReportDraft:
    """A report as the phone gives it: what, where (degrees in the named datum), and its photo ids.

    `sign_code` is what the phone read off a sign, `sign` what the city knows of that sign: the place is then
    the sign's, and the phone's own point only tells how far away it was.
    """

    type_code: str | None
    condition_id: str | None
    description: str
    lng: float
    lat: float
    datum: str
    accuracy_m: float | None
    address: str
    media_ids: Sequence[str]
    component_code: str | None = None
    photos: Sequence[PhotoRow] | None = None  # what is said of some photos: media_id, role, taken_with
    point_source: str | None = None  # none: the phone's own position
    sign_code: str | None = None
    sign: SignedPlace | None = None


@dataclass(frozen=True)
class Arrival:
    """How a report comes in: its first step, photos of what was done already, whether it is triaged, and its
    source where that is no person.
    """

    action: Action
    handled: GivenPhotos = field(default_factory=GivenPhotos)
    is_handled_on_spot: bool = False
    is_triaged: bool = True
    source: Literal["MACHINE"] | None = None


_ASKED_LATER = frozenset({"component_code", "photos", "point_source", "sign_code"})
SUBMITTED = Arrival(Action.SUBMIT)


async def submit_report(city: City, actor: Actor, command: Command, draft: ReportDraft) -> Row:
    """Take a report in, once per client id; photos may still be on their way."""
    if actor.role not in SUBMITTERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(SUBMITTERS)))
    return await take_in(city, actor, command, draft, SUBMITTED, input_hash("submit", given_in(draft)))


async def take_in(
    city: City, actor: Actor, command: Command, draft: ReportDraft, arrival: Arrival, mark: str
) -> Row:
    """Store a report once per client id and wake whoever has to do with it."""
    query = {"reporter_id": actor.person_id, "client_id": command.client_id}
    if (known := await city.database[COLLECTION].find_one(query)) is not None:
        return _stored_answer(known, actor, command, mark)
    await check_reports_of_citizen(city, actor)
    case = await _new_case(city, actor, command, draft, arrival, mark)
    try:
        await city.database[COLLECTION].insert_one(case)
    except DuplicateKeyError:
        known = await city.database[COLLECTION].find_one(query)
        assert known is not None
        return _stored_answer(known, actor, command, mark)
    await point("report.written")
    wake_after(city, case, [WorkItem(row["kind"], row["key"], row["due_at"]) for row in case["work"]])
    return case


def given_in(draft: ReportDraft) -> Row:
    """Write down what was given; what came to be asked later is left out where it was not given."""
    given = {**asdict(draft), "photos": draft.photos or None}
    del given["sign"]  # that the city itself looked up
    return {name: value for name, value in given.items() if name not in _ASKED_LATER or value is not None}


def _point_of(draft: ReportDraft) -> GivenPoint:
    source = draft.point_source or PointSource.DEVICE.value
    return GivenPoint(draft.lng, draft.lat, draft.datum, draft.accuracy_m, source)


def checked_component(code: str | None) -> str | None:
    """Accept the code of a component 部件编码 as it stands on its plate, or none."""
    return checked_text(code, field="componentCode", most=40) or None


async def _new_case(
    city: City, actor: Actor, command: Command, draft: ReportDraft, arrival: Arrival, mark: str
) -> Row:
    now = city.clock.now()
    description = checked_text(draft.description, field="description", most=1000)
    address = checked_text(draft.address, field="address", most=200)
    sign = _checked_sign(draft)
    component_code = (sign and sign.component_code) or checked_component(draft.component_code)
    rules = await versions_in_force(city)
    catalogue = rules.get(CATALOGUE_BOOK.name, 0)
    condition = await checked_type(city, draft.type_code, draft.condition_id, version=catalogue)
    place = await _place_of(city, draft)
    made_at = min(now, command.made_at or command.device_time or now)
    in_emergency = await photos_needed(city, actor, place, draft.type_code, made_at)
    least = max(in_emergency, photos_to_capture(condition) if actor.role is Role.INSPECTOR else 0)
    given = await given_photos(city, actor, draft.media_ids, draft.photos, least=least)
    photos = photo_rows(given, "REPORT", actor, now, {"photos": []})
    photos += photo_rows(arrival.handled, "HANDLE", actor, now, {"photos": photos})
    state = FIRST_STATES[arrival.action]
    step = Step(new_photos=photos, facts={"rules": rules})
    history = [history_row(actor, arrival.action, step, None, state, 1, now, command, mark)]
    case = {
        **blank_case(),
        "_id": new_id(to_the_hour=actor.is_unknown),
        "version": 1,
        "state": state.value,
        "is_handled_on_spot": arrival.is_handled_on_spot,
        "source": arrival.source or ("INSPECTOR" if actor.role is Role.INSPECTOR else "CITIZEN"),
        "reporter_id": actor.person_id,
        "client_id": command.client_id,
        "type_code": draft.type_code,
        "condition_id": draft.condition_id,
        "component_code": component_code,
        "description": description,
        "place": {**place, "address": address or (sign.address if sign else "")},
        "sign": _sign_row(draft),
        "photos": photos,
        "rules": rules,
        "people_involved": [actor.person_id],
        "to_blur": [actor.person_id] if actor.is_unknown else [],
        "reported_at": now,
        "updated_at": now,
        "history": history,
    }
    time = await timed(city, case, history)
    work = [item.row() for item in (*_first_work(city, bool(photos), arrival.is_triaged), *time.work)]
    return {**case, **time.values, "work": work}


def _checked_sign(draft: ReportDraft) -> SignedPlace | None:
    if draft.sign_code is not None and draft.sign is None:
        raise CityProblem("SIGN_UNKNOWN", field="signCode", allowed="the code of a sign that is in use")
    return draft.sign


async def _place_of(city: City, draft: ReportDraft) -> Row:
    if draft.sign is None:
        return await locate(city, _point_of(draft))
    return await locate(city, draft.sign.at)


def _sign_row(draft: ReportDraft) -> Row | None:
    """Note the sign of a report, and whether its phone was far away; where the phone was is not kept."""
    if draft.sign is None:
        return None
    phone = checked_wgs84(_point_of(draft))["coordinates"]
    metres = round(distance_m((phone[0], phone[1]), (draft.sign.at.lng, draft.sign.at.lat)))
    return {"sign_id": draft.sign.sign_id, "phone_distance_m": metres, "is_far": metres > FAR_FROM_SIGN_M}


def _first_work(city: City, has_photos: bool, is_triaged: bool) -> list[WorkItem]:
    now = city.clock.now()
    patience = timedelta(seconds=city.settings.detection_patience_seconds if has_photos else 0)
    work = [WorkItem(kind, f"{kind}:1", now) for kind in KINDS_OF_PHOTOS] if has_photos else []
    return [*work, WorkItem("triage", "triage", now + patience)] if is_triaged else work


def _stored_answer(case: Row, actor: Actor, command: Command, mark: str) -> Row:
    is_repeated(case, actor, command, mark)
    return case
