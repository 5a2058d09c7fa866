"""Inspectors who report all the time through the public API, and never give a command another id."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import httpx

from city_demo.phones import InspectorPhone, demo_phone_of
from city_demo.phones.contracts import published_contracts
from city_demo.phones.phone import fresh_id
from city_demo.phones.refusals import refusal_in

GARBAGE = {"type_code": "E0110", "condition_id": "E0110-1"}
PATIENCE_S = 30.0
ANSWER_LIMIT_S = 15.0
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
_SOUTH_WEST, _SPAN_DEGREES = (118.0160, 36.8160), 0.0075


@dataclass
class Book:
    """What the reporters were told: which reports are in, which they gave up, and when they heard of each."""

    acknowledged: dict[str, str] = field(default_factory=dict)  # case id by client id
    given_up: set[str] = field(default_factory=set)
    refused: list[dict[str, Any]] = field(default_factory=list)
    heard_at: list[float] = field(default_factory=list)  # monotonic, seconds
    answers_s: list[float] = field(default_factory=list)
    repeated: int = 0

    def longest_silence_s(self, since: float, until: float) -> float:
        """Give the longest time in which nobody heard that a report is in, seconds."""
        heard = [since, *(at for at in self.heard_at if since < at < until), until]
        return max(later - earlier for earlier, later in pairwise(heard))


class Reporter:
    """One inspector: reports, waits a moment, reports again."""

    def __init__(self, person_id: str, urls: Sequence[str], book: Book, pause_s: float) -> None:
        self.person_id = person_id
        self._urls, self._turn = urls, random.Random(person_id).randrange(len(urls))
        self._phone = InspectorPhone(urls[0], demo_phone_of(person_id))
        self._book, self._pause_s = book, pause_s
        self._chance = random.Random(person_id)
        self._client = httpx.AsyncClient(timeout=ANSWER_LIMIT_S, trust_env=False)

    async def sign_in(self, password: str) -> None:
        """Come on duty."""
        await self._phone.sign_in(password)

    async def report_until(self, over: asyncio.Event) -> None:
        """Report again and again; the report that is under way at the end is still brought in."""
        while not over.is_set():
            await self._report()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause_s * self._chance.uniform(0.5, 1.5)):
                    await over.wait()

    async def close(self) -> None:
        await self._client.aclose()
        await self._phone.close()

    async def _report(self) -> None:
        client_id, began = fresh_id(), time.monotonic()
        given = {"clientId": client_id, **InspectorPhone.report_of(self._place(), **GARBAGE)}
        body = published_contracts().operation("inspector", "submitReport").body({"input": given})
        for pause in self._pauses():
            answer = await self._asked(body)
            if answer is not None:
                self._keep(client_id, answer, began)
                return
            if time.monotonic() - began + pause > PATIENCE_S:
                break
            self._book.repeated += 1
            await asyncio.sleep(pause)
        self._book.given_up.add(client_id.replace("-", ""))

    async def _asked(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """Ask one of the API processes; None when the same command may be sent again."""
        headers = await self._phone.fresh_headers()
        try:
            url = f"{self._urls[self._turn % len(self._urls)]}/graphql"
            answer = (await self._client.post(url, json=body, headers=headers)).json()
        except (httpx.TransportError, ValueError):
            self._turn += 1
            return None
        if answer.get("errors"):
            problem = answer["errors"][0].get("extensions", {})
        else:
            problem = refusal_in(answer["data"]["submitReport"])
        if problem is None:
            return dict(answer["data"]["submitReport"])
        if problem.get("retryable"):
            self._turn += 1
            return None
        return {"refused": problem}

    def _keep(self, client_id: str, answer: dict[str, Any], began: float) -> None:
        if "refused" in answer:
            self._book.refused.append(answer["refused"])
            return
        now = time.monotonic()
        self._book.acknowledged[client_id.replace("-", "")] = answer["id"]
        self._book.heard_at.append(now)
        self._book.answers_s.append(now - began)

    def _pauses(self) -> Iterator[float]:
        longest = _FIRST_PAUSE_S
        while True:
            yield self._chance.uniform(longest / 2, longest)
            longest = min(longest * 2, _LONGEST_PAUSE_S)

    def _place(self) -> tuple[float, float]:
        lng, lat = _SOUTH_WEST
        east, north = self._chance.random() * _SPAN_DEGREES, self._chance.random() * _SPAN_DEGREES
        return round(lng + east, 6), round(lat + north, 6)
