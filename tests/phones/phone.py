"""An app of a citizen on a bad network: everything it has to do lies in its storage until it is answered."""

from __future__ import annotations

import base64
import hashlib
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from city_demo.phones.network import trusted

OPERATIONS = Path(__file__).parents[2] / "mobile_contracts" / "operations" / "citizen"
TUS = {"tus-resumable": "1.0.0"}
Row = dict[str, Any]
_SETTLED = {"APPLIED", "DUPLICATE", "CONFLICT", "REJECTED"}


@dataclass
class Storage:
    """What a phone still knows after its app was killed."""

    device_id: str
    claim_secret: str
    numbered: int = 0
    outbox: list[Row] = field(default_factory=list)
    outcomes: dict[str, Row] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    uploaded: set[str] = field(default_factory=set)
    cases: dict[str, Row] = field(default_factory=dict)
    checkpoint: str | None = None
    heard: list[str] = field(default_factory=list)


class NoNetwork(Exception):
    """Nothing came back; nobody knows whether the city got it."""


class TestPhone:
    """One phone; `address` is where its network leads, which may be a link that loses things."""

    __test__ = False

    def __init__(self, address: str, storage: Storage, chance: random.Random) -> None:
        self.address = address
        self.storage = storage
        self.clock_is_off_by = timedelta(seconds=chance.randint(-90_000, 90_000))
        self._chance = chance
        self._token: str | None = None
        self._http = httpx.AsyncClient(timeout=10, trust_env=False, verify=trusted())

    # --- what its person does, online or not ---

    def report(self, photos: list[bytes]) -> str:
        """Report something, with photos that are sent when the network lets them through."""
        media_ids = [self._keep_photo(photo) for photo in photos]
        point = {"lng": 118.055, "lat": 36.805, "datum": "WGS84", "accuracyM": 8.0}
        given = {"typeCode": "E0110", "conditionId": "E0110-1", "point": point}
        return self._queue("submitReport", {**given, "description": "墙边有垃圾", "mediaIds": media_ids})

    def add_photo(self, case_id: str, photo: bytes) -> str:
        """Add a photo to an own case."""
        given = {"caseId": case_id, "mediaIds": [self._keep_photo(photo)]}
        return self._queue("addPhotos", given, case_id)

    def cancel(self, case_id: str) -> str:
        """Withdraw an own report."""
        return self._queue("cancelReport", {"caseId": case_id, "opinion": "已自行清理"}, case_id)

    def answer(self, case_id: str) -> str:
        """Answer what somebody asked about an own case."""
        return self._queue("answerQuestion", {"caseId": case_id, "text": "还在"}, case_id)

    # --- what the app does when it believes to have a network ---

    async def send_some(self) -> None:
        """Hand over some of the queue, in any order, perhaps again though it was answered."""
        waiting = [one for one in self.storage.outbox if self.is_open(one["clientId"])]
        again = [one for one in self.storage.outbox if self._chance.random() < 0.1]
        batch = list({one["clientId"]: one for one in [*waiting, *again]}.values())
        self._chance.shuffle(batch)
        await self._hand_over(batch[: self._chance.randint(1, 8)])

    async def send_all(self) -> None:
        """Hand over everything that is not settled, in order."""
        await self._hand_over([one for one in self.storage.outbox if self.is_open(one["clientId"])])

    async def upload_some(self) -> None:
        """Go on with each photo from where the city has it."""
        for media_id in self.storage.photos:
            if media_id not in self.storage.uploaded:
                await self._upload(media_id)

    async def pull(self) -> None:
        """Bring the own copy of one's cases up to date."""
        while True:
            given = {"scope": "MY_REPORTS", "limit": 20, "checkpoint": self.storage.checkpoint}
            page = await self._ask("PullCases", given)
            if page["resetRequired"]:
                self.storage.cases, self.storage.checkpoint = {}, None
                continue
            for document in page["documents"]:
                if document["deleted"]:
                    self.storage.cases.pop(document["id"], None)
                else:
                    self.storage.cases[document["id"]] = document["case"]
            self.storage.checkpoint = page["checkpoint"]
            if not page["hasMore"]:
                return

    async def close(self) -> None:
        """The app is killed; its storage stays."""
        await self._http.aclose()

    def is_open(self, client_id: str) -> bool:
        """Tell whether a command is still to be answered for good."""
        return self.storage.outcomes.get(client_id, {}).get("status") not in _SETTLED

    # --- the contract ---

    def _queue(self, name: str, given: Row, case_id: str | None = None) -> str:
        storage, client_id = self.storage, str(uuid.UUID(int=self._chance.getrandbits(128), version=4))
        storage.numbered += 1
        seen = storage.cases.get(case_id or "")
        at = datetime.now(UTC) + self.clock_is_off_by
        storage.outbox.append({
            "clientId": client_id, "deviceSequence": storage.numbered, "deviceTime": at.isoformat(),
            "baseVersion": seen["version"] if seen else None, "do": {name: {**given, "clientId": client_id}},
        })  # fmt: skip
        return client_id

    def _keep_photo(self, photo: bytes) -> str:
        media_id = uuid.UUID(int=self._chance.getrandbits(128), version=4).hex
        self.storage.photos[media_id] = photo
        return media_id

    async def _hand_over(self, batch: list[Row]) -> None:
        if not batch:
            return
        at = datetime.now(UTC) + self.clock_is_off_by
        given = {"deviceId": self.storage.device_id, "deviceTime": at.isoformat(), "commands": batch}
        answer = await self._ask("RunCommands", {"input": given})
        for outcome in answer["outcomes"]:
            self.storage.heard.append(outcome["status"])
            known = self.storage.outcomes.get(outcome["clientId"])
            if known is None or known["status"] not in _SETTLED:
                self.storage.outcomes[outcome["clientId"]] = outcome

    async def _upload(self, media_id: str) -> None:
        photo = self.storage.photos[media_id]
        named = base64.b64encode(media_id.encode()).decode()
        sha256 = base64.b64encode(hashlib.sha256(photo).hexdigest().encode()).decode()
        begin = {"upload-length": str(len(photo)), "upload-metadata": f"mediaId {named},sha256 {sha256}"}
        begun = await self._sent("POST", f"{self.address}/uploads", headers=begin)
        assert begun.status_code in (200, 201), (begun.status_code, begun.text)
        url = begun.headers["location"]
        url = url if url.startswith("http") else f"{self.address}{url}"
        url = f"{self.address}/uploads/{url.rsplit('/', 1)[1]}"
        offset = int((await self._sent("HEAD", url)).headers["upload-offset"])
        while offset < len(photo):
            piece = photo[offset : offset + 60_000]
            more = {"upload-offset": str(offset), "content-type": "application/offset+octet-stream"}
            answer = await self._sent("PATCH", url, content=piece, headers=more)
            if answer.status_code in (409, 423):  # what was cut off is still being written there
                raise NoNetwork
            assert answer.status_code == 204, (answer.status_code, answer.text)
            offset = int(answer.headers["upload-offset"])
        self.storage.uploaded.add(media_id)

    async def _ask(self, name: str, variables: Mapping[str, Any]) -> Any:
        if self._token is None:
            await self._sign_in()
        query = (OPERATIONS / f"{name}.graphql").read_text(encoding="utf-8")
        body = {"query": query, "variables": dict(variables), "operationName": name}
        answer = (await self._sent("POST", f"{self.address}/graphql", json=body)).json()
        if "errors" in answer:
            self._refused(answer["errors"][0]["extensions"])
        [value] = answer["data"].values()
        if value.get("__typename") == "Problem":
            self._refused(value)
        return value

    async def _sign_in(self) -> None:
        given = {"claimSecret": self.storage.claim_secret, "deviceId": self.storage.device_id}
        query = (OPERATIONS / "SignInWithClaim.graphql").read_text(encoding="utf-8")
        body = {"query": query, "variables": {"input": given}}
        answer = (await self._sent("POST", f"{self.address}/graphql", json=body)).json()
        [signed_in] = answer["data"].values()
        if signed_in["__typename"] == "Problem":
            self._refused(signed_in)
        self._token = signed_in["token"]

    def _refused(self, problem: Mapping[str, Any]) -> None:
        if problem["code"] == "SIGN_IN_REQUIRED":
            self._token = None
        assert problem["retryable"] or problem["code"] == "SIGN_IN_REQUIRED", problem
        raise NoNetwork

    async def _sent(self, method: str, url: str, **given: Any) -> httpx.Response:
        if self._token is None and "/uploads" in url:
            await self._sign_in()
        headers = {**TUS, **given.pop("headers", {}), "x-yiwang-app": "citizen"}
        if self._token is not None:
            headers["authorization"] = f"Bearer {self._token}"
        try:
            return await self._http.request(method, url, headers=headers, **given)
        except httpx.TransportError as error:
            raise NoNetwork from error
