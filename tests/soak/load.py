"""The load: cases with photos through the whole loop, reads of all kinds, sockets; at a steady pace."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from city_demo.morning.crew import DISPATCHER
from city_demo.phones import Seat
from city_demo.phones.copies import Copy
from city_demo.phones.network import open_network
from city_demo.phones.phone import Phone
from city_demo.phones.refusals import Refused
from tests.bench.town import CHIEFS, LEADER, Town
from tests.bench.whole_loop import Lost, Tally, walk_to_closing

LISTENERS = 20
REMEMBERED = 1_100  # litestar remembers the last 1,024 queries and paths: they would fill for half an hour
MOST_WALKS_UNDER_WAY = 24


@dataclass
class Record:
    """What was answered when and how long it took, in monotonic seconds, and what went wrong."""

    answers: list[tuple[float, float]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    closed: int = 0
    skipped: int = 0

    async def timed(self, ask: Callable[[], Awaitable[object]]) -> None:
        """Ask once and note how long the answer took; a failure is counted by its kind."""
        began = time.monotonic()
        try:
            await ask()
        except Exception as error:
            self.faults[kind_of(error)] += 1
        else:
            self.answers.append((began, time.monotonic() - began))


def kind_of(error: Exception) -> str:
    """Name what went wrong; a refusal by its problem code."""
    return error.code if isinstance(error, Refused) else type(error).__name__


async def keep_reading(town: Town, record: Record, reads_a_second: float) -> None:
    """Read lists, inboxes, what is near, deltas and pieces of the map in turn, at this pace."""
    async with open_network() as network:
        await _read(town, record, reads_a_second, network)


async def _read(town: Town, record: Record, reads_a_second: float, network: httpx.AsyncClient) -> None:
    seat = await town.crew.phone(LEADER, Seat)
    phones = [await town.crew.phone(f"officer-{number:03d}", Phone) for number in range(1, 6)]
    copies = [Copy(phone, "pullCases", scope="MY_TASKS") for phone in phones]
    grids = itertools.cycle(town.places.unit_grids[::7])

    def near() -> Awaitable[object]:
        return seat.nearest(town.point_in(next(grids)))

    kinds: list[Callable[[int], Awaitable[object]]] = [
        lambda turn: phones[turn % 5].my_tasks(),
        lambda turn: phones[turn % 5].inbox(),
        lambda _: seat.cases(),
        lambda _: near(),
        lambda turn: copies[turn % 5].pull(),
        lambda _: _map_view(town, seat, network),
    ]
    under_way: set[asyncio.Task[None]] = set()
    for turn in itertools.count():
        kind = kinds[turn % len(kinds)]
        task = asyncio.create_task(record.timed(lambda kind=kind, turn=turn: kind(turn)))  # type: ignore[misc]
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        await asyncio.sleep(1 / reads_a_second)


async def _map_view(town: Town, seat: Seat, network: httpx.AsyncClient) -> None:
    headers = await seat.fresh_headers()
    answer = await network.get(f"{town.city.url}/map/view", params=_any_box(town), headers=headers)
    answer.raise_for_status()


def _any_box(town: Town) -> dict[str, float]:
    lng, lat = town.point_in(town.any_grid())
    return {"west": lng - 0.01, "east": lng + 0.01, "south": lat - 0.01, "north": lat + 0.01, "zoom": 14}


async def keep_walking(town: Town, record: Record, walks_a_minute: float) -> None:
    """Let cases begin at this pace and walk them to their closing; one too many at a time is skipped."""
    tally = Tally()
    under_way: set[asyncio.Task[None]] = set()
    for turn in itertools.count():
        if len(under_way) < MOST_WALKS_UNDER_WAY:
            task = asyncio.create_task(_walk(town, record, tally, turn))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        else:
            record.skipped += 1
        await asyncio.sleep(60 / walks_a_minute)


async def _walk(town: Town, record: Record, tally: Tally, turn: int) -> None:
    try:
        case_id = await walk_to_closing(town, tally)
        chief = await town.crew.phone(CHIEFS[turn % len(CHIEFS)], Seat)
        await chief.close_case(case_id, "同意结案")
        record.closed += 1
    except Lost:
        record.faults["Lost"] += 1
    except Exception as error:
        record.faults[kind_of(error)] += 1
    tally.case_ids.clear()


async def fill_what_is_bounded(town: Town) -> None:
    """Ask for as many different queries and paths as the API remembers of each, whatever it answers."""
    async with open_network() as network:
        for _ in range(REMEMBERED):
            await network.get(f"{town.city.url}/map/view", params=_any_box(town))
            await network.head(f"{town.city.url}/uploads/{uuid.uuid4()}")


async def press(town: Town, seconds: float) -> None:
    """Ask for much more at once than the load will: its own busiest moments then find the room they need.

    Without it each moment that is busier than all before would look like growth, for an hour.
    """
    record = Record()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(keep_reading(town, record, 24.0), keep_walking(town, record, 80.0))


async def listen(town: Town) -> None:
    """Keep inboxes of officers and of the dispatcher open over sockets."""
    for who in (DISPATCHER, *(f"officer-{number:03d}" for number in range(1, LISTENERS))):
        await town.crew.keep_inbox_open(who)
