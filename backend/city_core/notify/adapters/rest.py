"""What adapters of push services over REST share: an outcome for each hint, pauses, a quiet client."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from city_core.notify.ports import Outcome, PushAddress, PushMessage, RetryAfter, Unknown

SEND_LIMIT_S = 5.0
KEEP_CONNECTION_S = 240.0
MOST_CONNECTIONS = 100
MOST_BYTES = 4096
# Google's advice for an answer without Retry-After: a minute when over quota, ten seconds when unavailable.
QUOTA_PAUSE_S = 60.0
UNAVAILABLE_PAUSE_S = 10.0
LONGEST_PAUSE_S = 86_400.0

# They log every URL, and the endpoint of a browser or an access token in a query is part of it.
for _talkative in ("httpx", "httpcore"):
    logging.getLogger(_talkative).setLevel(logging.WARNING)

SendOne = Callable[[PushAddress, PushMessage], Awaitable[Outcome]]


def rest_client(*endpoints: str) -> httpx.AsyncClient:
    """Open a client that keeps its connections and follows no redirect; loopback is never behind a proxy."""
    limits = httpx.Limits(
        max_connections=MOST_CONNECTIONS,
        max_keepalive_connections=MOST_CONNECTIONS,
        keepalive_expiry=KEEP_CONNECTION_S,
    )
    on_loopback = any("://127.0.0.1" in endpoint for endpoint in endpoints)
    return httpx.AsyncClient(http2=True, timeout=SEND_LIMIT_S, limits=limits, trust_env=not on_loopback)


async def send_each(
    batch: Sequence[tuple[PushAddress, PushMessage]], send_one: SendOne, limit_s: float = SEND_LIMIT_S
) -> list[Outcome]:
    """Send every hint on its own: one outcome each, in order, in bounded time, whatever happens to one."""
    sendings = (ended(send_one(address, message), limit_s) for address, message in batch)
    return list(await asyncio.gather(*sendings))


async def ended(sending: Awaitable[Outcome], limit_s: float = SEND_LIMIT_S) -> Outcome:
    """Wait for one sending, and for no longer than this; whatever breaks it off leaves its end unknown."""
    try:
        async with asyncio.timeout(limit_s):
            return await sending
    except TimeoutError:
        return Unknown("TIMEOUT")
    except Exception as error:  # the ports promise an outcome for everything that is sent
        return Unknown(type(error).__name__)


def hint_json(message: PushMessage) -> str:
    """Write what a phone is told: type, id and seq of what waits in the inbox, nothing else."""
    hint = {"type": message.type, "id": message.id, "seq": str(message.seq)}
    return json.dumps(hint, separators=(",", ":"))


def json_body(answer: httpx.Response) -> dict[str, Any]:
    """Read an answer as a JSON object; an empty one where it is something else."""
    with suppress(ValueError):
        body = answer.json()
        return body if isinstance(body, dict) else {}
    return {}


def unwell(answer: httpx.Response) -> Outcome | None:
    """Read an answer of a service that is overloaded or out of order; None for every other answer."""
    asked = retry_after_s(answer.headers.get("Retry-After", ""))
    if answer.status_code in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
        return RetryAfter(QUOTA_PAUSE_S if asked is None else asked)
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return RetryAfter(UNAVAILABLE_PAUSE_S if asked is None else asked)
    return None


def retry_after_s(value: str) -> float | None:
    """Read a Retry-After header, seconds or a date, a day at most; None where there is none to read."""
    with suppress(ValueError, OverflowError):
        seconds = float(value)
        return min(max(0.0, seconds), LONGEST_PAUSE_S) if math.isfinite(seconds) else None
    with suppress(ValueError, TypeError):
        seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        return min(max(0.0, seconds), LONGEST_PAUSE_S)
    return None
