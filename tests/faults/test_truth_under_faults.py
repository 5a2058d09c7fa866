"""Reporters go on while the primary dies and hangs, Redis is flushed and gone, processes are killed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.faults.besieged_city import BesiegedCity
from tests.faults.trial import people_on_duty, tried
from tests.faults.troubles import (
    at_once,
    in_turn,
    primary_struck,
    processes_killed,
    redis_flushed,
    redis_gone,
)

LONGEST_RECOVERY_S = 10.0
LONGEST_TRIAL_S = 75.0
PAUSE_S = 3.0


@pytest.fixture(scope="module")
async def besieged(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BesiegedCity]:
    with BesiegedCity(tmp_path_factory.mktemp("besieged")) as city:
        await people_on_duty(city)
        yield city


async def test_reports_survive_whatever_is_killed_paused_or_emptied(besieged: BesiegedCity) -> None:
    troubles = in_turn(
        primary_struck(turns=2, down_s=6.5, calm_s=1),
        at_once(redis_flushed(2, turns=2), redis_gone(5), processes_killed(turns=2, every_s=2)),
    )
    balance = await tried(besieged, troubles, seconds=LONGEST_TRIAL_S, pause_s=PAUSE_S)
    assert not any(balance.wrong.values()), "\n".join(balance.lines())
    assert balance.acknowledged and not balance.refused and not balance.given_up, balance.lines()
    silences_s = dict(balance.recoveries_s)
    assert silences_s.keys() >= {"primary killed", "primary paused", "redis flushed", "redis gone"}
    slowest_s = max(silences_s["primary killed"], silences_s["primary paused"])
    assert slowest_s <= LONGEST_RECOVERY_S, balance.lines()
