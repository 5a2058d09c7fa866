"""An operator's import that is killed outright goes on when it is run again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from city_core.kit.city import City
from city_core.places.registries.model import IMPORTS
from city_demo.embedded import EmbeddedMongod
from tests.conftest import TOKEN_KEY
from tests.registry_town import found_town, spread, write_geojson
from tests.waiting import until

_ROWS = 12_000


async def test_a_killed_import_goes_on_when_it_is_run_again(
    city: City, mongod: EmbeddedMongod, tmp_path: Path
) -> None:
    await found_town(city)
    file = write_geojson(tmp_path / "c.geojson", spread(_ROWS))
    command = (sys.executable, "-m", "city_workers.import_places", str(file), "--registry", "components")
    env = {
        **os.environ,
        "MONGODB_URL": mongod.url,
        "MONGODB_DATABASE": city.database.name,
        "TOKEN_PRIVATE_KEY": TOKEN_KEY,
        "WORK_LEASE_SECONDS": "2",
    }

    async def begun() -> bool:
        return bool(await city.database[IMPORTS].find_one({"rows_done": {"$gt": 0}}))

    first = await asyncio.create_subprocess_exec(*command, env=env)
    await until(begun)
    first.send_signal(signal.SIGKILL)
    await first.wait()
    [halfway] = await city.database[IMPORTS].find({}).to_list(None)
    assert halfway["state"] == "RUNNING" and 0 < halfway["rows_done"] < _ROWS
    second = await asyncio.create_subprocess_exec(*command, env=env)
    assert await second.wait() == 0
    [done] = await city.database[IMPORTS].find({}).to_list(None)
    assert (done["state"], done["new"], done["changed"], done["refused"]) == ("DONE", _ROWS, 0, 0)
    once = {"version": 1, "history": {"$size": 1}}
    assert await city.database.components.count_documents(once) == _ROWS
