"""Waiting for news over plain HTTP, for clients without sockets."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State

from city_api.context import Edge, bearer_token
from city_api.pressure.patience import Patience
from city_core.kit.problems import CityProblem
from city_core.sync.news import channels_of, scopes_with_news
from city_core.sync.scopes import SyncScope

_MOST_SECONDS = 60
_MOST_WAITING = 3


class WaitingRoom(Patience):
    """Counts who waits in this process, so that nobody takes more than a few places."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: Counter[str] = Counter()

    @contextlib.contextmanager
    def place(self, person_id: str) -> Iterator[None]:
        """Take a place for one who waits, or refuse it."""
        if self._waiting[person_id] >= _MOST_WAITING:
            raise CityProblem("TOO_MANY_WAITING", allowed=f"{_MOST_WAITING} at a time")
        self._waiting[person_id] += 1
        try:
            yield
        finally:
            self._waiting[person_id] -= 1
            self._waiting += Counter()  # who has no place any more is forgotten


@get("/sync/wait")
async def wait_for_news(
    request: Request[Any, Any, Any], state: State, scopes: str, checkpoint: str = "", seconds: int = 25
) -> Response[Any]:
    """Answer 200 with the scopes that changed since their checkpoints as soon as one did, else 204."""
    edge: Edge = state.edge
    token = bearer_token(request.headers.get("authorization", ""))
    asked = _checkpoints(scopes, checkpoint)
    if not 0 <= seconds <= _MOST_SECONDS:
        raise CityProblem("REQUEST_INVALID", field="seconds", allowed=f"0 to {_MOST_SECONDS}")
    actor = await edge.actor_of(token)
    headers = {"cache-control": "no-store"}
    with state.waiting.place(actor.person_id):
        changed = await _wait(edge, state.waiting, token, asked, seconds)
    if not changed:
        return Response(None, status_code=204, headers=headers)
    return Response({"changed": [scope.value for scope in changed]}, headers=headers)


async def _wait(
    edge: Edge, room: WaitingRoom, token: str, asked: Mapping[SyncScope, str | None], seconds: int
) -> list[SyncScope]:
    """Look, and look again at every hint; who is signed out meanwhile is refused."""
    until = time.monotonic() + seconds
    actor = await edge.actor_of(token)
    channels = channels_of(actor, list(asked)) or [f"sync:nothing:{actor.person_id}"]
    async with edge.city.waker.listen(*channels) as hints:
        while True:
            changed = await scopes_with_news(edge.city, actor, asked)
            left = until - time.monotonic()
            if changed or left <= 0:
                return changed
            try:
                async with room.no_longer_than(left):
                    await anext(hints)
            except TimeoutError:
                return []
            actor = await edge.actor_of(token)


def _checkpoints(scopes: str, checkpoint: str) -> dict[SyncScope, str | None]:
    """Read `A,B` and their checkpoints `x,y` in the same order; a blank or missing one is none."""
    names = [name for name in scopes.split(",") if name]
    given = checkpoint.split(",") if checkpoint else []
    if not names or len(given) > len(names) or any(name not in SyncScope.__members__ for name in names):
        raise CityProblem("REQUEST_INVALID", field="scopes", allowed=", ".join(SyncScope))
    padded = [*given, *[""] * (len(names) - len(given))]
    return {SyncScope(name): text or None for name, text in zip(names, padded, strict=True)}
