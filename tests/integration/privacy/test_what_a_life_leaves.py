"""What a citizen's life really writes: registered keys only, and nothing about them in the log."""

from __future__ import annotations

import io
import re
import zipfile

import orjson
import pytest

from city_core.kit.problems import CityProblem
from city_core.people.gone import is_gone
from city_core.privacy.ask import ask_for_copy, my_data_requests
from city_core.privacy.copies import open_copy
from city_core.privacy.retention import run_retention
from tests.integration.privacy.conftest import Town
from tests.integration.privacy.whole_life import ADDRESS, DEVICE, PHONE, command, everything_with
from tests.registered_keys import unregistered_keys
from tests.work_by_hand import do_due_work


async def test_only_registered_keys_are_stored(town: Town) -> None:
    assert await unregistered_keys(town.city.database) == set()


async def test_the_log_says_nothing_about_the_citizen(town: Town) -> None:
    case = town.life.case
    words = (PHONE, DEVICE, ADDRESS, town.life.actor.name, "token-of-citizen", "墙边有垃圾", "东侧",
             "柳泉路", "Model Of Citizen", case["description"])  # fmt: skip
    told = [line for line in town.lines if any(word in line for word in words)]
    assert told == []
    exact = re.compile(r"\d{1,3}\.\d{4,}")
    secret = re.compile(r"eyJ[\w-]{10,}\.|\b\d{6}\b(?=\D*$)")
    assert [line for line in town.lines if exact.search(line) or secret.search(line)] == []
    assert town.lines, "nothing was heard, so nothing was tested"


async def test_a_copy_holds_what_is_the_citizens_own_and_nobody_elses(town: Town) -> None:
    actor, asked = town.life.actor, command()
    request = await ask_for_copy(town.city, actor, asked)
    assert (await ask_for_copy(town.city, actor, asked))["_id"] == request["_id"]
    assert (await ask_for_copy(town.city, actor, command()))["_id"] == request["_id"]
    await do_due_work(town.city)
    [ready] = await my_data_requests(town.city, actor)
    assert (ready["state"], ready["counts"]["cases"], ready["counts"]["photos"]) == ("READY", 1, 2)
    packed = b"".join([piece async for piece in await open_copy(town.city, actor, request["_id"])])
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        names, data = set(files.namelist()), orjson.loads(files.read("data.json"))
    assert names == {"data.json", f"photos/{town.life.in_case}.jpg", f"photos/{town.life.alone}.jpg"}
    assert data["cases"][0]["description"].startswith("墙边有垃圾")
    assert (data["person"][0]["phone"], data["devices"][0]["_id"]) == (PHONE, DEVICE)
    whole = orjson.dumps(data).decode()
    assert not [who for who in town.people if f'"{who}"' in whole]
    assert "refresh_hash" not in whole
    with pytest.raises(CityProblem, match="DATA_REQUEST_UNKNOWN"):
        await open_copy(town.city, town.people["citizen-1"], request["_id"])
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await ask_for_copy(town.city, town.people["officer-1"], command())


async def test_a_copy_is_gone_after_a_week(town: Town) -> None:
    [ready] = await my_data_requests(town.city, town.life.actor)
    town.clock.turn(days=7, minutes=1)
    with pytest.raises(CityProblem, match="DATA_REQUEST_UNKNOWN"):
        await open_copy(town.city, town.life.actor, ready["_id"])
    assert (await run_retention(town.city, dry_run=True))["forget_copies"] == 1
    assert await town.city.database["data_copies.files"].count_documents({}) == 1
    assert (await run_retention(town.city, dry_run=False))["forget_copies"] == 1
    assert await town.city.database["data_copies.chunks"].count_documents({}) == 0
    [expired] = await my_data_requests(town.city, town.life.actor)
    assert (expired["state"], expired["file_id"]) == ("EXPIRED", None)


async def test_the_words_are_found_before_a_deletion(town: Town) -> None:
    assert {line.split(":")[0] for line in await everything_with(town.city, town.life.actor.person_id)} >= {
        "cases", "people", "photos", "devices", "sessions", "inbox_messages", "point_entries", "command_log",
    }  # fmt: skip
    assert not is_gone(town.life.actor.person_id)
