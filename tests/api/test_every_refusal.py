"""Each refusal that phones have to live with, provoked over the real API: its code, its two texts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from city_core.kit.ids import checked_client_id
from city_core.media.links import signed_link
from tests.api.support import Api, closing, new_uuid, operation, photo_bytes, printed_code
from tests.api.test_client_policy import strict_contract
from tests.api.test_open_sockets import another_process
from tests.api.test_staying_signed_in import DEVICE, signed_in_phone
from tests.api.test_trusted_documents import CONTRACT, served_with
from tests.api.tus_phone import checksum, phone_of
from tests.hand_clock import HandClock

_LISTED = json.loads((CONTRACT / "problems.json").read_text(encoding="utf-8"))["problems"]
CATALOGUE = {row["code"]: row for row in _LISTED}
_TOO_LARGE = b"\xff\xd8\xff" + b"\x00" * 200_000


@dataclass(frozen=True)
class Told:
    """How a phone is told: the code, and the text where the answer has one; a closed socket has none."""

    code: str
    text: str | None
    retryable: bool | None = None
    http_status: int | None = None


@dataclass(frozen=True)
class Scene:
    """Where a refusal is provoked, and in which language the phone asks."""

    api: Api
    language: str
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def of_answer(self, answer: Response) -> Told:
        """Read the refusal of a plain request."""
        body = answer.json()
        assert set(body) == {"code", "message", "field", "allowed", "retryable"}
        return Told(body["code"], body["message"][self.language], body["retryable"], answer.status_code)

    def of_error(self, answer: dict[str, Any]) -> Told:
        """Read the refusal of a whole GraphQL request."""
        [error] = answer["errors"]
        told = error["extensions"]
        assert told[self.language] == error["message"]
        return Told(told["code"], error["message"], told["retryable"])

    async def refused(self, app: str, name: str, given: dict[str, Any], who: str | None = None) -> Told:
        """Do something that is refused, and read the problem of its result."""
        text, language = operation(app, name), {"accept-language": self.language}
        answer = await self.api.ask(text, {"input": given}, who, **language)
        [problem] = answer["data"].values()
        assert problem["__typename"] == "Problem", problem
        return Told(problem["code"], problem["message"], problem["retryable"])


async def _a_code_that_has_expired(scene: Scene) -> Told:
    clock = HandClock(scene.api.city.clock.now())
    async with served_with(scene.api, clock=clock) as api:
        phone = f"1990533{int(new_uuid()[:8], 16) % 10_000:04d}"
        assert (await Api.do(api, None, "citizen", "RequestCode", input={"phone": phone}))["ok"]
        code = printed_code(scene.capsys.readouterr().out)
        clock.turn(minutes=5, seconds=1)
        asked = Scene(api, scene.language, scene.folder, scene.capsys)
        return await asked.refused("citizen", "SignInWithCode", {"phone": phone, "code": code})


async def _a_refresh_token_on_another_device(scene: Scene) -> Told:
    first = await signed_in_phone(scene.api)
    given = {"refreshToken": first["refreshToken"], "deviceId": "device-of-a-thief"}
    return await scene.refused("officer", "RefreshSignIn", given)


async def _a_refresh_token_used_again_after_its_grace(scene: Scene) -> Told:
    clock = HandClock(scene.api.city.clock.now())
    async with served_with(scene.api, clock=clock) as api:
        given = {"refreshToken": (await signed_in_phone(api))["refreshToken"], "deviceId": DEVICE}
        asked = Scene(api, scene.language, scene.folder, scene.capsys)
        text = operation("officer", "RefreshSignIn")
        assert (await api.ask(text, {"input": given}))["data"]["refreshSignIn"]["__typename"] == "SignedIn"
        clock.turn(seconds=61)
        return await asked.refused("officer", "RefreshSignIn", given)


async def _an_operation_that_is_not_published(scene: Scene) -> Told:
    async with served_with(scene.api, environment="production") as api:
        headers = {**await api.headers("citizen-1"), "accept-language": scene.language}
        answer = await api.http.post("/graphql", json={"documentId": "0" * 64}, headers=headers)
        return scene.of_error(answer.json())


async def _a_text_where_only_ids_are_taken(scene: Scene) -> Told:
    async with served_with(scene.api, environment="production") as api:
        return scene.of_error(await api.ask("{ me { id } }", **{"accept-language": scene.language}))


async def _an_app_that_is_too_old(scene: Scene) -> Told:
    async with served_with(scene.api, mobile_contracts=strict_contract(scene.folder / "contract")) as api:
        headers = {"x-yiwang-app": "citizen/1.9.9", "accept-language": scene.language}
        return scene.of_error(await api.ask(operation("citizen", "Me"), None, "citizen-1", **headers))


async def _a_photo_for_an_app_that_is_too_old(scene: Scene) -> Told:
    async with served_with(scene.api, mobile_contracts=strict_contract(scene.folder / "contract")) as api:
        headers = {**await api.headers("citizen-1"), "x-yiwang-app": "citizen/1.9.9"}
        return scene.of_answer(await api.http.get(f"/media/{new_uuid()}", headers=headers))


async def _a_piece_with_a_wrong_checksum(scene: Scene) -> Told:
    phone = await phone_of(scene.api, "citizen-1", photo_bytes())
    await phone.begin()
    return scene.of_answer(await phone.send(0, 800, upload_checksum=checksum(b"other")))


async def _a_photo_that_is_not_what_was_announced(scene: Scene) -> Told:
    wrong = {"content-sha256": hashlib.sha256(b"other").hexdigest()}
    headers = {**await scene.api.headers("citizen-1"), **wrong}
    put = await scene.api.http.put(f"/media/{new_uuid()}", content=photo_bytes(), headers=headers)
    return scene.of_answer(put)


async def _too_large_a_photo(scene: Scene) -> Told:
    headers = await scene.api.headers("citizen-1")
    put = await scene.api.http.put(f"/media/{new_uuid()}", content=_TOO_LARGE, headers=headers)
    return scene.of_answer(put)


async def _too_large_a_photo_in_a_form(scene: Scene) -> Told:
    files = {"file": ("a.jpg", _TOO_LARGE, "image/jpeg")}
    headers = await scene.api.headers("citizen-1")
    return scene.of_answer(await scene.api.http.post(f"/media/{new_uuid()}", files=files, headers=headers))


async def _too_large_an_upload_in_pieces(scene: Scene) -> Told:
    phone = await phone_of(scene.api, "citizen-1", photo_bytes())
    return scene.of_answer(await phone.begin(length=200_001))


async def _too_large_a_photo_to_be_allowed(scene: Scene) -> Told:
    given = {"mediaId": new_uuid(), "sizeBytes": 200_001}
    return await scene.refused("citizen", "AllowUpload", given, "citizen-1")


async def _a_photo_without_its_copies(scene: Scene) -> Told:
    headers, address = await scene.api.headers("citizen-1"), f"/media/{new_uuid()}"
    await scene.api.http.put(address, content=photo_bytes(), headers=headers)
    return scene.of_answer(await scene.api.http.get(address, headers=headers))


async def _a_link_whose_time_is_over(scene: Scene) -> Told:
    photo_id = checked_client_id(new_uuid())
    link = signed_link(scene.api.city, photo_id, "small", photo_id, scene.api.city.clock.now())
    return scene.of_answer(
        await scene.api.http.get(link.url.removeprefix(scene.api.city.settings.public_url))
    )


async def _too_many_sockets(scene: Scene) -> Told:
    async with (
        another_process(scene.api, most_a_person=1) as process,
        scene.api.phone("officer-1", at=process.address) as oldest,
        scene.api.phone("officer-1", at=process.address),
    ):
        number, reason = await closing(oldest)
        assert number == 4429
        return Told(reason, None)


PROVOCATIONS: dict[Callable[[Scene], Awaitable[Told]], str] = {
    _a_code_that_has_expired: "CODE_WRONG",
    _a_refresh_token_on_another_device: "REFRESH_REUSED",
    _a_refresh_token_used_again_after_its_grace: "REFRESH_REUSED",
    _an_operation_that_is_not_published: "DOCUMENT_UNKNOWN",
    _a_text_where_only_ids_are_taken: "DOCUMENT_UNKNOWN",
    _an_app_that_is_too_old: "CLIENT_TOO_OLD",
    _a_photo_for_an_app_that_is_too_old: "CLIENT_TOO_OLD",
    _a_piece_with_a_wrong_checksum: "CHECKSUM_WRONG",
    _a_photo_that_is_not_what_was_announced: "CHECKSUM_WRONG",
    _too_large_a_photo: "PHOTO_TOO_LARGE",
    _too_large_a_photo_in_a_form: "PHOTO_TOO_LARGE",
    _too_large_an_upload_in_pieces: "PHOTO_TOO_LARGE",
    _too_large_a_photo_to_be_allowed: "PHOTO_TOO_LARGE",
    _a_photo_without_its_copies: "PHOTO_NOT_READY",
    _a_link_whose_time_is_over: "LINK_EXPIRED",
    _too_many_sockets: "TOO_MANY_SOCKETS",
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("provoke", PROVOCATIONS, ids=lambda provoke: provoke.__name__.strip("_"))
async def test_it_has_its_code_and_its_text(
    provoke: Callable[[Scene], Awaitable[Told]],
    language: str,
    api: Api,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = await provoke(Scene(api, language, tmp_path, capsys))
    listed = CATALOGUE[PROVOCATIONS[provoke]]
    assert told.code == listed["code"]
    assert told.text in (None, listed[language]) and listed[language]
    assert told.retryable in (None, listed["retryable"])
    assert told.http_status in (None, listed["http_status"])


def test_a_socket_that_is_closed_leaves_its_text_to_the_catalogue() -> None:
    listed = CATALOGUE["TOO_MANY_SOCKETS"]
    assert "连接" in listed["zh"] and "connection" in listed["en"].lower()
