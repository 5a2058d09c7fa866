"""Bad days of phones: offline, lost answers, repeats, killed apps, half uploads; nothing lost or doubled."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from PIL import Image

from city_core.cases.ask_reporter import ask_reporter
from city_core.cases.command import Command
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.files import read_file
from city_core.people.claims import known_holder_of_claim
from city_core.sync.feeder import feed_scopes
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.conftest import served_village
from tests.api.support import Api, new_uuid
from tests.lossy_link import LossyLink
from tests.phones.phone import NoNetwork, Storage, TestPhone

HISTORIES, AT_ONCE = 200, 8


@pytest.fixture
async def fed(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Api]:
    """A running API, with somebody who feeds the scopes of the phones."""
    async with served_village(mongod, redis_server) as api:
        feeding = asyncio.create_task(feed_scopes(api.city))
        yield api
        feeding.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await feeding


@dataclass
class Day:
    """One day of one phone, made from a number, and what its person really did."""

    number: int
    link: LossyLink
    api: Api
    chance: random.Random = field(init=False)
    reports: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)
        secret = hashlib.sha256(f"claim {self.number}".encode()).hexdigest()
        self.storage = Storage(f"phone-{self.number:05d}", secret)
        self.phone = self._switched_on()

    def _switched_on(self) -> TestPhone:
        return TestPhone(self.link.address, self.storage, self.chance)

    async def live(self) -> None:
        """Let the day pass, then a quiet evening on a good network."""
        for _ in range(self.chance.randint(6, 14)):
            self._weather()
            await self._something_happens()
        self.link.cut_after_bytes = self.link.cut_answer_after_bytes = None
        self.link.drop_answers = 0
        await self._evening()

    def _weather(self) -> None:
        chance = self.chance
        self.link.cut_after_bytes = chance.choice([None, None, 3_000, 20_000, 50_000])
        self.link.cut_answer_after_bytes = chance.choice([None, None, 400, 2_000])
        self.link.drop_answers = chance.choice([0, 0, 0, 1, 2])

    async def _something_happens(self) -> None:
        own = sorted(self.storage.cases)
        at_home = [self._reports, self._sends, self._sends_twice, self._uploads, self._pulls, self._is_killed]
        with_cases = [self._adds_a_photo, self._withdraws, self._answers, self._is_asked] if own else []
        await self.chance.choice([*at_home, self._reports, *with_cases])()

    async def _reports(self) -> None:
        photos = [self._photo() for _ in range(self.chance.randint(0, 2))]
        if photos and self.chance.random() < 0.2:
            photos.append(photos[0])  # the very same picture twice
        client_id = self.phone.report(photos)
        self.reports[client_id] = [hashlib.sha256(photo).hexdigest() for photo in photos]

    async def _adds_a_photo(self) -> None:
        self.phone.add_photo(self._own_case(), self._photo())

    async def _withdraws(self) -> None:
        self.phone.cancel(self._own_case())

    async def _answers(self) -> None:
        self.phone.answer(self._own_case())

    async def _is_asked(self) -> None:
        seat, asked = self.api.people["acceptor-1"], Command(new_uuid())
        with contextlib.suppress(CityProblem):
            await ask_reporter(self.api.city, seat, self._own_case(), asked, text="还在吗？")

    async def _is_killed(self) -> None:
        await self.phone.close()
        self.phone = self._switched_on()

    async def _sends(self) -> None:
        with contextlib.suppress(NoNetwork):
            await self.phone.send_some()

    async def _sends_twice(self) -> None:
        await asyncio.gather(self._sends(), self._sends())

    async def _uploads(self) -> None:
        with contextlib.suppress(NoNetwork):
            await self.phone.upload_some()

    async def _pulls(self) -> None:
        with contextlib.suppress(NoNetwork):
            await self.phone.pull()

    def _own_case(self) -> str:
        return self.chance.choice(sorted(self.storage.cases))

    async def _evening(self) -> None:
        for _ in range(40):
            with contextlib.suppress(NoNetwork):
                await self.phone.send_all()
                await self.phone.upload_some()
                await self.phone.pull()
                if self._is_settled() and await self._copy_is_up_to_date():
                    return
            await asyncio.sleep(0.05)
        raise AssertionError(f"day {self.number}: the phone never came to an end: {self.storage.outcomes}")

    def _is_settled(self) -> bool:
        return not any(self.phone.is_open(one["clientId"]) for one in self.storage.outbox)

    async def _copy_is_up_to_date(self) -> bool:
        cases = await self.stored()
        return {row["_id"]: row["version"] for row in cases} == {
            case_id: case["version"] for case_id, case in self.storage.cases.items()
        }

    async def stored(self) -> list[Row]:
        """Read what the city has of this phone's person."""
        holder_id = await known_holder_of_claim(self.api.city, self.storage.claim_secret)
        return await self.api.city.database.cases.find({"reporter_id": holder_id}).to_list(None)

    def seen(self) -> Counter[str]:
        """Count what happened on this day, to know that it was a bad one."""
        happened = {"reports": len(self.reports), "photos": len(self.storage.photos)}
        on_the_way = {"cuts": self.link.cuts, "lost answers": self.link.dropped}
        return Counter(self.storage.heard) + Counter({**happened, **on_the_way})

    def _photo(self) -> bytes:
        out = io.BytesIO()
        size = self.chance.choice([(40, 30), (160, 120), (400, 300)])
        noise = self.chance.randbytes(size[0] * size[1] * 3)
        Image.frombytes("RGB", size, noise).save(out, "JPEG", quality=80)
        return out.getvalue()


_WHAT_HAPPENS_ON_BAD_DAYS = ("reports", "photos", "cuts", "lost answers", "HELD", "DUPLICATE")


async def _lived(number: int, api: Api) -> Day:
    async with LossyLink(api.address) as link:
        day = Day(number, link, api)
        try:
            await day.live()
        finally:
            await day.phone.close()
        return day


async def _check(day: Day) -> None:
    cases = await day.stored()
    by_client = {case["client_id"]: case for case in cases}
    assert len(by_client) == len(cases) == len(day.reports), "each report is there once"
    for client_id, hashes in day.reports.items():
        case = by_client[client_id.replace("-", "")]
        photos = [photo["media_id"] for photo in case["photos"]]
        assert len(set(photos)) == len(photos)
        rows = await day.api.city.database.photos.find({"_id": {"$in": photos}}).to_list(None)
        assert len(rows) == len(photos), "each photo arrived"
        assert sorted(hashes) == sorted(
            row["sha256"] for row in rows if row["_id"] in case["history"][0]["media_ids"]
        )
        commands = [row["command_id"] for row in case["history"] if row["person_id"] == case["reporter_id"]]
        assert len(set(commands)) == len(commands), "each command was carried out once"
        assert [row["seq"] for row in case["history"]] == list(range(1, case["version"] + 1))
    for media_id, photo in day.storage.photos.items():
        row = await day.api.city.database.photos.find_one({"_id": media_id})
        assert row is not None and await read_file(day.api.city, row, "original_file") == photo
    applied = {row["command_id"] for case in cases for row in case["history"]}
    for one in day.storage.outbox:
        done = day.storage.outcomes[one["clientId"]]["status"] in ("APPLIED", "DUPLICATE")
        assert (one["clientId"].replace("-", "") in applied) == done, "the phone was told the truth"


async def test_200_bad_days_lose_nothing_and_double_nothing(fed: Api) -> None:
    waiting = list(range(HISTORIES))
    seen: Counter[str] = Counter()

    async def one_after_another() -> None:
        while waiting:
            number = waiting.pop()
            try:
                day = await _lived(number, fed)
                await _check(day)
                seen.update(day.seen())
            except AssertionError as error:
                raise AssertionError(f"day {number}: {error}") from error

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    print(dict(seen))
    assert all(seen[name] > HISTORIES / 10 for name in _WHAT_HAPPENS_ON_BAD_DAYS), seen
