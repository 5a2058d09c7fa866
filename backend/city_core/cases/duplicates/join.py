"""Somebody joins a case instead of reporting it once more (附议, "me too")."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.command import Command, input_hash
from city_core.cases.duplicates.handles import Handle, expired, open_handle
from city_core.cases.evidence.given import PhotoRow
from city_core.cases.photos import given_photos, photo_rows
from city_core.cases.record import Load, Step, change_case, is_repeated
from city_core.cases.reports import joined, own_reports
from city_core.cases.work_of_photos import look_at_photos
from city_core.cases.workflow import OPEN_STATES, SUBMITTERS, Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor, Role

_MOST_JOINED = 500
_LONGEST_CHAIN = 40


class _AlreadyJoined(Exception):
    def __init__(self, case: Row) -> None:
        self.case = case


async def join_case(
    city: City,
    actor: Actor,
    command: Command,
    *,
    token: str,
    description: str = "",
    media_ids: Sequence[str] = (),
    photos: Sequence[PhotoRow] | None = None,
) -> Row:
    """Join the case of a handle with one's own words and photos; joining again changes nothing."""
    if actor.role not in SUBMITTERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(SUBMITTERS)))
    said = checked_text(description, field="description", most=1000)
    given = await given_photos(city, actor, media_ids, photos)
    handle = open_handle(city, actor, token)
    mark = input_hash("join", given.in_mark({"description": said}))

    async def decide(case: Row) -> Step:
        if own_reports(case, actor.person_id):
            raise _AlreadyJoined(case)
        _check_may_join(case, actor)
        new_photos = photo_rows(given, "REPORT", actor, city.clock.now(), case)
        report = _report(city, actor, said, [row["media_id"] for row in new_photos])
        work = look_at_photos(city, case, new_photos)
        return Step({"joined_reports": [*joined(case), report]}, new_photos=new_photos, work=work)

    load = _load_for(handle, command, mark)
    try:
        return await change_case(
            city, actor, handle.case_id, Action.JOIN, decide, command=command, mark=mark, load=load
        )
    except _AlreadyJoined as known:
        return known.case


def _load_for(handle: Handle, command: Command, mark: str) -> Load:
    async def load(city: City, actor: Actor, case_id: str) -> Row:
        """Load the case that the handle leads to, past merges: the handle stands in for seeing it."""
        case = await city.database.cases.find_one({"_id": case_id})
        for _ in range(_LONGEST_CHAIN):
            if case is None:
                raise CityProblem("HANDLE_INVALID", field="token", allowed="a token of possibleDuplicates")
            if is_repeated(case, actor, command, mark):
                return case
            if case["state"] != State.MERGED:
                break
            case = await city.database.cases.find_one({"_id": case["merged_into"]})
        if handle.has_expired:
            raise expired()
        if case is None or case["state"] not in OPEN_STATES:
            raise CityProblem("CASE_ENDED", field="token", allowed="submitReport")
        return case

    return load


def _check_may_join(case: Row, actor: Actor) -> None:
    if case["reporter_id"] == actor.person_id:
        raise CityProblem("OWN_REPORT", allowed="addPhotos on the case")
    if case["task"] is not None and case["task"]["assignee_id"] == actor.person_id:
        raise CityProblem("SEPARATION_OF_DUTIES", allowed="somebody who has no task in this case")
    if len(joined(case)) >= _MOST_JOINED:
        raise CityProblem("TOO_MANY_JOINED", field="token", allowed=f"{_MOST_JOINED} reports; submitReport")


def _report(city: City, actor: Actor, description: str, media_ids: Sequence[str]) -> Row:
    return {
        "reporter_id": actor.person_id,
        "source": "INSPECTOR" if actor.role is Role.INSPECTOR else "CITIZEN",
        "description": description,
        "media_ids": list(media_ids),
        "at": city.clock.now(),
        "merged_case_id": None,
        "rating": None,
    }
