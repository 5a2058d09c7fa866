"""Walks cases through the whole loop over the API, each step by the phone of whoever is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from city_demo.phones import CitizenPhone, Hint, InspectorPhone, OfficerPhone, Seat
from city_demo.phones.reporting import ReportingPhone
from tests.bench.pictures import a_photo
from tests.bench.town import CLERKS, KINDS, LEADER, Town
from tests.journey.running_city import Row

PUSH_LIMIT_S = 60.0
CITIZENS_PART = 0.3
UNTYPED_PART = 0.3
TOKEN_PREFIX = "demo-phone-of-"


class Lost(Exception):
    """A case stopped; the message says where."""


@dataclass
class Tally:
    """What happened on the way, over all cases."""

    case_ids: list[str] = field(default_factory=list)
    photos: int = 0
    by_citizens: int = 0
    filed_by_seats: int = 0
    without_push: int = 0


async def walk_to_closing(town: Town, tally: Tally) -> str:
    """Report something and have it handled and checked; only closing is left. Gives the case id."""
    grid = town.any_grid()
    is_citizens = town.dice.random() < CITIZENS_PART
    kind: tuple[str | None, str | None] = town.dice.choice(KINDS)
    is_untyped = is_citizens and town.dice.random() < UNTYPED_PART
    reporter = town.any_citizen() if is_citizens else town.inspector_of(grid)
    case = await _report(town, tally, reporter, town.point_in(grid), (None, None) if is_untyped else kind)
    tally.case_ids.append(case["id"])
    seq = 0
    if is_citizens:
        tally.by_citizens += 1
        seq = await _verify(town, tally, case["id"], kind, is_untyped=is_untyped)
    seq = await _handle(town, tally, case["id"], seq)
    await _check(town, tally, case["id"], seq)
    town.hints.forget(case["id"])
    return str(case["id"])


async def _report(
    town: Town,
    tally: Tally,
    reporter: str,
    point: tuple[float, float],
    kind: tuple[str | None, str | None],
) -> Row:
    kind_of_phone = CitizenPhone if reporter.startswith("citizen") else InspectorPhone
    phone: ReportingPhone = await town.crew.phone(reporter, kind_of_phone)
    photo = await phone.take_photo(a_photo(after=False, dice=town.dice))
    tally.photos += 1
    return await phone.report(point, photos=[photo], type_code=kind[0], condition_id=kind[1])


async def _verify(
    town: Town, tally: Tally, case_id: str, kind: tuple[str | None, str | None], *, is_untyped: bool
) -> int:
    person_id, seq = await _who_is_asked(town, tally, case_id, 0)
    inspector = await town.crew.phone(person_id, InspectorPhone)
    await inspector.verify(case_id, opinion="属实")
    if is_untyped:
        clerk = await town.crew.phone(town.dice.choice(CLERKS), Seat)
        await clerk.file(case_id, type_code=kind[0], condition_id=kind[1], opinion="人工立案")
        tally.filed_by_seats += 1
    return seq


async def _handle(town: Town, tally: Tally, case_id: str, after_seq: int) -> int:
    person_id, seq = await _who_is_asked(town, tally, case_id, after_seq)
    officer = await town.crew.phone(person_id, OfficerPhone)
    await officer.accept(case_id)
    photo = await officer.take_photo(a_photo(after=True, dice=town.dice))
    tally.photos += 1
    await officer.report_handled(case_id, opinion="已处置", photos=[photo])
    return seq


async def _check(town: Town, tally: Tally, case_id: str, after_seq: int) -> None:
    person_id, _ = await _who_is_asked(town, tally, case_id, after_seq)
    inspector = await town.crew.phone(person_id, InspectorPhone)
    checked = await inspector.check(case_id, passed=True)
    if checked["state"] != "PENDING_CLOSING":
        raise Lost(f"{case_id} is {checked['state']} after it passed its check.")


async def _who_is_asked(town: Town, tally: Tally, case_id: str, after_seq: int) -> tuple[str, int]:
    """Wait for the push of the next task; when none comes, look at the case itself."""
    hint: Hint | None = await town.hints.next_task(case_id, after_seq=after_seq, seconds=PUSH_LIMIT_S)
    if hint is not None:
        return hint.token.removeprefix(TOKEN_PREFIX), hint.seq
    tally.without_push += 1
    case = await (await town.crew.phone(LEADER, Seat)).case(case_id)
    if case is None or not case["task"] or case["task"]["seq"] <= after_seq:
        raise Lost(f"{case_id} gave nobody a task for {PUSH_LIMIT_S:.0f} s; it is {case and case['state']}.")
    return case["task"]["assigneeId"], case["task"]["seq"]
