"""A process is killed outright at each fault point; others make good, and nothing is lost or done twice."""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import signal
from collections import Counter
from pathlib import Path

import pytest

from city_core.kit.city import City
from city_core.kit.faults import ACTS, POINTS, Struck, arm_points, armed, point
from city_core.settings import WrongSetting
from city_demo.embedded import EmbeddedMongod
from tests.conftest import REPOSITORY, TOKEN_KEY, settings_for
from tests.faults.deeds import do_in_child
from tests.faults.points import TRIALS, Trial
from tests.village import found_village

CHILD_LIMIT_S = 60.0
_children = multiprocessing.get_context("forkserver")
_children.set_forkserver_preload(["tests.faults.deeds"])


async def killed_at(name: str, deed: str, given: object, mongod: EmbeddedMongod) -> int | None:
    """Do a deed in a process that dies at a point; answers how it ended."""
    settings = {
        "mongodb_url": mongod.url, "mongodb_database": "test_city", "redis_url": "redis://127.0.0.1:1/0",
        "token_private_key": TOKEN_KEY, "environment": "development", "fault_points": f"{name}=kill",
    }  # fmt: skip
    child = _children.Process(target=do_in_child, args=(deed, given, settings))
    child.start()
    await asyncio.to_thread(child.join, CHILD_LIMIT_S)
    return child.exitcode


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.point)
async def test_nothing_is_lost_or_done_twice_when_a_process_is_killed_there(
    city: City, mongod: EmbeddedMongod, tmp_path: Path, trial: Trial
) -> None:
    people = await found_village(city) if trial.point != "import.batch_written" else {}
    given = await trial.prepare(city, people, tmp_path)
    assert await killed_at(trial.point, trial.deed, given, mongod) == -signal.SIGKILL
    # What MongoDB does by itself once the transaction of a process that is gone is old enough.
    await city.database.client.admin.command({"killAllSessions": []})
    await trial.mend(city, given)
    await trial.check(city, given)


def test_every_point_stands_in_the_code_and_is_tried() -> None:
    code = (REPOSITORY / "backend" / "city_core").rglob("*.py")
    found = Counter(name for file in code for name in re.findall(r'await point\("(.+?)"\)', file.read_text()))
    assert found == Counter(dict.fromkeys(POINTS, 1))
    assert {trial.point for trial in TRIALS} == set(POINTS)


@pytest.mark.parametrize("orders", ["push.sent", "push.sent=vanish", "nowhere=kill", ";", "push.sent=kill,"])
def test_a_point_or_act_that_is_not_there_is_refused(mongod: EmbeddedMongod, orders: str) -> None:
    with pytest.raises(WrongSetting, match="FAULT_POINTS"):
        arm_points(settings_for(mongod, fault_points=orders))


@pytest.mark.parametrize("act", sorted(ACTS))
def test_no_point_can_be_armed_in_production(mongod: EmbeddedMongod, act: str) -> None:
    with pytest.raises(WrongSetting, match="production"):
        arm_points(settings_for(mongod, fault_points=f"push.sent={act}", environment="production"))


async def test_an_armed_point_strikes_once_and_others_never(mongod: EmbeddedMongod) -> None:
    arm_points(settings_for(mongod, fault_points="push.sent=raise"))
    await point("work.done")
    with pytest.raises(Struck):
        await point("push.sent")
    await point("push.sent")
    with armed("work.done", lambda: point("push.sent")):
        pass
    await point("work.done")
