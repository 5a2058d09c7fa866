"""Inspectors are told of a census in the morning, once, and not of one that was called off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from city_core.census.campaigns.end_campaign import end_campaign
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.work import overdue
from city_core.notify.adapters.log import LogPushGateway
from city_workers.jobs import handlers_with
from tests.integration.census.census import (
    TODAY,
    WEST_COVER,
    planned,
)
from tests.integration.census.town import (
    Town,
)


async def test_inspectors_are_told_in_the_morning_once(town: Town) -> None:
    await town.stands(WEST_COVER)
    campaign = await planned(town, from_day=TODAY + timedelta(days=1))
    handlers = handlers_with(LogPushGateway())
    hurried = replace(town.city, settings=town.city.settings.model_copy(update={"work_sweep_seconds": 0}))

    async def work() -> list[Row]:
        for wake in await overdue(hurried, "campaigns", handlers, 10):
            await perform(hurried, handlers, wake)
        return await town.city.database.inbox_messages.find({}).to_list(None)

    town.clock.set(campaign["starts_at"] + timedelta(hours=7, minutes=59))
    assert await work() == []
    town.clock.turn(minutes=2)
    told = await work()
    assert {(row["person_id"], row["kind"], row["case_id"]) for row in told} == {
        ("inspector-1", "CENSUS_STARTED", campaign["_id"]),
        ("inspector-2", "CENSUS_STARTED", campaign["_id"]),
    }
    assert len(await work()) == 2


async def test_nobody_is_told_of_what_was_called_off(town: Town) -> None:
    campaign = await planned(town, from_day=TODAY + timedelta(days=1))
    await end_campaign(town.city, town["leader-1"], campaign["_id"], town.command())
    town.clock.turn(days=2)
    assert await overdue(town.city, "campaigns", handlers_with(LogPushGateway()), 10) == []
