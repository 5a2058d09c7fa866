"""Sends the same requests as everybody, some at a time, and notes what is wrong with the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.api.support import Api
from tests.attack.findings import Report
from tests.attack.town import Town

_AT_ONCE = 8


@dataclass(frozen=True)
class Request:
    """One request: what it is about, its body, the words in it, and as what it is told."""

    name: str
    body: bytes
    sent: str
    told: str


async def send_as_all(
    town: Town, api: Api, report: Report, check: str, actors: Sequence[str], requests: Iterable[Request]
) -> None:
    """Send each request as each actor, and note findings and how much was sent."""
    asked = answered = 0
    for actor in actors:
        report.note(check, actor, None)
    for request in requests:
        for start in range(0, len(actors), _AT_ONCE):
            some = actors[start : start + _AT_ONCE]
            heard = await asyncio.gather(
                *(town.send(api, actor, request.body, request.sent) for actor in some)
            )
            for actor, (one, fault) in zip(some, heard, strict=True):
                asked += 1
                answered += one.has_data
                if fault is not None:
                    report.note(check, actor, f"{request.name}: {fault[:300]} <- {request.told}")
    report.figures.append(f"{check}: {asked} requests sent, {answered} of them resolved")
