"""Reporters go on while the primary dies and hangs, Redis is flushed and gone, processes are killed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.faults.balance import Balance
from tests.faults.besieged_city import BesiegedCity
from tests.faults.reporters import Book
from tests.faults.trial import people_on_duty, tried
from tests.faults.troubles import primary_struck, processes_killed, redis_flushed, redis_gone

LONGEST_RECOVERY_S = 10.0
LONGEST_TRIAL_S = 45.0
PAUSE_S = 3.0


@pytest.fixture(scope="module")
async def besieged(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BesiegedCity]:
    with BesiegedCity(tmp_path_factory.mktemp("besieged")) as city:
        await people_on_duty(city)
        yield city


@pytest.fixture(scope="module")
def book() -> Book:
    """What the reporters were told in all trials: nothing of it may be lost later."""
    return Book()


def assert_nothing_lost_or_doubled(balance: Balance) -> None:
    assert not any(balance.wrong.values()), "\n".join(balance.lines())
    assert balance.acknowledged and not balance.refused and not balance.given_up, balance.lines()


async def test_reports_survive_a_primary_that_is_killed_and_one_that_hangs(
    besieged: BesiegedCity, book: Book
) -> None:
    struck = primary_struck(turns=2, down_s=6.5, calm_s=1)
    balance = await tried(besieged, [struck], seconds=LONGEST_TRIAL_S, pause_s=PAUSE_S, book=book)
    assert_nothing_lost_or_doubled(balance)
    assert {what for what, _ in balance.recoveries_s} == {"primary killed", "primary paused"}
    assert balance.slowest_recovery_s <= LONGEST_RECOVERY_S, balance.lines()


async def test_reports_survive_a_redis_that_forgets_and_goes_and_processes_that_die(
    besieged: BesiegedCity, book: Book
) -> None:
    troubles = [redis_flushed(2, turns=2), redis_gone(6), processes_killed(turns=2, every_s=2)]
    balance = await tried(besieged, troubles, seconds=LONGEST_TRIAL_S, pause_s=PAUSE_S, book=book)
    assert_nothing_lost_or_doubled(balance)
    assert {"redis flushed", "redis gone"} <= {what for what, _ in balance.recoveries_s}
