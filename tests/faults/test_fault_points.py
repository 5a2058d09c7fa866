"""A process is killed at each fault point, or wakes there too late: nothing is lost or done twice."""

from __future__ import annotations

import re
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.kit.faults import ACTS, POINTS, Struck, arm_points, armed, point
from city_core.settings import WrongSetting
from city_demo.embedded import EmbeddedMongod
from tests.conftest import REPOSITORY, settings_for
from tests.faults.children import begun, ended, let_go, paused
from tests.faults.deeds import PUSHED
from tests.faults.points import TRIALS, Trial
from tests.village import found_village

# Whoever wakes takes away the bytes that it had laid down itself, and that nobody refers to.
_OWN_LEFTOVERS = {PUSHED, "upload_parts", "begun_files", "photo_originals.files", "photo_originals.chunks"}
_ONLY_GROWS = {"device_queues"}  # how far a phone's queue has come: true whoever notes it
# Points after which a process that wakes has only to answer, and nothing more to write.
_ONLY_ANSWERS = {"report.written", "step.written", "tokens.rotated", "duty.taken"}


async def gone_sessions(city: City) -> None:
    """Do what MongoDB does by itself once the transaction of a process that is gone is old enough."""
    await city.database.client.admin.command({"killAllSessions": []})


async def everything(city: City) -> dict[str, list[Any]]:
    """Read the whole city."""
    names = sorted(set(await city.database.list_collection_names()) - _OWN_LEFTOVERS - _ONLY_GROWS)
    return {name: await city.database[name].find({}).sort("_id", 1).to_list(None) for name in names}


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.point)
async def test_a_process_killed_there_is_made_up_for(
    city: City, mongod: EmbeddedMongod, tmp_path: Path, trial: Trial
) -> None:
    people = await found_village(city) if trial.has_village else {}
    given = await trial.prepare(city, people, tmp_path)
    assert await ended(begun(trial.deed, given, mongod, f"{trial.point}=kill")) == -signal.SIGKILL
    await gone_sessions(city)
    await trial.mend(city, given)
    await trial.check(city, given)


@pytest.mark.parametrize(
    "trial", [one for one in TRIALS if one.point not in _ONLY_ANSWERS], ids=lambda trial: trial.point
)
async def test_a_process_that_wakes_there_too_late_changes_nothing(
    city: City, mongod: EmbeddedMongod, tmp_path: Path, trial: Trial
) -> None:
    people = await found_village(city) if trial.has_village else {}
    given = await trial.prepare(city, people, tmp_path)
    late = begun(trial.deed, given, mongod, f"{trial.point}=pause")
    try:
        await paused(late)
        await gone_sessions(city)
        await trial.mend(city, given)
        before = await everything(city)
        let_go(late)
        assert await ended(late) is not None, "it came to its end"
    finally:
        late.kill()
    assert await everything(city) == before
    await trial.check(city, given)


def test_every_point_stands_in_the_code_once_and_is_tried() -> None:
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
