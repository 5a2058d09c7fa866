"""The people of the morning: each with a phone, on duty from the start or called when a task finds them."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self, TypeVar

from city_demo.phones import (
    Administrator,
    CitizenPhone,
    Hints,
    InspectorPhone,
    NoAnswer,
    OfficerPhone,
    Phone,
    Refused,
    Seat,
    demo_phone_of,
    role_of,
)
from city_demo.phones.citizen import CodeReader
from city_demo.phones.machine import Machine
from city_demo.phones.network import open_network

CLERK, CHIEF, DISPATCHER, LEADER = "acceptor-001", "shift-leader-001", "dispatcher-001", "leader-001"
KEEPER = "administrator-001"
KEEPER_OF_KEYS = "security-administrator-001"
ACCOUNTS = Path(__file__).resolve().parents[2] / "demo" / "accounts.json"
OFFICERS_OF_THE_INNER_STREETS = 3
OFFICERS_OF_A_DEPARTMENT = 6
INSPECTORS_OF_A_COMMUNITY = 2
_AT_ONCE = 3
_TOKEN_OF = "demo-phone-of-"
_KINDS: dict[str, type[Phone]] = {
    "INSPECTOR": InspectorPhone,
    "OFFICER": OfficerPhone,
    "CITIZEN": CitizenPhone,
    "ADMINISTRATOR": Administrator,
    "SECURITY_ADMINISTRATOR": Administrator,
}
AnyPhone = TypeVar("AnyPhone", bound=Phone)


class Crew:
    """Finds the phone of a person; whoever has none in hand yet signs in first."""

    def __init__(self, api_url: str, hints: Hints, read_code: CodeReader, *, connections: int = 8) -> None:
        self.hints = hints
        self._api_url = api_url
        self._read_code = read_code
        self._password = json.loads(ACCOUNTS.read_text(encoding="utf-8"))["staff_password"]
        self._network = open_network(connections)
        self._phones: dict[str, Phone] = {}
        self._doors: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._communities: list[str] = []
        self._heard: dict[tuple[str, str], int] = {}
        self._news = asyncio.Event()
        self._listening: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)
        await self._network.aclose()

    def machine(self, key: str) -> Machine:
        """Give a machine that hands in frames with a key."""
        return Machine(self._api_url, key)

    async def phone(self, person_id: str, kind: type[AnyPhone]) -> AnyPhone:
        """Give the phone of a person, signed in and able to receive hints."""
        async with self._doors[person_id]:
            if person_id not in self._phones:
                self._phones[person_id] = await self._sign_in(person_id)
        phone = self._phones[person_id]
        if not isinstance(phone, kind):
            raise TypeError(f"{person_id} has another kind of phone than {kind.__name__}.")
        return phone

    async def come_on_duty(self, person_ids: Iterable[str]) -> int:
        """Have people sign in before anything happens; gives how many."""
        places = asyncio.Semaphore(_AT_ONCE)

        async def come(person_id: str) -> None:
            async with places:
                await self.phone(person_id, Phone)

        return len(await asyncio.gather(*(come(person_id) for person_id in dict.fromkeys(person_ids))))

    async def come_on_duty_in(self, community: str) -> None:
        """Have the inspectors of a community sign in, before a task there finds them."""
        if not self._communities:
            self._communities = await (await self.phone(LEADER, Seat)).communities()
        await self.come_on_duty(inspectors_of(community, self._communities))

    async def keep_inbox_open(self, person_id: str) -> None:
        """Let a person hear inbox messages over a WebSocket, beside the pushes."""
        phone = await self.phone(person_id, Phone)
        self._listening.append(asyncio.create_task(self._listen(phone)))

    async def is_woken(self, person_id: str, case_id: str, from_seq: int, seconds: float) -> bool:
        """Wait until a push or an inbox message tells somebody of a step; false when neither came in time."""
        push = asyncio.create_task(
            self.hints.wait(token_of(person_id), case_id, from_seq=from_seq, seconds=seconds)
        )
        message = asyncio.create_task(self._wait_for_message(person_id, case_id, from_seq, seconds))
        try:
            done, _ = await asyncio.wait({push, message}, return_when=asyncio.FIRST_COMPLETED)
            return any(task.result() for task in done) or bool(await push or await message)
        finally:
            push.cancel()
            message.cancel()

    async def _sign_in(self, person_id: str) -> Phone:
        kind = _KINDS.get(role_of(person_id), Seat)
        phone = kind(self._api_url, demo_phone_of(person_id), network=self._network)
        if isinstance(phone, CitizenPhone):
            await phone.sign_in_by_code(self._read_code)
        else:
            await phone.sign_in(self._password)
        if not issubclass(kind, Seat):
            await phone.register_device(token_of(person_id))
        return phone

    async def _listen(self, phone: Phone) -> None:
        with contextlib.suppress(Refused, NoAnswer):
            async for message in phone.listen_inbox():
                self._heard[phone.person_id, message["caseId"]] = message["seq"]
                self._news.set()
                self._news = asyncio.Event()

    async def _wait_for_message(self, person_id: str, case_id: str, from_seq: int, seconds: float) -> bool:
        def heard() -> bool:
            return self._heard.get((person_id, case_id), -1) >= from_seq

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not heard():
                    await self._news.wait()
        return heard()


def token_of(person_id: str) -> str:
    """Give the push address of a person's phone."""
    return f"{_TOKEN_OF}{person_id}"


def person_of(token: str) -> str:
    """Give the person whose phone has a push address."""
    return token.removeprefix(_TOKEN_OF)


def officers_of(departments: Iterable[str], *, how_many: int = OFFICERS_OF_THE_INNER_STREETS) -> list[str]:
    """Name the first officers of some departments: those of the inner streets come first."""
    wanted = set(departments)
    return [
        colleague
        for account in _accounts()
        if account["role"] == "OFFICER" and account["department_id"] in wanted
        for colleague in _colleagues(account["id"], how_many)
    ]


def inspectors_of(community: str, communities: Iterable[str]) -> list[str]:
    """Name the inspectors of a community: people are numbered community by community."""
    before = sum(code < community for code in set(communities)) * INSPECTORS_OF_A_COMMUNITY
    return [f"inspector-{before + turn + 1:03d}" for turn in range(INSPECTORS_OF_A_COMMUNITY)]


def _colleagues(officer_id: str, how_many: int) -> list[str]:
    """Name an officer and those who follow: people are numbered department by department."""
    first = int(officer_id.rpartition("-")[2])
    return [f"officer-{first + turn:03d}" for turn in range(how_many)]


def _accounts() -> list[dict[str, Any]]:
    accounts: list[dict[str, Any]] = json.loads(ACCOUNTS.read_text(encoding="utf-8"))["accounts"]
    return accounts
