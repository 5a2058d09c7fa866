"""Components over the queue of a phone, and in the copy that phones of a grid keep."""

from __future__ import annotations

from city_core.commands.log import key_of
from city_core.kit.city import City
from city_core.people.roles import Actor
from city_core.sync.pull import pull_components
from tests.integration.census.town import IN_EAST, Town, adding, checking, point
from tests.integration.commands.support import queued, send, statuses
from tests.integration.sync.support import caught_up, fed
from tests.village import INSIDE

CODE = "3703030102000007"


async def test_what_was_done_offline_is_carried_out_in_its_order(town: Town) -> None:
    inspector = town["inspector-1"]
    commands = [
        queued(1, "add_component", adding()),
        queued(2, "check_component", checking("3703030102000001", "DAMAGED")),
        queued(3, "check_component", checking("3703030102000099")),
    ]
    outcomes = await send(town.city, inspector, *commands)
    assert statuses(outcomes) == ["APPLIED", "APPLIED", "REJECTED"]
    again = await send(town.city, inspector, *commands)
    assert statuses(again) == ["DUPLICATE", "DUPLICATE", "REJECTED"]
    row = await town.component("3703030102000001")
    assert (row["state"], row["version"]) == ("DAMAGED", 2)
    key = key_of(inspector.person_id, commands[0].client_id.replace("-", ""))
    logged = await town.city.database.command_log.find_one({"_id": key})
    assert logged is not None and logged["component_code"] == row["_id"]


async def test_a_component_that_moves_to_another_grid_leaves_the_phones_of_the_first(town: Town) -> None:
    await town.stands(CODE)
    west, east = Phone(town.city, town["inspector-1"]), Phone(town.city, town["inspector-2"])
    async with fed(town.city):
        await west.pull()
        await east.pull()
        assert (west.codes, east.codes) == ({CODE}, set())
        administrator = town["administrator-1"]
        given = {"component_code": CODE, "point": point(IN_EAST), "note": "", "media_ids": []}
        assert statuses(await send(town.city, administrator, queued(1, "move_component", given))) == [
            "APPLIED"
        ]
        await caught_up(town.city)
        await west.pull()
        await east.pull()
        assert (west.codes, east.codes) == (set(), {CODE})
        gone = {"component_code": CODE, "state": "REMOVED", "reason": "拆除", "media_ids": []}
        await send(town.city, administrator, queued(2, "retire_component", gone))
        await send(town.city, town["inspector-1"], queued(1, "add_component", adding(INSIDE)))
        await caught_up(town.city)
        await west.pull()
        await east.pull()
        assert (west.codes, east.codes) == ({"3703030102000008"}, set())


class Phone:
    """What one phone keeps of the components of its grids."""

    def __init__(self, city: City, actor: Actor) -> None:
        self.city, self.actor = city, actor
        self.codes: set[str] = set()
        self.checkpoint: str | None = None

    async def pull(self) -> None:
        found = await pull_components(
            self.city, self.actor, checkpoint=self.checkpoint, limit=100, fields=["version"]
        )
        for row in found.documents:
            (self.codes.discard if row["deleted"] else self.codes.add)(row["_id"])
            assert row["deleted"] or "history" not in row["document"]
        self.checkpoint = found.checkpoint
