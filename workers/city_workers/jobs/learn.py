"""Job: what a person decided on photos that a model had seen becomes examples for the next model."""

from __future__ import annotations

from city_core.cases.learn_examples import learn_examples
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    await learn_examples(city, held)
    return False
