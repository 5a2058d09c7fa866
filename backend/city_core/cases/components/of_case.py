"""What the component of a report tells: is there one, does it stand there, who owns it, how is it filed.

Nothing of this refuses a report: a plate is misread and a position is off in the rain, and the case is about
what was seen all the same. So it is worked out when it is read, from the component as it is now: one that is
put on record later is known then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from city_core.kit.mongo import Row
from city_core.places.components.queries import metres_between

FAR_M = 100.0
OF_UNKNOWN_OWNER: Mapping[int, str] = {2: "C0123", 3: "C01023"}  # 不明井盖, by the digits of the minor class
_COVER = "井盖"


@dataclass(frozen=True)
class ComponentOfCase:
    """A component as far as a case is about it; `component` is none where the code is of none."""

    code: str
    component: Row | None
    distance_m: float | None
    is_far: bool
    files_as: str | None


def component_of_case(
    case: Mapping[str, Any], component: Row | None, types: Mapping[str, Row]
) -> ComponentOfCase | None:
    """Hold a case against the component that it names; None where it names none.

    `types` are those of the catalogue by their codes.
    """
    code = case.get("component_code")
    if code is None:
        return None
    away = metres_between(case["place"]["point"], component["point"]) if component is not None else None
    return ComponentOfCase(
        code=code,
        component=component,
        distance_m=away,
        is_far=away is not None and away > FAR_M,
        files_as=files_as(component, types),
    )


def files_as(component: Mapping[str, Any] | None, types: Mapping[str, Row]) -> str | None:
    """Name the type that a cover whose owner nobody knows is filed as (不明井盖), None for all else.

    Source: collection rules of GB/T 30428.8 practice, standards.md 3.3.
    """
    if component is None or component.get("owner_is_known", True):
        return None
    type_code = component["type_code"]
    if type_code not in types or not types[type_code]["name_zh"].endswith(_COVER):
        return None
    return OF_UNKNOWN_OWNER.get(len(type_code) - 3)
