"""What the tests of emergencies share: a village with divisions, a profile, a clock to turn, and the jobs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from city_core.cases.command import Command
from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.cases.emergency.start import EmergencyOrder, start_emergency
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.rulebook.store import publish_csv
from city_core.kit.work import overdue
from city_core.notify.adapters.log import LogPushGateway
from city_core.people.roles import Actor
from city_workers.jobs import handlers_with
from tests.hand_clock import HandClock
from tests.village import COMMUNITY, INSIDE, STREET, found_village

DISTRICT, OTHER_STREET, OTHER_COMMUNITY = "370303", "370303002", "370303002001"
DRAFT = ReportDraft("E0110", "E0110-1", "积水", *INSIDE, "WGS84", 8.0, "柳泉路", [])
TABLES = {
    "profiles": "name,name_zh,name_en,push_priority,needs_photos,widens_visibility,note\n"
    "flood,防汛,Flood,high,2,LEADER OFFICER,\nquiet,值守,Watch,normal,0,,\n",
    "profile_limits": "profile,type_prefix,value,unit,percent\n"
    "flood,E0110,30,urgent_minute,\nflood,C01,,,50\nquiet,E,,,100\n",
    "profile_routes": "profile,type_prefix,department_id\nflood,E0110,water\n",
}
COLLECTIONS = ("cases", "photos", "inbox_messages", "emergencies")


MONDAY_MORNING = datetime(2026, 7, 20, 2, 0, tzinfo=UTC)  # 10:00 in Beijing, a working hour


@dataclass
class Town:
    """A village whose leader may switch to emergency, and its clock."""

    city: City
    people: dict[str, Actor]
    clock: HandClock

    @property
    def leader(self) -> Actor:
        return self.people["leader-1"]

    def order(self, **more: Any) -> EmergencyOrder:
        """Write an order for a flood in the street, for six hours from now."""
        given: dict[str, Any] = {
            "profile": "flood", "name": "7·20 防汛", "area_codes": [STREET], "authority": "区防指〔2026〕7号",
            "ends_at": self.clock.now() + timedelta(hours=6), **more,
        }  # fmt: skip
        return EmergencyOrder(**given)

    async def start(self, **more: Any) -> Row:
        """Switch the street to emergency and let the jobs do what there is to do."""
        emergency = await start_emergency(self.city, self.leader, command(), self.order(**more))
        await self.work()
        return emergency

    async def report(self, who: str = "inspector-1", **more: Any) -> Row:
        """Have a report come in and let the jobs take it as far as they do."""
        case = await submit_report(self.city, self.people[who], command(), replace(DRAFT, **more))
        self.clock.turn(seconds=1)  # longer than a report waits for detection
        await self.work()
        return await self.case(case)

    async def case(self, case: Mapping[str, Any]) -> Row:
        found = await self.city.database.cases.find_one({"_id": case["_id"]})
        assert found is not None
        return found

    async def emergency(self, emergency: Mapping[str, Any]) -> Row:
        found = await self.city.database.emergencies.find_one({"_id": emergency["_id"]})
        assert found is not None
        return found

    async def work(self) -> None:
        """Do what is due, as the workers would, until nothing is."""
        handlers = handlers_with(LogPushGateway())
        hurried = replace(
            self.city, settings=self.city.settings.model_copy(update={"work_sweep_seconds": 0.0001})
        )
        for _ in range(50):
            self.clock.turn(milliseconds=1)
            wakes = [w for name in COLLECTIONS for w in await overdue(hurried, name, handlers, 100)]
            if not [await perform(hurried, handlers, wake) for wake in wakes]:
                return

    async def told(self, kind: str) -> list[str]:
        """List who has a message of a kind."""
        rows = self.city.database.inbox_messages.find({"kind": kind})
        return sorted([row["person_id"] async for row in rows])


def command() -> Command:
    """Make a command as a phone does."""
    return Command(str(uuid.uuid4()), None, "phone:test")


def switches(case: Mapping[str, Any]) -> list[str | None]:
    """List the emergencies that the clock of a case was switched to, None for back to normal."""
    return [row["facts"]["emergency_id"] for row in case["history"] if row["action"] == "SWITCH_CLOCK"]


async def found_town(city: City, at: datetime) -> Town:
    """Found the village, with two streets, a flood profile and a leader of both streets."""
    clock = HandClock(at)
    timed = replace(city, clock=clock)
    people = await found_village(timed)
    await timed.database.divisions.insert_many([
        _division(DISTRICT, "district", None), _division(STREET, "street", DISTRICT),
        _division(OTHER_STREET, "street", DISTRICT), _division(COMMUNITY, "community", STREET),
        _division(OTHER_COMMUNITY, "community", OTHER_STREET), _division("370303009", "street", "370399"),
    ])  # fmt: skip
    both = [STREET, OTHER_STREET]
    await timed.database.people.update_one({"_id": "leader-1"}, {"$set": {"street_codes": both}})
    people["leader-1"] = replace(people["leader-1"], street_codes=frozenset(both))
    published = await publish_csv(
        timed, EMERGENCY_PROFILES, TABLES, by="administrator-1", client_id="p1", input_hash="p1"
    )
    assert published.is_published, published.faults
    return Town(timed, people, clock)


def _division(code: str, level: str, parent: str | None) -> Row:
    centre = {"type": "Point", "coordinates": list(INSIDE)}
    return {"_id": code, "level": level, "name_zh": code, "parent_code": parent, "code_is_real": True,
            "centre": centre}  # fmt: skip
