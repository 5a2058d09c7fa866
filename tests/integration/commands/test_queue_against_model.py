"""Random histories of one phone's queue against a simple model: nothing lost, nothing twice, in order."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from city_core.commands.batch import Queued
from city_core.commands.queries import outcomes_of
from city_core.kit.city import City
from city_core.people.roles import Actor
from tests.hand_clock import HandClock
from tests.integration.commands.support import queued, release_what_is_due, report, send, statuses

_MOST = 7
_NUMBERS = st.lists(st.integers(1, _MOST), min_size=1, max_size=_MOST, unique=True)
_EVENTS = st.one_of(
    st.tuples(st.just("send"), _NUMBERS),
    st.tuples(st.just("both"), _NUMBERS, _NUMBERS),
    st.tuples(st.just("wait")),
)


@dataclass
class Model:
    """What a queue does, without any of the ways in which it could fail."""

    refused: frozenset[int]
    last: int = 0
    held: set[int] = field(default_factory=set)
    done: list[int] = field(default_factory=list)

    def send(self, numbers: list[int]) -> list[str]:
        before = set(self.done)
        self.held |= set(numbers) - before
        self.drain()
        return [self._status(number, number in before) for number in numbers]

    def wait(self) -> None:
        for number in sorted(self.held):
            self.drain(up_to=number)

    def drain(self, up_to: int = 0) -> None:
        while ready := [number for number in self.held if number <= max(self.last + 1, up_to)]:
            number = min(ready)
            self.held.discard(number)
            self.done.append(number)
            self.last = max(self.last, number)

    def _status(self, number: int, was_done: bool) -> str:
        if number in self.held:
            return "HELD"
        if number in self.refused:
            return "REJECTED"
        return "DUPLICATE" if was_done else "APPLIED"


def _commands(refused: frozenset[int], mark: str) -> dict[int, Queued]:
    bad = {"case_id": "nowhere", "stars": 5, "comment": ""}
    return {
        number: queued(number, "rate_case", bad) if number in refused else report(number, f"{mark}-{number}")
        for number in range(1, _MOST + 1)
    }


async def _came_in(town: City, mark: str) -> list[int]:
    rows = town.database.cases.find({"description": {"$regex": f"^{mark}-"}}).sort("_id", 1)
    return [int(row["description"].rpartition("-")[2]) async for row in rows]


@given(
    events=st.lists(_EVENTS, min_size=1, max_size=6),
    refused=st.frozensets(st.integers(1, _MOST), max_size=2),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_queue_does_what_the_model_says(
    town: City, people: dict[str, Actor], clock: HandClock, events: list[tuple], refused: frozenset[int]
) -> None:
    mark = uuid.uuid4().hex
    await town.database.device_queues.delete_many({})  # so many phones a day nobody has
    in_order = True
    model, commands, who = Model(refused), _commands(refused, mark), people["citizen-1"]

    async def hand_over(numbers: list[int]) -> list[str]:
        return statuses(await send(town, who, *(commands[number] for number in numbers), device=mark))

    for kind, *given_numbers in events:
        if kind == "send":
            assert await hand_over(given_numbers[0]) == model.send(given_numbers[0])
        elif kind == "both":
            await asyncio.gather(*(hand_over(numbers) for numbers in given_numbers))
            together = {number for numbers in given_numbers for number in numbers} - set(model.done)
            in_order &= min(together, default=_MOST) > model.last  # what is late has no order any more
            model.send(sorted(together))
            clock.turn(seconds=town.settings.work_lease_seconds + 1)
        else:
            clock.turn(minutes=town.settings.held_command_minutes + 1)
            await release_what_is_due(town)
            model.wait()
        came, expected = await _came_in(town, mark), [n for n in model.done if n not in refused]
        assert came == expected if in_order else sorted(came) == sorted(expected)
        asked = [commands[number].client_id for number in sorted(model.held)]
        assert set(statuses(await outcomes_of(town, who, asked))) <= {"HELD"}
