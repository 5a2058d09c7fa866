"""In whatever order ticks, answers and deaths of workers come: each rung once, none after an acceptance."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from dataclasses import replace

import pytest

from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.work import claim
from city_core.notify.acknowledge import acknowledge_message
from city_core.notify.acknowledgement import Acknowledgement
from tests.hand_clock import HandClock
from tests.integration.reaching.town import Killed, Town
from tests.work_by_hand import due_work

_STEPS = 45


class History:
    """One random life of one message."""

    def __init__(self, town: Town, message: Row, seed: int) -> None:
        self.town, self.message, self.chance = town, message, random.Random(seed)
        self.at_acceptance: list[Row] | None = None
        self.told_at_acceptance: Row = {}
        self.deaths = 0

    async def live(self) -> None:
        ways = [self.tick, self.work_a_little, self.die_before, self.die_after, self.answer]
        for _ in range(_STEPS):
            await self.chance.choices(ways, [30, 30, 12, 8, 20])[0]()
        self.town.providers.dies_after_sending = False
        for _ in range(12):
            await self.town.turn(700)

    async def tick(self) -> None:
        self.town.clock.turn(seconds=self.chance.choice([1, 31, 61, 125, 310, 610]))

    async def work_a_little(self) -> None:
        wakes = await due_work(self.town.city)
        self.chance.shuffle(wakes)
        for wake in wakes[: self.chance.randint(1, 4)]:
            with contextlib.suppress(Killed):
                await perform(self.town.city, self.town.handlers, wake)

    async def die_before(self) -> None:
        """A worker takes something and is never heard of again."""
        wakes = await due_work(self.town.city)
        if wakes:
            await claim(self.town.city, self.chance.choice(wakes))

    async def die_after(self) -> None:
        """The next worker that sends something dies before it can say so."""
        self.town.providers.dies_after_sending = True
        self.deaths += 1

    async def answer(self) -> None:
        states = list(Acknowledgement)
        state = self.chance.choices(states, [5, 4, 2, 1])[0]
        device = self.chance.choice(["phone", "tablet"])
        actor = replace(self.town.people[self.message["person_id"]], device_id=f"x-{device}-{device}")
        await acknowledge_message(self.town.city, actor, self.message["_id"], state, reason="忙")
        if state is Acknowledgement.ACCEPTED and self.at_acceptance is None:
            self.at_acceptance = (await self.town.message(self.message))["rungs"]
            self.told_at_acceptance = await self.sent()

    async def sent(self) -> Row:
        own = self.message["_id"]
        return {
            "hints": len([1 for _, hint in self.town.providers.pushed if hint.message_id == own]),
            "texts": len([1 for *_, name in self.town.providers.rung if name.startswith(own)]),
            "colleagues": len(await self.town.told("COLLEAGUE_UNREACHED")),
            "supervisors": len(await self.town.told("RECEIVER_UNREACHED")),
        }


@pytest.mark.parametrize("seed", range(40))
async def test_each_rung_is_climbed_once_at_most_and_none_after_an_acceptance(
    town: Town, clock: HandClock, seed: int
) -> None:
    history = History(town, await town.report(), seed)
    await history.live()
    after = await town.message(history.message)
    steps = [row["step"] for row in after["rungs"]]
    assert len(steps) == len(set(steps)) and steps == sorted(steps)
    assert after["work"] == [], "nothing is left over"
    sent = await history.sent()
    if history.at_acceptance is not None:
        assert len(after["rungs"]) == len(history.at_acceptance)
        assert sent == history.told_at_acceptance
    else:
        assert steps[-1] == 5, "without an acceptance the top is always reached"
    texts = Counter(name for *_, name in town.providers.rung if name.startswith(after["_id"]))
    assert set(texts) <= {f"{after['_id']}:3"}
    assert sent["hints"] <= 2 + history.deaths and sent["texts"] <= 1 + history.deaths
    assert sent["colleagues"] <= 1 and sent["supervisors"] <= 2
