"""What a case is like that goes to another level: nobody there has it yet, and it is dispatched anew."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.levels.rules import Level, level_rules_of
from city_core.cases.record import Step
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import WorkItem


async def to_level(
    city: City, case: Row, level: Level, *, opinion: str = "", reasons: Sequence[Row] = ()
) -> Step:
    """Give a case to a level, whose own time begins; a decision of the level before does not bind it."""
    terms = (await level_rules_of(city, case["rules"])).terms(case["type_code"])
    dispatch = WorkItem("dispatch", f"dispatch:{case['version'] + 1}", city.clock.now())
    changes = {
        "level": level.value, "task": None, "handler_id": None, "department_id": None,
        "is_decided": False, "return_count": 0,
    }  # fmt: skip
    return Step(
        changes,
        opinion=opinion,
        reasons=reasons,
        facts=terms.facts(level),
        work=[dispatch] if city.settings.auto_dispatch else [],
        drops_work={"dispatch"},
    )
