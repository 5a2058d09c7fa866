"""The rulebook `joint`: when a leader decides, and how many departments or parts one case may have."""

from __future__ import annotations

from dataclasses import dataclass

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.rulebook.cells import whole
from city_core.kit.rulebook.store import Rulebook, open_rules
from city_core.kit.rulebook.tables import Content, Fault, Table

_TABLE = Table(
    "joint_rules",
    (
        whole("returns_before_decision", least=1, most=20),
        whole("most_assistants", least=1, most=20),
        whole("most_parts", least=2, most=50),
    ),
    key=("returns_before_decision",),
)


@dataclass(frozen=True)
class JointRules:
    """How often a case may be returned before a leader decides, and how many may work on it together."""

    returns_before_decision: int
    most_assistants: int
    most_parts: int


def _compile(content: Content) -> JointRules:
    [row] = content["joint_rules"]
    return JointRules(**row)


def _check(content: Content) -> list[Fault]:
    rows = content["joint_rules"]
    if len(rows) == 1:
        return []
    row = len(rows) + 1 if rows else None
    return [Fault("joint_rules", row, None, "此表应恰有一行", "this table has exactly one row")]


JOINT_BOOK: Rulebook[JointRules] = Rulebook(
    name="joint",
    tables=(_TABLE,),
    compile=_compile,
    default={"joint_rules": [{"returns_before_decision": 3, "most_assistants": 10, "most_parts": 10}]},
    check=_check,
)


async def joint_rules_of(city: City, case: Row) -> JointRules:
    """Open the rules under which a case was filed; those of a change since then are not for it."""
    return (await open_rules(city, JOINT_BOOK, case["rules"].get(JOINT_BOOK.name, 0))).rules
