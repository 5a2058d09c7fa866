"""Types of components and events, and their filing conditions, as phones see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import strawberry

from city_api.enums import LimitUnit, TypeKind
from city_api.rows import computed, stored
from city_core.catalogue.catalogue import area_limits
from city_core.kit.mongo import Row

if TYPE_CHECKING:
    from city_api.context import Context


@strawberry.type(description="The limit 时限 in areas of one class.")
class AreaLimit:
    area_class: str = stored("area_class", "A (core), B or C.")
    value: int = stored("value")


def limits_of(row: Row) -> list[Row]:
    """Show the limit of each area class; none where a row has no limit of its own."""
    if row["limit_unit"] is None:
        return []
    return [{"area_class": name, "value": value} for name, value in area_limits(row).items()]


@strawberry.type(description="A filing condition 立案条件 of a type, with its limit and closing.")
class FilingCondition:
    id: strawberry.ID = stored("_id")
    position: int = stored("position")
    text_zh: str = stored("text_zh")
    text_en: str = stored("text_en")
    limit_value: int = stored("limit_value", "Limit 处置时限 in areas of class A, in the unit below.")
    limit_unit: LimitUnit = stored("limit_unit")
    closing_zh: str = stored("closing_zh", "Closing condition 结案条件.")
    closing_en: str = stored("closing_en")
    limits: list[AreaLimit] = computed(lambda row, _: limits_of(row), description="For each area class.")
    season: str | None = stored("season", "The season of a limit in season days.")
    least_photos: int = stored("least_photos", "Photos that a report needs at least.")
    near_and_far: bool = stored("near_and_far", "One photo from near and one from far.")
    capture_zh: str | None = stored("capture_zh", "What the photos must show.")
    capture_en: str | None = stored("capture_en")
    departments: list[strawberry.ID] = stored("departments", "Who handles it by default; empty: by rule.")
    follow_up: strawberry.ID | None = stored("follow_up", "The second step, once the danger is removed.")
    may_tell: bool = stored("may_tell", "May be closed by telling the citizen 告知性结案.")


def _conditions(row: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.catalogue.conditions(row["_id"]))


def _same_as(row: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.catalogue.same_as(row["_id"]))


def _modules(row: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.catalogue.modules_of(row["_id"]))


@strawberry.type(description="A standard that types are from.")
class TypeStandard:
    standard: strawberry.ID = stored("standard")
    name_zh: str = stored("name_zh")
    name_en: str = stored("name_en")
    offered: bool = stored("offered", "In use: its types are listed when no standard is named.")


@strawberry.type(description="A type 小类 of the dictionary, such as E0110 暴露垃圾.")
class CaseType:
    code: strawberry.ID = stored("_id")
    kind: TypeKind = stored("kind")
    standard: str = stored("standard", "The standard that it is from.")
    major_code: str = stored("major_code", "Major class 大类.")
    major_zh: str = stored("major_zh")
    major_en: str = stored("major_en")
    minor_code: str = stored("minor_code")
    name_zh: str = stored("name_zh")
    name_en: str = stored("name_en")
    local: bool = stored("local", "Added by this city.")
    conditions: list[FilingCondition] = computed(_conditions)
    aliases: list[str] = stored("aliases", "Other names in use.")
    valid_from: str | None = stored("valid_from", "First day, such as 2026-07-01; empty: ever.")
    valid_to: str | None = stored("valid_to", "Last day; empty: until further notice.")
    same_as: list[strawberry.ID] = computed(_same_as, description="The same type in other standards.")
    modules: list[str] = computed(_modules, description="The modules 专项 that it is in.")
    certainty: str = stored("certainty", "How sure the row is: confirmed … invented.")
