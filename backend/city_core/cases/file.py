"""A case is filed (立案): it gets its number, its condition and its deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from city_core.cases.acts_by_detection import may_file
from city_core.cases.classify import classified, decided_advice
from city_core.cases.command import Command, input_hash
from city_core.cases.emergency.effects import filing_limit
from city_core.cases.evidence.judging import advice_judged
from city_core.cases.levels.rules import level_rules_of
from city_core.cases.numbers import next_case_number
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action, State
from city_core.catalogue.catalogue import CATALOGUE_BOOK, catalogue_of
from city_core.catalogue.limits import Limit
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import versions_in_force
from city_core.kit.text import checked_text
from city_core.kit.work import Claim, WorkItem
from city_core.people.roles import SYSTEM, Actor


async def file_case(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    type_code: str | None = None,
    condition_id: str | None = None,
    opinion: str = "",
) -> Row:
    """File a case as a seat, under the type and condition given or the ones that it already has."""
    said = checked_text(opinion, field="opinion", most=500)
    mark = input_hash("file", {"type": [type_code, condition_id], "opinion": said})

    async def decide(case: Row) -> Step:
        return await _filing_step(city, actor, case, type_code, condition_id, said)

    return await change_case(city, actor, case_id, Action.FILE, decide, command=command, mark=mark)


async def file_by_rule(city: City, case_id: str, held: Claim) -> Row | None:
    """File a plain case without a seat; None when a person has to look at it."""
    case = await city.database.cases.find_one({"_id": case_id})
    if case is None or case["state"] != State.PENDING_FILING:
        return None
    if await _is_plain(city, case):
        return await _file_so(city, case_id, held, None, None, [])
    why = await may_file(city, case)
    if why is None or not await _has_condition(city, case["advice"]["type_code"], _advised(case)):
        return None
    return await _file_so(city, case_id, held, case["advice"]["type_code"], _advised(case), [why])


async def _file_so(
    city: City,
    case_id: str,
    held: Claim,
    type_code: str | None,
    condition_id: str | None,
    reasons: Sequence[Row],
) -> Row | None:
    async def decide(case: Row) -> Step:
        step = await _filing_step(city, SYSTEM, case, type_code, condition_id, "")
        return replace(step, reasons=[*step.reasons, *reasons])

    return await change_case(city, SYSTEM, case_id, Action.FILE, decide, finishes=held)


async def _is_plain(city: City, case: Row) -> bool:
    """An inspector saw it (own report or verification), and type and condition are given by a person."""
    if case["source"] != "INSPECTOR" and case["verification"] != "EXISTS":
        return False
    if case["type_code"] is None:
        return False
    return await _has_condition(city, case["type_code"], case["condition_id"])


async def _has_condition(city: City, type_code: str, condition_id: str | None) -> bool:
    return condition_id is not None or not (await catalogue_of(city)).rules.conditions(type_code)


def _advised(case: Row) -> str | None:
    """Take the condition that a person gave, else the one that detection proposes."""
    condition: str | None = case["condition_id"] or case["advice"]["condition_id"]
    return condition


async def _filing_step(
    city: City, actor: Actor, case: Row, type_code: str | None, condition_id: str | None, opinion: str
) -> Step:
    chosen = await classified(city, *_chosen(case, type_code, condition_id))
    rules = await versions_in_force(city)
    limit = await limit_of(city, rules, chosen, case["place"])
    under = await filing_limit(city, case["place"], chosen["type_code"], limit)
    now = city.clock.now()
    changes = {
        **chosen,
        "rules": rules,
        "advice": decided_advice(case, chosen["type_code"], actor),
        "number": case["number"] or await next_case_number(city, case["place"]["district_code"], now),
        "limit_value": under.limit.value,
        "limit_unit": under.limit.unit,
        "emergency_id": under.emergency_id,
        "filed_at": now,
        "task": None,
    }
    work = (
        [WorkItem("dispatch", f"dispatch:{case['version'] + 1}", now)] if city.settings.auto_dispatch else []
    )
    work.append(WorkItem("recurrence", f"recurrence:{case['version'] + 1}", now))
    terms = (await level_rules_of(city, rules)).terms(chosen["type_code"])
    changes |= {"level": terms.start.value, "is_decided": False, "return_count": 0}
    judged = advice_judged(case, changes["advice"], now)
    facts = {**judged, **under.facts, "rules": rules, **terms.first_facts(terms.start)}
    return Step(changes, opinion=opinion, work=work, facts=facts, reasons=under.reasons)


def _chosen(case: Row, type_code: str | None, condition_id: str | None) -> tuple[str, str | None]:
    """Take what the seat gives, else what reporter or inspector gave, else what detection proposes."""
    if type_code is not None:
        return type_code, condition_id
    if case["type_code"] is not None:
        return case["type_code"], condition_id or case["condition_id"]
    if case["advice"] is not None:
        return case["advice"]["type_code"], condition_id or case["advice"]["condition_id"]
    raise CityProblem("TYPE_UNKNOWN", field="typeCode", allowed="a code of caseTypes, such as E0110")


async def limit_of(city: City, rules: Mapping[str, int], chosen: Row, place: Row) -> Limit:
    """Find how long a case of a type and condition may take at a place, or ask for the condition.

    A module 专项 that is switched on and has its own limit for the type comes before the condition's.
    """
    catalogue = (await catalogue_of(city, rules.get(CATALOGUE_BOOK.name, 0))).rules
    asked = chosen["type_code"], chosen["condition_id"], place.get("area_class")
    limit = catalogue.limit(*asked)
    if limit is not None:
        module = catalogue.module_in_force(chosen["type_code"])
        return limit if module is None else catalogue.limit(*asked, module) or limit
    known = ", ".join(row["_id"] for row in catalogue.conditions(chosen["type_code"]))
    raise CityProblem("CONDITION_REQUIRED", field="conditionId", allowed=known)
