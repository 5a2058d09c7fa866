"""A village with phones in it, and a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from city_core.kit.city import City
from city_core.kit.waking import QuietWaker
from city_core.people.code_sender import CodeNotSent
from city_core.people.open_session import sign_in_person
from city_core.people.tokens import SignedIn
from tests.hand_clock import HandClock
from tests.registered_keys import unregistered_keys
from tests.village import found_village

DEVICE = "device-0001"
# MongoDB clears away by its own clock what has expired: what a test relies on must not have.
LATER = datetime(2046, 3, 5, 1, tzinfo=UTC)


@dataclass
class Letterbox:
    """A sender that keeps the codes; `broken` is a text-message service that takes none."""

    codes: dict[str, list[str]] = field(default_factory=dict)
    broken: bool = False

    async def send(self, city: City, phone: str, code: str) -> None:
        if self.broken:
            raise CodeNotSent
        self.codes.setdefault(phone, []).append(code)


@dataclass
class Village:
    """A city with people, its clock, and what it announced."""

    city: City
    clock: HandClock
    waker: QuietWaker
    sent: Letterbox = field(default_factory=Letterbox)

    async def sign_in(self, who: str = "officer-1", device: str | None = DEVICE) -> SignedIn:
        """Sign somebody in, past password or code."""
        person = await self.city.database.people.find_one({"_id": who})
        assert person is not None
        return await sign_in_person(self.city, person, device_id=device, app="officer")


@pytest.fixture
async def village(city: City) -> Village:
    clock, waker = HandClock(LATER), QuietWaker()
    turned = replace(city, clock=clock, waker=waker)
    await found_village(turned)
    return Village(turned, clock, waker)


@pytest.fixture(autouse=True)
async def nothing_unregistered(city: City) -> AsyncIterator[None]:
    """Whatever a test has stored is on the register of what the city keeps."""
    yield
    assert await unregistered_keys(city.database) == set()
