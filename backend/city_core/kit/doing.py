"""What this process is doing now, and for which request: said in every log line, kept with new work.

A request id follows what a request sets going through every process: it lies in the work rows as `track`,
and whoever does that work goes on under it. It names no person: it is made for each request.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from city_core.kit.traces import current_parent

# Work that is due later than this is no part of what a request was about; it gets a trace of its own.
_SAME_TRACE = timedelta(minutes=2)
_WELL_FORMED = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_CURRENT: ContextVar[Doing | None] = ContextVar("doing", default=None)


@dataclass
class Doing:
    """A request or a piece of work: `words` are in every log line meanwhile, `refusals` are problem codes."""

    request_id: str | None
    began_at: datetime
    words: dict[str, object] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    operation: str = ""

    def track(self, due_at: datetime) -> dict[str, str]:
        """What a work item that is set going now keeps, so that it can be followed."""
        kept = {"request_id": self.request_id} if self.request_id else {}
        parent = current_parent() if due_at - self.began_at <= _SAME_TRACE else None
        return {**kept, "traceparent": parent} if parent else kept


def request_id_from(given: str | None) -> str:
    """Take the id that came with a request if it is a UUID, else make one: no other text gets into logs."""
    if given is not None and _WELL_FORMED.fullmatch(given):
        return given.lower()
    return uuid.uuid4().hex


def doing_now() -> Doing | None:
    """Tell what is being done, if anybody said so."""
    return _CURRENT.get()


def begin(doing: Doing) -> None:
    """Say what the rest of this task is about."""
    _CURRENT.set(doing)


@contextlib.contextmanager
def doing(what: Doing) -> Iterator[Doing]:
    """Say what is done inside."""
    token = _CURRENT.set(what)
    try:
        yield what
    finally:
        _CURRENT.reset(token)


def note_refusal(code: str) -> None:
    """Note that what is being done was refused, with the code that was told."""
    current = _CURRENT.get()
    if current is not None:
        current.refusals.append(code)


def note_post(post: str) -> None:
    """Note the post of whoever asks; who it is stays out of logs."""
    current = _CURRENT.get()
    if current is not None:
        current.words["post"] = str(post)


def note_points(points: int) -> None:
    """Note what a request was charged, see `limits.md`: it is in the line that tells how it ended."""
    current = _CURRENT.get()
    if current is not None:
        current.words["points"] = points


def track_of(due_at: datetime) -> dict[str, str]:
    """Give what new work keeps of the request that it comes from; empty where there is none."""
    current = _CURRENT.get()
    return current.track(due_at) if current is not None else {}


def words_of_work(kind: str, collection: str, owner_id: str, key: str, attempt: int) -> dict[str, object]:
    """Name a piece of work in the log; ids that are put together may hold a person's, and are left out."""
    digest = hashlib.sha256("|".join((collection, owner_id, key)).encode()).hexdigest()[:12]
    owner = {} if ":" in owner_id else {"owner": owner_id}
    return {"kind": kind, "collection": collection, "work_id": digest, **owner, "attempt": attempt}


def add_words(_: Any, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Add to a log line what is being done; what the line says itself goes first."""
    current = _CURRENT.get()
    if current is None:
        return line
    known = {"request_id": current.request_id} if current.request_id else {}
    return {**known, **current.words, **line}
