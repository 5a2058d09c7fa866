"""The component of a case, asked for together with those of the other cases of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from strawberry.dataloader import DataLoader

from city_core.cases.components.of_case import ComponentOfCase, component_of_case
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.places.components.queries import components_by_code

if TYPE_CHECKING:
    from city_api.context import Context


class ComponentLoader:
    """Finds the components of the cases in one answer with one question to MongoDB."""

    def __init__(self, city: City) -> None:
        async def load(codes: Sequence[str]) -> list[Row | None]:
            found = await components_by_code(city, codes)
            return [found.get(code) for code in codes]

        self._loader: DataLoader[str, Row | None] = DataLoader(load_fn=load)

    async def find(self, code: str) -> Row | None:
        """Find a component by its code."""
        return await self._loader.load(code)


def component(case: Row, context: Context) -> Any:
    """Show the component of a case, or nothing where it names none."""
    code = case.get("component_code")
    return None if code is None else _held_against(case, code, context)


async def _held_against(case: Row, code: str, context: Context) -> ComponentOfCase | None:
    found = await context.components.find(code)
    book = await context.dictionary.get()
    return component_of_case(case, found, book.types)
