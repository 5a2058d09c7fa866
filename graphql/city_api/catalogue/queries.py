"""Reads of the dictionary."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.catalogue.modules import CaseModule, ModuleFigures, ModuleView
from city_api.catalogue.types import CaseType, TypeStandard
from city_api.context import Info
from city_api.enums import TypeKind
from city_core.cases.module_figures import module_figures
from city_core.catalogue.catalogue import Catalogue
from city_core.catalogue.queries import today
from city_core.kit.instants import checked_instant
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem


@strawberry.type
class CatalogueQueries:
    @strawberry.field(
        graphql_type=list[CaseType],
        description="The types 类别 of components and events that are valid today: of the standards in use, "
        "of the standard that is named, or of a module.",
    )
    async def case_types(
        self,
        info: Info,
        kind: TypeKind | None = None,
        standard: str | None = None,
        module: str | None = None,
    ) -> list[Row]:
        catalogue = await _catalogue(info)
        if standard is not None and standard not in catalogue.standards:
            raise CityProblem("RULES_UNKNOWN", field="standard", allowed=", ".join(catalogue.standards))
        if module is not None and module not in catalogue.modules:
            raise CityProblem("RULES_UNKNOWN", field="module", allowed=", ".join(catalogue.modules))
        chosen = kind.value if kind is not None else None
        return catalogue.offered(today(info.context.city), kind=chosen, standard=standard, module=module)

    @strawberry.field(graphql_type=CaseType | None, description="One type 小类 with its filing conditions.")
    async def case_type(self, info: Info, code: strawberry.ID) -> Row | None:
        return (await _catalogue(info)).type(code)

    @strawberry.field(graphql_type=list[TypeStandard], description="The standards that types are from.")
    async def type_standards(self, info: Info) -> list[Row]:
        return list((await _catalogue(info)).standards.values())

    @strawberry.field(graphql_type=list[CaseModule], description="The modules 专项: sets of types.")
    async def case_modules(self, info: Info) -> list[ModuleView]:
        catalogue = await _catalogue(info)
        return [ModuleView(row, catalogue) for row in catalogue.modules.values()]

    @strawberry.field(
        graphql_type=ModuleFigures,
        description="What became of a module's cases reported in a time, as far as you may see them; "
        "for seats and leaders.",
    )
    async def module_figures(
        self, info: Info, module: strawberry.ID, since: datetime, until: datetime
    ) -> Row:
        context = info.context
        begins, ends = checked_instant(since, "since"), checked_instant(until, "until")
        assert begins is not None and ends is not None
        return await module_figures(context.city, await context.actor(), module, begins, ends)


async def _catalogue(info: Info) -> Catalogue:
    await info.context.actor()
    return (await info.context.dictionary.get()).catalogue
