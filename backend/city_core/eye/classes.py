"""Which finds of a model the city makes events of, and what a rule may do with them alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from city_core.catalogue.label_rules import LABEL_RULES, LabelRule
from city_core.kit.mongo import Row

MOST_FINDS_A_FRAME = 20


def worth_an_event(boxes: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Keep the finds of classes that the city knows, from their least confidence on, the surest first."""
    known = [dict(box) for box in boxes if _is_sure(box, LABEL_RULES.get(box["label"]))]
    return sorted(known, key=lambda box: -box["confidence"])[:MOST_FINDS_A_FRAME]


def type_of(label: str) -> tuple[str, str | None]:
    """Name the type and the condition that a class stands for."""
    rule = LABEL_RULES[label]
    return rule.type_code, rule.condition_id


def _is_sure(box: Mapping[str, Any], rule: LabelRule | None) -> bool:
    return rule is not None and box["confidence"] >= rule.least_confidence
