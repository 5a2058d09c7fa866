"""All open connections of this process: how many there may be, and whether their sign-ins still stand."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from city_core.kit.city import City
from city_core.kit.logs import failure
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.people.standing import HeldSignIn, actors_standing, tell_person_changed

log = structlog.get_logger()
_LOOKED_AT_ONCE = 500
_PAUSE_BETWEEN_LOOKS_SECONDS = 0.1


@dataclass(frozen=True)
class SocketRules:
    """What an open connection may take; seconds and counts."""

    most_a_person: int = 10
    most_operations: int = 20
    first_message_seconds: float = 10.0
    send_seconds: float = 10.0
    look_seconds: float = 3.0


class Seat:
    """The place that one open connection takes; once signed in it holds a sign-in."""

    __slots__ = ("_sockets", "actor", "held", "refuse")

    def __init__(self, sockets: OpenSockets, refuse: Callable[[CityProblem], Awaitable[None]]) -> None:
        self._sockets = sockets
        self.refuse = refuse
        self.held: HeldSignIn | None = None
        self.actor: Actor | None = None

    def hold(self, held: HeldSignIn) -> None:
        """Keep the sign-in that the connection was opened with."""
        self.held = held
        self.actor = _as_stored(held.actor)
        self._sockets.seat(self)

    def doubt(self) -> None:
        """Have the sign-ins looked at now: this one was just refused."""
        self._sockets.look_now()


class OpenSockets:
    """Counts connections, and closes those whose sign-in stands no more, idle ones and without Redis too."""

    def __init__(self, city: City, rules: SocketRules) -> None:
        self.rules = rules
        self._city = city
        self._seats: dict[Seat, None] = {}
        self._of_person: dict[str, dict[Seat, None]] = {}
        self._doubtful = asyncio.Event()
        self._closing: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._seats)

    @property
    def seats(self) -> list[Seat]:
        return list(self._seats)

    def take(self, refuse: Callable[[CityProblem], Awaitable[None]]) -> Seat | None:
        """Give a place to a new connection, or none when this process has as many as it may."""
        if len(self._seats) >= self._city.settings.most_sockets:
            return None
        seat = Seat(self, refuse)
        self._seats[seat] = None
        return seat

    def seat(self, seat: Seat) -> None:
        """Know whose connection it is; the newest of a person stay, as the oldest are mostly dead."""
        if seat.held is None or seat not in self._seats:
            return
        theirs = self._of_person.setdefault(seat.held.actor.person_id, {})
        theirs[seat] = None
        while len(theirs) > self.rules.most_a_person:
            oldest = next(iter(theirs))
            del theirs[oldest]
            self._refuse(oldest, CityProblem("TOO_MANY_SOCKETS"))

    def leave(self, seat: Seat) -> None:
        """Take a place back."""
        self._seats.pop(seat, None)
        if seat.held is not None:
            person_id = seat.held.actor.person_id
            theirs = self._of_person.get(person_id, {})
            theirs.pop(seat, None)
            if not theirs:
                self._of_person.pop(person_id, None)

    def look_now(self) -> None:
        self._doubtful.set()

    async def watch(self) -> None:
        """Look again and again whether the sign-ins still stand; MongoDB alone is asked."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.rules.look_seconds):
                    await self._doubtful.wait()
            self._doubtful.clear()
            try:
                await self._look()
            except Exception as error:  # whatever it was, the next look must come
                log.warning("sockets_not_looked_at", **failure(error))
            await asyncio.sleep(_PAUSE_BETWEEN_LOOKS_SECONDS)

    async def _look(self) -> None:
        signed_in = [(seat, seat.held) for seat in self._seats if seat.held is not None]
        for start in range(0, len(signed_in), _LOOKED_AT_ONCE):
            portion = signed_in[start : start + _LOOKED_AT_ONCE]
            found = await actors_standing(self._city, [held for _, held in portion])
            for (seat, _), actor in zip(portion, found, strict=True):
                if isinstance(actor, CityProblem):
                    self._refuse(seat, actor)
                elif actor != seat.actor:
                    seat.actor = actor
                    tell_person_changed(self._city, actor.person_id)

    def _refuse(self, seat: Seat, problem: CityProblem) -> None:
        async def close() -> None:
            await seat.refuse(problem)

        task = asyncio.get_running_loop().create_task(close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def _as_stored(actor: Actor) -> Actor:
    return replace(actor, emergency_areas=frozenset())
