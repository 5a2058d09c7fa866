"""How often, how long and until when something may be asked for: rules of the city with versions."""

from __future__ import annotations

from dataclasses import dataclass, fields

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.rulebook.cells import choice, whole
from city_core.kit.rulebook.store import Opened, Rulebook, open_rules
from city_core.kit.rulebook.tables import Content, Fault, Table


@dataclass(frozen=True)
class Limits:
    """What may be asked for at most.

    `extension_limits`: one extension in original limits of the case; `suspension_days` and `appeal_days` are
    natural days, from the day of asking and from the closing.
    """

    extensions: int = 2
    extension_limits: int = 1
    suspensions: int = 1
    suspension_days: int = 365
    appeals: int = 1
    appeal_days: int = 7


_NAMES = tuple(field.name for field in fields(Limits))
_TABLE = Table("limits", (choice("name", _NAMES), whole("value", least=1, most=3650)), ("name",))


def _check(content: Content) -> list[Fault]:
    given = {row["name"] for row in content["limits"]}
    return [
        Fault("limits", None, "name", f"缺少{name}", f"{name} is missing")
        for name in _NAMES
        if name not in given
    ]


def _compile(content: Content) -> Limits:
    return Limits(**{row["name"]: row["value"] for row in content["limits"]})


REQUEST_RULES: Rulebook[Limits] = Rulebook(
    "requests",
    (_TABLE,),
    _compile,
    default={"limits": [{"name": name, "value": getattr(Limits(), name)} for name in _NAMES]},
    check=_check,
)


async def limits_of(city: City, case: Row) -> Opened[Limits]:
    """Open the limits that were in force when a case was filed; a running case keeps them."""
    return await open_rules(city, REQUEST_RULES, case["rules"].get(REQUEST_RULES.name, 0))
