"""Which finds of a model the city makes events of: classes that are on, from their least confidence on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from city_core.detection.classes import ClassRules
from city_core.kit.mongo import Row

MOST_FINDS_A_FRAME = 20


def worth_an_event(rules: ClassRules, boxes: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Keep the finds that a rule knows, the surest first."""
    known = [dict(box) for box in boxes if _is_known(rules, box)]
    return sorted(known, key=lambda box: -box["confidence"])[:MOST_FINDS_A_FRAME]


def _is_known(rules: ClassRules, box: Mapping[str, Any]) -> bool:
    rule = rules.by_label.get(box["label"])
    return rule is not None and rule.is_on and box["confidence"] >= rule.least_confidence
