"""Steps that detection's finds may take without a person, as far as rule and measured precision let them."""

from __future__ import annotations

from city_core.cases.after_advice import GONE, is_about_latest
from city_core.cases.reasons import Why, reason
from city_core.detection.classes import ClassRule, Permission, class_rules_of
from city_core.detection.models import measured_by
from city_core.detection.permissions import allowed_now
from city_core.kit.city import City
from city_core.kit.mongo import Row


async def may_file(city: City, case: Row) -> Row | None:
    """Give the reason why a report may be filed on its advice alone; None where a person has to look.

    A type that a person gave, or a word of an inspector on the spot, is never passed over.
    """
    advice = case["advice"]
    if advice is None or advice["outcome"] == "OVERRULED" or case["verification"] not in (None, "EXISTS"):
        return None
    if case["type_code"] not in (None, advice["type_code"]):
        return None
    rule = await _allowed_rule(city, advice, Permission.FILE)
    if rule is None or rule.type_code != advice["type_code"]:
        return None
    return await _reason(city, Why.FILED_ON_ADVICE, advice)


async def may_close(city: City, case: Row) -> Row | None:
    """Give the reason why a case that passed its check may be closed on its after-advice; else None."""
    advice = case.get("after_advice")
    if advice is None or (advice["verdict"], advice["outcome"]) != (GONE, "ACCEPTED"):
        return None
    if not is_about_latest(case, advice) or await _allowed_rule(city, advice, Permission.CLOSE) is None:
        return None
    return await _reason(city, Why.CLOSED_ON_ADVICE, advice)


async def _allowed_rule(city: City, advice: Row, wanted: Permission) -> ClassRule | None:
    rule = (await class_rules_of(city)).rules.by_label.get(advice["label"])
    if rule is None:
        return None
    measured = await measured_by(city, advice["model_version"], advice["label"])
    is_sure = advice["confidence"] is not None and advice["confidence"] >= rule.least_confidence
    return rule if is_sure and allowed_now(rule, measured).includes(wanted) else None


async def _reason(city: City, why: Why, advice: Row) -> Row:
    measured = await measured_by(city, advice["model_version"], advice["label"])
    return reason(
        why,
        label=advice["label"],
        confidence=advice["confidence"],
        model=advice["model_version"],
        precision=measured.precision if measured is not None else None,
        samples=measured.samples if measured is not None else 0,
    )
