"""One asking of a question: who asks what, where, of records of so many days."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from city_core.kit.city import City
from city_core.people.roles import Actor
from city_core.places.locate import GivenPoint

PAGE = 20


@dataclass
class Asked:
    """Who asks what, where; `kept` is what a question remembers between askings."""

    city: City
    people: dict[str, Actor]
    lng: float
    lat: float
    type_code: str
    street_code: str
    days: float
    layer: str = "toilet"
    component_type: str = "C0102"
    http: httpx.AsyncClient | None = None
    kept: dict[str, str | None] = field(default_factory=dict)

    @property
    def leader(self) -> Actor:
        return self.people["leader-001"]

    @property
    def here(self) -> GivenPoint:
        return GivenPoint(self.lng, self.lat)


Question = Callable[[Asked], Awaitable[int]]


@dataclass(frozen=True)
class DeepQuestion:
    """A question that stands on others, which are asked beforehand and not measured."""

    ask: Question
    ready: Callable[[Asked], Awaitable[None]]

    async def __call__(self, asked: Asked) -> int:
        return await self.ask(asked)
