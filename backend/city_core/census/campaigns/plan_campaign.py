"""A census is planned: of what, where, from which day to which, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from city_core.cases.command import Command, input_hash
from city_core.catalogue.catalogue import catalogue_of
from city_core.catalogue.queries import today
from city_core.census.campaigns.areas import checked_grids
from city_core.census.campaigns.model import CAMPAIGNS, CampaignGoal
from city_core.census.changing import reused
from city_core.kit.calendar import BEIJING
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.kit.work import WorkItem, wakes_for
from city_core.people.roles import Actor, Role

MOST_TYPES = 200
MOST_PEOPLE = 200
LONGEST_DAYS = 366
_MORNING = timedelta(hours=8)
PLANNERS = (Role.ADMINISTRATOR, Role.LEADER)


@dataclass(frozen=True)
class CampaignDraft:
    """A census as it is given; days are the city's own, both of them belong to it."""

    name: str
    goal: str
    type_codes: Sequence[str]
    area_codes: Sequence[str]
    from_day: date
    to_day: date
    person_ids: Sequence[str] = ()


async def plan_campaign(city: City, actor: Actor, command: Command, draft: CampaignDraft) -> Row:
    """Plan a census, once per client id; its inspectors are told when it begins."""
    if actor.role not in PLANNERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(PLANNERS))
    mark = input_hash("plan_campaign", asdict(draft))
    query = {"planned_by": actor.person_id, "client_id": command.client_id}
    if (known := await city.database[CAMPAIGNS].find_one(query)) is not None:
        return _stored_answer(known, mark)
    campaign = await _campaign(city, actor, command, draft, mark)
    try:
        await city.database[CAMPAIGNS].insert_one(campaign)
    except DuplicateKeyError:
        known = await city.database[CAMPAIGNS].find_one(query)
        assert known is not None
        return _stored_answer(known, mark)
    tell = telling(campaign)
    for wake in wakes_for(CAMPAIGNS, campaign["_id"], [tell] if tell.due_at <= city.clock.now() else []):
        city.waker.wake(wake)
    return campaign


async def _campaign(city: City, actor: Actor, command: Command, draft: CampaignDraft, mark: str) -> Row:
    _check_days(city, draft)
    grids = await checked_grids(city, actor, draft.area_codes)
    starts_at = max(_begin_of(draft.from_day), city.clock.now())
    campaign = {
        "_id": new_id(),
        "name": checked_text(draft.name, field="name", most=60, least=2),
        "goal": CampaignGoal(draft.goal).value,
        "type_codes": await _checked_types(city, draft.type_codes),
        "area_codes": sorted(set(draft.area_codes)),
        "grids": grids,
        "street_codes": sorted({grid["street_code"] for grid in grids}),
        "person_ids": await _checked_people(city, draft.person_ids, grids),
        "from_day": draft.from_day.isoformat(),
        "to_day": draft.to_day.isoformat(),
        "starts_at": starts_at,
        "ends_at": _begin_of(draft.to_day + timedelta(days=1)),
        "ended_at": None,
        "ended_by": None,
        "end_command_id": None,
        "planned_by": actor.person_id,
        "client_id": command.client_id,
        "input_hash": mark,
        "created_at": city.clock.now(),
    }
    return {**campaign, "work": [telling(campaign).row()]}


def telling(campaign: Row) -> WorkItem:
    """Plan that its inspectors are told: when it begins, but in the morning, not at midnight."""
    morning = _begin_of(date.fromisoformat(campaign["from_day"])) + _MORNING
    return WorkItem("tell_census", "tell_census", max(campaign["starts_at"], morning))


def _check_days(city: City, draft: CampaignDraft) -> None:
    first = today(city)
    if draft.from_day > first + timedelta(days=LONGEST_DAYS):
        raise CityProblem("CAMPAIGN_INVALID", field="fromDay", allowed=f"within {LONGEST_DAYS} days")
    if draft.to_day < max(first, draft.from_day):
        raise CityProblem("CAMPAIGN_INVALID", field="toDay", allowed="not before fromDay, nor before today")
    last = max(first, draft.from_day) + timedelta(days=LONGEST_DAYS)
    if draft.from_day < first - timedelta(days=LONGEST_DAYS) or draft.to_day > last:
        raise CityProblem("CAMPAIGN_INVALID", field="toDay", allowed=f"{LONGEST_DAYS} days at most")


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


async def _checked_types(city: City, type_codes: Sequence[str]) -> list[str]:
    wanted = sorted(set(type_codes))
    if not 1 <= len(wanted) <= MOST_TYPES:
        raise CityProblem("CAMPAIGN_INVALID", field="typeCodes", allowed=f"1 to {MOST_TYPES} types")
    catalogue = (await catalogue_of(city)).rules
    rows = {code: catalogue.type(code) for code in wanted}
    if other := [code for code, row in rows.items() if row is None or row["kind"] != "component"]:
        told = f"types of components; not so: {', '.join(other)[:200]}"
        raise CityProblem("TYPE_UNKNOWN", field="typeCodes", allowed=told)
    return wanted


async def _checked_people(city: City, person_ids: Sequence[str], grids: Sequence[Row]) -> list[str]:
    """Accept inspectors who share a street with the census."""
    wanted = sorted(set(person_ids))
    if len(wanted) > MOST_PEOPLE:
        raise CityProblem("CAMPAIGN_INVALID", field="personIds", allowed=f"{MOST_PEOPLE} people")
    streets = sorted({grid["street_code"] for grid in grids})
    query = {
        "_id": {"$in": wanted}, "role": Role.INSPECTOR.value, "disabled": False,
        "street_codes": {"$in": streets},
    }  # fmt: skip
    known = {row["_id"] async for row in city.database.people.find(query, {"_id": 1})}
    if known != set(wanted):
        raise CityProblem(
            "PERSON_UNKNOWN", field="personIds", allowed="inspectors of the streets of the census"
        )
    return wanted


def _stored_answer(campaign: Row, mark: str) -> Row:
    if campaign["input_hash"] != mark:
        raise reused()
    return campaign
