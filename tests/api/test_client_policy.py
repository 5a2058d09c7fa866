"""Apps that are too old: told so on every path, and what they have queued is not lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from city_api.app import create_app
from city_api.client_policy.policy import App, app_of, read_policies
from tests.api.support import Api, hear, new_uuid, operation, photo_bytes, say
from tests.api.test_trusted_documents import CONTRACT, served_with
from tests.api.tus_phone import TusPhone, phone_of
from tests.village import INSIDE

_POINT = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 6.5}
_OLD, _NEW = "citizen/1.9.9", "citizen/2.0.0"


def _contract(folder: Path, **changed: Any) -> Path:
    shutil.copytree(CONTRACT, folder)
    file = folder / "client_policy.json"
    policy = json.loads(file.read_text(encoding="utf-8"))
    [citizen] = [row for row in policy["apps"] if row["app"] == "citizen"]
    citizen.update({"minimumVersion": "2.0.0", "recommendedVersion": "2.1.0", **changed})
    file.write_text(json.dumps(policy))
    return folder


@pytest.fixture
async def strict(api: Api, tmp_path: Path) -> AsyncIterator[Api]:
    """An API that wants citizens to have version 2, and takes what older ones hand in."""
    folder = _contract(tmp_path / "contract", updateUrl="https://city.example/app")
    async with served_with(api, mobile_contracts=folder) as served:
        yield served


@pytest.fixture
async def closed(api: Api, tmp_path: Path) -> AsyncIterator[Api]:
    """An API whose patience with versions before 2 is over."""
    over = (api.city.clock.now() - timedelta(minutes=1)).isoformat()
    async with served_with(
        api, mobile_contracts=_contract(tmp_path / "contract", commandsUntil=over)
    ) as served:
        yield served


async def _read(api: Api, app: str, language: str = "zh") -> dict[str, Any]:
    headers = {"x-yiwang-app": app, "accept-language": language}
    return await Api.ask(api, operation("citizen", "Me"), None, "citizen-1", **headers)


async def _report(api: Api, app: str) -> dict[str, Any]:
    given = {"input": {"clientId": new_uuid(), "point": _POINT, "description": "垃圾"}}
    text = operation("citizen", "SubmitReport")
    return await Api.ask(api, text, given, "citizen-1", **{"x-yiwang-app": app})


async def _send_photo(api: Api, app: str) -> tuple[str, int, Any]:
    headers = {**await api.headers("citizen-1"), "x-yiwang-app": app}
    media_id = new_uuid()
    answer = await api.http.put(f"/media/{media_id}", content=photo_bytes(), headers=headers)
    return media_id, answer.status_code, answer.json()


async def test_an_old_app_is_told_in_both_languages_what_it_needs(strict: Api) -> None:
    [error] = (await _read(strict, _OLD, "en"))["errors"]
    told = error["extensions"]
    assert (told["code"], told["retryable"], told["field"]) == ("CLIENT_TOO_OLD", False, "X-Yiwang-App")
    assert told["allowed"] == ">= citizen/2.0.0, https://city.example/app"
    assert told["zh"].startswith("应用版本过低") and told["en"] == error["message"]


@pytest.mark.parametrize("app", [_NEW, "citizen/2.1", "citizen", "citizen/today", "inspector/1.0.0", ""])
async def test_others_are_served(strict: Api, app: str) -> None:
    assert (await _read(strict, app))["data"]["me"]["id"] == "citizen-1"


async def test_what_an_old_app_has_queued_is_taken(strict: Api) -> None:
    reported = (await _report(strict, _OLD))["data"]["submitReport"]
    assert reported["__typename"] == "Case"
    case = await strict.city.database.cases.find_one({"_id": reported["id"]})
    assert case is not None and case["history"][0]["origin"] == "phone:citizen"
    media_id, status, _ = await _send_photo(strict, _OLD)
    assert status == 201
    headers = {**await strict.headers("citizen-1"), "x-yiwang-app": _OLD}
    shown = await strict.http.get(f"/media/{media_id}", headers=headers)
    assert (shown.status_code, shown.json()["code"]) == (403, "CLIENT_TOO_OLD")


async def test_after_its_last_day_nothing_of_an_old_app_is_taken(closed: Api) -> None:
    assert (await _report(closed, _OLD))["errors"][0]["extensions"]["code"] == "CLIENT_TOO_OLD"
    _, status, told = await _send_photo(closed, _OLD)
    assert (status, told["code"]) == (403, "CLIENT_TOO_OLD")
    assert set(told["message"]) == {"zh", "en"}
    pieces = await phone_of(closed, "citizen-1", photo_bytes())
    begun = await TusPhone(pieces.http, {**pieces.auth, "x-yiwang-app": _OLD}, pieces.data).begin()
    assert (begun.status_code, begun.json()["code"]) == (403, "CLIENT_TOO_OLD")
    assert await closed.city.database.cases.count_documents({}) == 0
    assert (await closed.http.get("/health/live", headers={"x-yiwang-app": _OLD})).status_code == 200


@pytest.mark.parametrize("app", [_OLD, ""])
async def test_everybody_may_ask_which_versions_are_served(closed: Api, app: str) -> None:
    headers = {"x-yiwang-app": app, "accept-language": "en"}
    answer = await Api.ask(closed, operation("citizen", "ClientPolicy"), **headers)
    of_app = {row["app"]: row for row in answer["data"]["clientPolicy"]}
    assert set(of_app) == {"inspector", "officer", "citizen", "seat", "administrator"}
    citizen = of_app["citizen"]
    assert (citizen["minimumVersion"], citizen["recommendedVersion"]) == ("2.0.0", "2.1.0")
    assert citizen["commandsUntil"] is not None and "update it in the store" in citizen["text"]


async def test_the_policy_does_not_smuggle_other_fields_past_it(strict: Api) -> None:
    text = "{ clientPolicy { app } me { id } }"
    answer = await Api.ask(strict, text, None, "citizen-1", **{"x-yiwang-app": _OLD})
    assert answer["errors"][0]["extensions"]["code"] == "CLIENT_TOO_OLD"


async def test_a_socket_says_in_its_first_message_which_app_it_is(strict: Api) -> None:
    async with strict.phone("citizen-1", app=_OLD) as phone:
        for number, text in (("1", operation("citizen", "InboxMessages")), ("2", operation("citizen", "Me"))):
            await say(phone, {"id": number, "type": "subscribe", "payload": {"query": text}})
            told = await hear(phone)
            assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "CLIENT_TOO_OLD")


@pytest.mark.parametrize(
    ("header", "app"),
    [("inspector/2.3.1", App("inspector", (2, 3, 1))), ("Inspector", App("inspector", None)),
     ("citizen/2.3.1-beta.2+45", App("citizen", (2, 3, 1))), ("citizen/2.x", App("citizen", None)),
     ("", None), ("a b", None), ("名", None), ("x" * 33, None), ("citizen/1.2.3.4.5", App("citizen", None))],
)  # fmt: skip
def test_an_app_names_itself_and_its_version(header: str, app: App | None) -> None:
    assert app_of(header) == app


def test_versions_are_compared_number_by_number(tmp_path: Path) -> None:
    policies = read_policies(
        _contract(tmp_path / "contract", minimumVersion="2.0", recommendedVersion="2.10")
    )
    citizen = policies.of_app["citizen"]
    assert [citizen.still_served(version) for version in ((1, 10), (2,), (2, 0, 0), (10, 0))] == [
        False, True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"minimumVersion": "new"}, {"minimumVersion": "3.0.0"}, {"commandsUntil": "2027-01-01T00:00:00"}],
)
async def test_an_api_does_not_start_with_a_policy_that_cannot_be_kept_to(
    api: Api, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: dict[str, Any]
) -> None:
    folder = _contract(tmp_path / "contract", **wrong)
    with pytest.raises(SystemExit):
        create_app(settings=api.city.settings.model_copy(update={"mobile_contracts": folder}))
    assert "client_policy.json cannot be kept to: citizen" in capsys.readouterr().err
