"""Modules 专项 as phones see them: named sets of types, with limits and weights of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry

from city_api.catalogue.types import AreaLimit, CaseType, limits_of
from city_api.enums import LimitUnit
from city_api.rows import computed, stored
from city_core.catalogue.catalogue import Catalogue
from city_core.kit.mongo import Row


@dataclass(frozen=True)
class ModuleView:
    """One module with the catalogue that its types are from."""

    row: Row
    catalogue: Catalogue

    @property
    def members(self) -> list[Mapping[str, Any]]:
        return [
            {**member, "type": self.catalogue.types[member["type_code"]]}
            for member in self.catalogue.module_types(self.row["_id"])
        ]


@strawberry.type(description="A type in a module, with the limit that it has there.")
class ModuleType:
    type: CaseType = stored("type")
    major_code: str = stored("major_code", "Major class 大类 of the module.")
    major_zh: str = stored("major_zh")
    major_en: str = stored("major_en")
    limits: list[AreaLimit] = computed(
        lambda row, _: limits_of(row), description="Own limits; empty: those of the filing conditions."
    )
    limit_unit: LimitUnit | None = stored("limit_unit")
    weight: int = stored("weight", "How much one case counts in the figures of the module.")
    certainty: str = stored("certainty", "`invented` where the choice is an example.")


@strawberry.type(description="A module 专项: a set of types with limits and figures of its own.")
class CaseModule:
    name: strawberry.ID = computed(lambda view, _: view.row["_id"])
    name_zh: str = computed(lambda view, _: view.row["name_zh"])
    name_en: str = computed(lambda view, _: view.row["name_en"])
    enabled: bool = computed(
        lambda view, _: view.row["enabled"], description="Switched on: its own limits hold."
    )
    major_count: int = computed(lambda view, _: len({row["major_code"] for row in view.members}))
    type_count: int = computed(lambda view, _: len(view.members))
    types: list[ModuleType] = computed(lambda view, _: view.members)


@strawberry.type(description="What became of a module's cases; a merged case is not one more.")
class ModuleFigures:
    reported: int = stored("reported")
    filed: int = stored("filed")
    open: int = stored("open")
    closed: int = stored("closed")
    overdue: int = stored("overdue", "Handled late, or still to be handled and late 超时.")
    weighted: int = stored("weighted", "Filed cases, each with the weight of its type in the module.")
