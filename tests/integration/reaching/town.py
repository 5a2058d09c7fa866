"""A village whose officers have phones, on a clock that the test turns, with the ladder of the seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.rulebook.tables import Content
from city_core.kit.work import Handler
from city_core.notify.ports import Delivered, Outcome, PushAddress, PushMessage
from city_core.notify.rungs import REACHING
from city_core.people.devices import register_device
from city_core.people.roles import Actor
from city_seed.reference import read_reference
from city_workers.jobs import handlers_with
from tests.hand_clock import HandClock
from tests.rulebooks import put_in_force
from tests.village import INSIDE, found_village
from tests.work_by_hand import command, due_work

DRAFT = ReportDraft("E0110", "E0110-1", "门口垃圾", *INSIDE, "WGS84", None, "柳泉路1号", [])
HIGH = ["PUSH", "PUSH_AGAIN", "SMS", "NEXT_OFFICER", "SUPERVISOR"]


class Killed(BaseException):
    """A worker dies at this very moment: nothing that it would still do is done."""


@dataclass
class Providers:
    """Push service, texts and calls at once: notes what it is given, answers as the test says."""

    name: str = "test"
    pushed: list[tuple[str, PushMessage]] = field(default_factory=list)
    rung: list[tuple[str, str, str, str]] = field(default_factory=list)
    answer: Callable[[str], Outcome] = Delivered
    dies_after_sending: bool = False

    async def send(self, *given: Any) -> Any:
        """Takes hints in a batch, or one text."""
        if len(given) == 1:
            return [self._push(address, message) for address, message in given[0]]
        return self._ring("sms", *given)

    async def call(self, phone: str, text: str, message_id: str) -> Outcome:
        return self._ring("call", phone, text, message_id)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _push(self, address: PushAddress, message: PushMessage) -> Outcome:
        outcome = self.answer(address.value)
        if isinstance(outcome, Delivered):
            self.pushed.append((address.value, message))
        self._die_perhaps()
        return outcome

    def _ring(self, how: str, phone: str, text: str, message_id: str) -> Outcome:
        outcome = self.answer(how)
        if isinstance(outcome, Delivered):
            self.rung.append((how, phone, text, message_id))
        self._die_perhaps()
        return outcome

    def _die_perhaps(self) -> None:
        if self.dies_after_sending:
            self.dies_after_sending = False
            raise Killed


@dataclass
class Town:
    """The village with its people, its clock and its providers."""

    city: City
    clock: HandClock
    people: dict[str, Actor]
    providers: Providers

    @property
    def handlers(self) -> Any:
        all_of_them: dict[str, Handler] = dict(
            handlers_with(self.providers, self.providers, self.providers)  # type: ignore[arg-type]
        )
        return all_of_them

    async def work(self, *kinds: str) -> None:
        """Do what is due now, and what that leads to."""
        for _ in range(60):
            wakes = await due_work(self.city, kinds or None)
            if not [await perform(self.city, self.handlers, wake) for wake in wakes]:
                return

    async def turn(self, seconds: float) -> None:
        """Move the clock on and do what has become due."""
        self.clock.turn(seconds=seconds)
        await self.work()

    async def report(self) -> Row:
        """Report something: an officer is given it; answers the message that tells them."""
        await submit_report(self.city, self.people["inspector-1"], command(), DRAFT)
        await self.work()
        [message] = await self.city.database.inbox_messages.find({"kind": "TASK_ASSIGNED"}).to_list(None)
        return message

    async def message(self, before: Row) -> Row:
        """Read a message as it stands."""
        found = await self.city.database.inbox_messages.find_one({"_id": before["_id"]})
        assert found is not None
        return found

    async def rungs(self, before: Row) -> list[tuple[str, str]]:
        """Tell what was done to reach somebody, in order."""
        return [(row["action"], row["outcome"]) for row in (await self.message(before))["rungs"]]

    async def told(self, kind: str) -> list[str]:
        """Name who was told something of a kind."""
        rows = await self.city.database.inbox_messages.find({"kind": kind}).to_list(None)
        return sorted(row["person_id"] for row in rows)

    def pushes_to(self, kind: str) -> list[str]:
        """List the addresses that hints of a kind went to."""
        return [where for where, message in self.providers.pushed if message.type == kind]


def ladder_of_the_seed() -> Content:
    return read_reference().reaching


async def found_town(
    city: City, clock: HandClock, *, devices: Sequence[str] = ("phone",), ladder: Content | None = None
) -> Town:
    """Found the village, give every officer these devices, and publish a ladder."""
    people = await found_village(city)
    for name in ("officer-1", "officer-2"):
        for device in devices:
            await register_device(
                city, people[name], device_id=f"{name}-{device}", address_kind="token",
                address=f"{device}-of-{name}", platform="android",
            )  # fmt: skip
    await put_in_force(city, REACHING, ladder or ladder_of_the_seed())
    return Town(city, clock, people, Providers())
