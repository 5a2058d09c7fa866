"""What the labels of a detection model propose: a type and the filing condition that usually fits.

A label that is not in the table (another model's) proposes nothing. Thresholds are the confidence from which
a find is worth proposing at all; it stays advice at any confidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LabelRule:
    """The type and condition that one label proposes, from this confidence on."""

    type_code: str
    condition_id: str | None
    least_confidence: float


LABEL_RULES: Mapping[str, LabelRule] = {
    "vendor_stall": LabelRule("E0401", "E0401-1", 0.35),  # 无照经营游商
    "exposed_garbage": LabelRule("E0110", "E0110-1", 0.35),  # 暴露垃圾
    "litter": LabelRule("E0112", "E0112-1", 0.45),  # 道路不洁
    "waterlogging": LabelRule("E0506", "E0506-1", 0.35),  # 道路积水
    "damaged_manhole": LabelRule("C0123", "C0123-1", 0.35),  # 不明井盖: the owner shows on the cover only
    "illegal_small_ads": LabelRule("E0201", "E0201-1", 0.35),  # 非法小广告
    "misparked_vehicle": LabelRule("E0409", None, 0.35),  # 机动车乱停放: no condition is known yet
}


@dataclass(frozen=True)
class Proposal:
    """The best find of a report, as a type and a condition."""

    label: str
    confidence: float
    rule: LabelRule


def propose(finds: Iterable[tuple[str, float]]) -> Proposal | None:
    """Choose what a report's finds (label, confidence) propose: the surest one that a rule knows."""
    known = [
        Proposal(label, confidence, LABEL_RULES[label])
        for label, confidence in finds
        if label in LABEL_RULES and confidence >= LABEL_RULES[label].least_confidence
    ]
    return max(known, key=lambda proposal: proposal.confidence, default=None)
