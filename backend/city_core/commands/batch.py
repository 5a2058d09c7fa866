"""What phones hand over of their queues: checked, and written down whole."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from city_core.cases.command import Command, input_hash
from city_core.commands.log import log_row, release_work
from city_core.commands.queue import queue_of
from city_core.commands.table import QUEUEABLE
from city_core.kit.ids import checked_client_id
from city_core.kit.instants import checked_instant
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

MOST_COMMANDS = 50
_OF_THE_COMMAND = ("client_id", "device_time", "base_version")
_HIGHEST = 2**31 - 1


@dataclass(frozen=True)
class Queued:
    """One command as it lay in the phone's queue: its number there, its use-case and its plain input."""

    client_id: str
    sequence: int
    device_time: datetime | None
    base_version: int | None
    name: str
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """Commands of one phone, and what its clock said when it sent them."""

    device_id: str
    sent_at: datetime | None
    origin: str
    commands: Sequence[Queued]


def check_batch(batch: Batch) -> None:
    """Refuse a batch that is no batch; single commands that are wrong are answered one by one."""
    if not 1 <= len(batch.commands) <= MOST_COMMANDS:
        raise CityProblem("COMMAND_BATCH_INVALID", field="commands", allowed=f"1 to {MOST_COMMANDS}")
    if not 8 <= len(batch.device_id) <= 100 or "\x00" in batch.device_id:
        raise CityProblem("COMMAND_BATCH_INVALID", field="deviceId", allowed="8 to 100 characters")


def mark_of(name: str, given: Mapping[str, Any]) -> str:
    """Make the mark of a command's plain input; its id, its times and what was not given do not count."""
    return input_hash(name, _what_counts(given))


def held_row(
    actor: Actor, batch: Batch, queued: Queued, now: datetime, held_until: datetime
) -> Row | CityProblem:
    """Write a queued command down whole, to be carried out in its order; or say what is wrong with it."""
    try:
        skew = _skew(batch, now)
        command = _command(batch, queued, skew)
        given = {name: value for name, value in queued.given.items() if name not in _OF_THE_COMMAND}
        given = _with_instants(given)
    except CityProblem as problem:
        return problem
    return {
        **log_row(actor, command, queued.name, mark_of(queued.name, given), now),
        "state": "HELD",
        "queue_id": queue_of(actor.person_id, batch.device_id),
        "device_id": batch.device_id,
        "sequence": queued.sequence,
        "given": given,
        "photo_ids": _photos_in(given),
        "case_id": given.get("case_id"),
        "skew_ms": None if skew is None else round(skew / timedelta(milliseconds=1)),
        "work": release_work(held_until),
    }


def _photos_in(given: Mapping[str, Any]) -> list[str]:
    """Name the photos of a command as they are kept; what is no id of a photo is refused when it is done."""
    found = []
    said = [row["media_id"] for name in ("photos", "handled_photos") for row in given.get(name) or ()]
    for media_ids in (given.get("media_ids"), given.get("handled_media_ids"), said):
        for media_id in media_ids or ():
            with contextlib.suppress(CityProblem):
                found.append(checked_client_id(media_id))
    return found


def _command(batch: Batch, queued: Queued, skew: timedelta | None) -> Command:
    client_id = checked_client_id(queued.client_id)
    inner = queued.given.get("client_id")
    if inner is not None and checked_client_id(inner) != client_id:
        raise CityProblem("COMMAND_BATCH_INVALID", field="clientId", allowed="the same id inside and outside")
    if not 1 <= queued.sequence <= _HIGHEST:
        raise CityProblem("COMMAND_BATCH_INVALID", field="deviceSequence", allowed="1, 2, 3 and so on")
    if queued.name not in QUEUEABLE:
        raise CityProblem("COMMAND_BATCH_INVALID", field="do", allowed="a command that can be queued")
    device_time = checked_instant(queued.device_time or queued.given.get("device_time"), "deviceTime")
    base = queued.base_version if queued.base_version is not None else queued.given.get("base_version")
    made_at = None
    if device_time is not None and skew is not None:
        made_at = _shifted(device_time, skew)
    return Command(client_id, device_time, batch.origin, base, made_at)


def _skew(batch: Batch, now: datetime) -> timedelta | None:
    sent_at = checked_instant(batch.sent_at, "deviceTime")
    return None if sent_at is None else now - sent_at


def _shifted(instant: datetime, span: timedelta) -> datetime | None:
    try:
        return instant + span
    except OverflowError:
        return None


def _with_instants(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: checked_instant(value, name) if isinstance(value, datetime) else value
        for name, value in given.items()
    }


def _what_counts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _what_counts(inner)
            for name, inner in value.items()
            if name not in _OF_THE_COMMAND and inner is not None and inner not in ("", [])
        }
    if isinstance(value, list | tuple):
        return [_what_counts(inner) for inner in value]
    if isinstance(value, datetime) and value.tzinfo is not None:
        return checked_instant(value, "")
    return value
