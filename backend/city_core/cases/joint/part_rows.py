"""The stored row of a part (子案) on the day that it is split off."""

from __future__ import annotations

from dataclasses import dataclass

from city_core.cases.blank import blank_case
from city_core.cases.emergency.effects import filing_limit
from city_core.cases.evidence.known import evidence_of
from city_core.cases.file import limit_of
from city_core.cases.levels.rules import Level, level_rules_of
from city_core.cases.record import Step, doings_of, history_row
from city_core.cases.timing import timed
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor

_OF_THE_PARENT = ("source", "reporter_id", "place", "photos", "detections", "verification", "reported_at")


@dataclass(frozen=True)
class PartDraft:
    """One checked part, with the id that it will have and the department that it is for, if one is named."""

    id: str
    position: int
    type_code: str
    condition_id: str | None
    description: str
    department: Row | None

    @property
    def department_level(self) -> Level:
        """Name the level of the department that the seat named."""
        return Level((self.department or {}).get("level", Level.DISTRICT))


async def part_row(city: City, actor: Actor, parent: Row, draft: PartDraft) -> Row:
    """Make the case of one part: filed now, with the parent's place and photos and its own deadline.

    Its reporter is not involved in it: they hear of the whole case only. Who did what on the parent stays on
    record, so that supervision and handling are kept apart on the part too.
    """
    now = city.clock.now()
    rules = parent["rules"]
    chosen = {"type_code": draft.type_code, "condition_id": draft.condition_id}
    limit = await limit_of(city, rules, chosen, parent["place"])
    terms = (await level_rules_of(city, rules)).terms(draft.type_code)
    level = draft.department_level if draft.department else terms.start
    under = await filing_limit(city, parent["place"], draft.type_code, limit)
    facts = {
        **under.facts, "rules": rules, **terms.first_facts(level),
        "parent_id": parent["_id"], "doings": doings_of(parent),
    }  # fmt: skip
    history = [history_row(actor, Action.SPLIT_OFF, Step(facts=facts), None, State.FILED, 1, now, None, None)]
    case = {
        **blank_case(),
        **{name: parent[name] for name in _OF_THE_PARENT},
        **chosen,
        "evidence": list(evidence_of(parent)),
        "_id": draft.id,
        "version": 1,
        "state": State.FILED.value,
        "number": f"{parent['number']}-{draft.position}",
        "client_id": f"{parent['_id']}-{draft.position}",
        "parent_id": parent["_id"],
        "description": draft.description or parent["description"],
        "rules": rules,
        "level": level.value,
        "limit_value": under.limit.value,
        "limit_unit": under.limit.unit,
        "emergency_id": under.emergency_id,
        "filed_at": now,
        "people_involved": [actor.person_id],
        "updated_at": now,
        "history": history,
    }
    time = await timed(city, case, history)
    work = [item.row() for item in (*_dispatch_work(city, draft), *time.work)]
    return {**case, **time.values, "work": work}


def _dispatch_work(city: City, draft: PartDraft) -> list[WorkItem]:
    """Have the part dispatched: to the department that the seat named, or as the rules say."""
    if draft.department is not None:
        named = {"department_id": draft.department["_id"]}
        return [WorkItem("dispatch", "dispatch:1", city.clock.now(), named)]
    return [WorkItem("dispatch", "dispatch:1", city.clock.now())] if city.settings.auto_dispatch else []
