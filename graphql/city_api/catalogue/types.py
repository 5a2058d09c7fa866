"""Types of components and events, and their filing conditions, as phones see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import strawberry

from city_api.enums import LimitUnit, TypeKind
from city_api.rows import computed, stored
from city_core.kit.mongo import Row

if TYPE_CHECKING:
    from city_api.context import Context


@strawberry.type(description="A filing condition 立案条件 of a type, with its limit and closing.")
class FilingCondition:
    id: strawberry.ID = stored("_id")
    position: int = stored("position")
    text_zh: str = stored("text_zh")
    text_en: str = stored("text_en")
    limit_value: int = stored("limit_value", "Limit 处置时限, in the unit below.")
    limit_unit: LimitUnit = stored("limit_unit")
    closing_zh: str = stored("closing_zh", "Closing condition 结案条件.")
    closing_en: str = stored("closing_en")


def _conditions(row: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.conditions.get(row["_id"], []))


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
