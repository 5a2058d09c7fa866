"""What every phone can do: sign in, send operations of the contract, take photos, read its inbox."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from city_demo.phones.contracts import Contracts, published_contracts
from city_demo.phones.listening import listen
from city_demo.phones.network import open_network
from city_demo.phones.refusals import NoAnswer, Refused, refusal_in
from city_demo.phones.signed_in import SignIn

PATIENCE_S = 30.0
APP_VERSION = "0.4.0"
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
# Signing in anew is up to a person: trying again at once would only lock the number for longer.
_NEVER_AGAIN = {"TOO_MANY_TRIES"}
Row = dict[str, Any]


class Phone:
    """One phone in somebody's hand; a command that got no answer is sent again under the same client id."""

    app = "seat"
    platform = "android"

    def __init__(
        self,
        api_url: str,
        number: str,
        *,
        network: httpx.AsyncClient | None = None,
        contracts: Contracts | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.api_url = api_url.rstrip("/")
        self.number = number
        self.me: Row = {}
        self.signed_in = SignIn()
        self.patience_s = patience_s
        self.received_bytes = 0
        self._network = network or open_network()
        self._owns_network = network is None
        self._contracts = contracts or published_contracts()

    @property
    def person_id(self) -> str:
        return str(self.me.get("id", ""))

    @property
    def token(self) -> str | None:
        return self.signed_in.token

    @property
    def is_signed_in(self) -> bool:
        return self.token is not None

    async def sign_in(self, password: str) -> None:
        """Sign in with the password of the staff."""
        self._keep(await self.send("signIn", {"phone": self.number, "password": password, **self._device()}))

    async def register_device(self, token: str) -> None:
        """Let this phone receive hints under a push address."""
        device = {"addressKind": "TOKEN", "address": token}
        await self.send("registerDevice", {**device, **self._device(), "platform": self.platform})

    async def send(self, field: str, given: Mapping[str, Any]) -> Any:
        """Send a command, one input, and give what it led to; raises Refused when it was refused."""
        return await self.ask(field, {"input": dict(given)})

    async def ask(self, field: str, variables: Mapping[str, Any]) -> Any:
        """Send any operation of the contract and give the value of its field."""
        return await self._while_signed_in(lambda: self._asked(field, variables))

    async def step(self, field: str, case_id: str, **details: Any) -> Row:
        """Take one step on a case under a fresh client id."""
        given = {"clientId": fresh_id(), "caseId": case_id, **details}
        return dict(await self.send(field, given))

    async def take_photo(self, photo: Path | bytes, *, media_id: str | None = None) -> str:
        """Send a photo under an id made here; gives the id. Refused photos raise, their id stays theirs."""
        photo_id = media_id or fresh_id()
        data = photo if isinstance(photo, bytes) else await asyncio.to_thread(photo.read_bytes)
        await self._while_signed_in(lambda: self._patiently(lambda: self._put_once(photo_id, data)))
        return photo_id

    async def case(self, case_id: str) -> Row | None:
        """Look at one case; nothing when it is not there or not this person's to see."""
        found: Row | None = await self.ask("case", {"id": case_id})
        return found

    async def look(self, operation: str, case_id: str) -> Row:
        """Look at one side of a case by the operation's name: `CaseRequests`, `CaseReports`."""
        return dict(await self.ask(operation, {"id": case_id}) or {})

    async def note_absence(self, minutes: int, reason: str, *, person_id: str | None = None) -> str:
        """Put on record that one is away from now on, or another person; gives the absence."""
        now = datetime.now(UTC)
        until = now + timedelta(minutes=minutes)
        period = {"startsAt": now.isoformat(), "endsAt": until.isoformat()}
        given = {"clientId": fresh_id(), "personId": person_id, "reason": reason, **period}
        absence = await self.send("setAbsence", given)
        return str(absence["id"])

    async def end_absence(self, absence_id: str) -> None:
        """End an absence early."""
        await self.send("endAbsence", {"absenceId": absence_id})

    async def my_tasks(self, first: int = 20) -> list[Row]:
        """List what this person is asked to do."""
        return list((await self.ask("myTasks", {"first": first}))["nodes"])

    async def inbox(self, first: int = 20) -> list[Row]:
        """List the newest messages of this person."""
        return list((await self.ask("inbox", {"first": first}))["nodes"])

    def follow(self, case_id: str) -> AsyncIterator[Row]:
        """Look on while a case goes its way: as it is now, and again at each change."""
        return self._listen("caseChanged", {"id": case_id})

    def listen_inbox(self, since: str | None = None) -> AsyncIterator[Row]:
        """Hear inbox messages as they come."""
        return self._listen("inboxMessages", {"since": since})

    async def fresh_headers(self) -> dict[str, str]:
        """Say who this is, in the headers of a request, with a token that holds."""
        if self.signed_in.is_due:
            await self._renew()
        return self._headers()

    @contextmanager
    def reaching_the_city_at(self, url: str) -> Iterator[None]:
        """Let this phone reach the city another way for a while, as over a bad link."""
        usual, self.api_url = self.api_url, url
        try:
            yield
        finally:
            self.api_url = usual

    async def close(self) -> None:
        """Switch the phone off."""
        if self._owns_network:
            await self._network.aclose()

    def _keep(self, signed_in: Mapping[str, Any]) -> None:
        self.signed_in.keep(signed_in)
        self.me = dict(signed_in["me"])

    def _listen(self, field: str, variables: Mapping[str, Any]) -> AsyncIterator[Row]:
        operation = self._contracts.operation(self.app, field)
        return listen(self.api_url, self.fresh_headers, operation, variables)

    def _headers(self) -> dict[str, str]:
        headers = {"accept-language": "zh", "x-yiwang-app": f"{self.app}/{APP_VERSION}"}
        return {**headers, "authorization": f"Bearer {self.token}"} if self.token else headers

    def _device(self) -> Row:
        return {"deviceId": self.signed_in.device_id}

    async def _renew(self) -> None:
        await self.signed_in.renew(lambda given: self._asked("refreshSignIn", {"input": dict(given)}))

    async def _while_signed_in(self, attempt: Callable[[], Awaitable[Any]]) -> Any:
        """Do it with a token that holds: renewed ahead of time, and once more when it was refused."""
        if self.signed_in.is_due:
            await self._renew()
        try:
            return await attempt()
        except Refused as refusal:
            if refusal.code != "SIGN_IN_REQUIRED" or not self.signed_in.may_be_renewed:
                raise
        await self._renew()
        return await attempt()

    async def _asked(self, field: str, variables: Mapping[str, Any]) -> Any:
        operation = self._contracts.operation(self.app, field)
        body = operation.body(variables)
        return await self._patiently(lambda: self._asked_once(body))

    async def _asked_once(self, body: Row) -> Any:
        response = await self._network.post(f"{self.api_url}/graphql", json=body, headers=self._headers())
        self.received_bytes += response.num_bytes_downloaded
        answer = _json(response)
        if answer.get("errors"):
            error = answer["errors"][0]
            raise Refused({"message": error.get("message"), **error.get("extensions", {})})
        [payload] = answer["data"].values()
        problem = refusal_in(payload)
        if problem is not None:
            raise Refused(problem)
        return payload

    async def _put_once(self, photo_id: str, data: bytes) -> Any:
        url = f"{self.api_url}/media/{photo_id}"
        response = await self._network.put(url, content=data, headers=self._headers())
        answer = _json(response)
        if response.is_error:
            raise Refused(answer)
        return answer

    async def _patiently(self, attempt: Any) -> Any:
        """Try until there is an answer: what is sent again is the same to the last byte."""
        deadline, pause = time.monotonic() + self.patience_s, _FIRST_PAUSE_S
        while True:
            try:
                return await attempt()
            except Refused as refusal:
                if not refusal.retryable or refusal.code in _NEVER_AGAIN or time.monotonic() > deadline:
                    raise
            except (httpx.TransportError, _NotJson) as error:
                if time.monotonic() > deadline:
                    reason = f"{self.api_url} gave no answer within {self.patience_s:.0f} s: {error!r}"
                    raise NoAnswer(reason) from error
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)


class _NotJson(Exception):
    pass


def fresh_id() -> str:
    """Make an id as a phone does."""
    return str(uuid.uuid4())


def _json(response: httpx.Response) -> Row:
    try:
        answer = response.json()
    except ValueError as error:
        raise _NotJson(f"HTTP {response.status_code}") from error
    if not isinstance(answer, dict):
        raise _NotJson(f"HTTP {response.status_code}")
    return answer
