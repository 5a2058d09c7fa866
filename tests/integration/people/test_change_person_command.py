"""The operator's command that changes a member of staff, as it is run in a shell."""

from __future__ import annotations

import asyncio
import os
import sys

from city_core.kit.city import City
from city_demo.embedded import EmbeddedMongod
from tests.conftest import REPOSITORY, TOKEN_KEY
from tests.village import found_village


async def change(mongod: EmbeddedMongod, *arguments: str, database: str = "test_city") -> tuple[int, str]:
    roots = os.pathsep.join(str(REPOSITORY / root) for root in ("backend", "workers"))
    environment = {
        **os.environ, "ENVIRONMENT": "development",
        "MONGODB_URL": mongod.url, "MONGODB_DATABASE": database, "PYTHONPATH": roots,
        "REDIS_URL": "redis://127.0.0.1:1/0", "TOKEN_PRIVATE_KEY": TOKEN_KEY, "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "city_workers.change_person", *arguments,
        env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_staff_are_moved_and_disabled_by_command(city: City, mongod: EmbeddedMongod) -> None:
    await found_village(city)
    moved = await change(mongod, "officer-1", "--department", "water", "--streets", "370303002,370303003")
    assert moved == (
        0, "officer-1: OFFICER, department water, streets 370303002,370303003, enabled\n",
    )  # fmt: skip
    code, text = await change(mongod, "officer-1", "--disable")
    person = await city.database.people.find_one({"_id": "officer-1"})
    assert (code, text.strip().endswith("disabled"), person and person["disabled"]) == (0, True, True)


async def test_whoever_it_is_done_for_is_held_to_their_post(city: City, mongod: EmbeddedMongod) -> None:
    await found_village(city)
    code, text = await change(mongod, "officer-1", "--disable", "--by", "administrator-1")
    assert code == 1 and "NOT_ALLOWED role SECURITY_ADMINISTRATOR" in text


async def test_what_is_refused_is_told_in_both_languages(city: City, mongod: EmbeddedMongod) -> None:
    await found_village(city)
    code, text = await change(mongod, "nobody", "--enable")
    assert code == 1
    assert "没有这个人员" in text and "There is no such person" in text
