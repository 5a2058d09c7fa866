"""What each class that a model can name proposes, and what it may do without a person; data of the city.

`may` grows: FILE holds SUGGEST, CLOSE holds FILE. Above SUGGEST it counts only where the model was
measured on real photos (`permissions.py`). A label without a row (another model's) proposes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from city_core.catalogue.catalogue import catalogue_of
from city_core.kit.city import City
from city_core.kit.rulebook.cells import choice, text, whole, yes_no
from city_core.kit.rulebook.store import Opened, Rulebook, open_rules, rows_numbered
from city_core.kit.rulebook.tables import Content, Fault, Table


class Permission(StrEnum):
    """What finds of a class may do."""

    SUGGEST = "SUGGEST"
    FILE = "FILE"  # a report that shows it is filed without verification, or without a type given by a person
    CLOSE = "CLOSE"  # a case that passed its check, and shows it no more, is closed


_TABLE = Table(
    "detection_classes",
    (
        text("label", most=64),
        text("name_zh", most=40),
        text("name_en", most=60),
        text("type_code", most=16),
        text("condition_id", blank=None, most=24),
        whole("least_confidence_percent", least=1, most=100),
        choice("may", tuple(Permission), blank=Permission.SUGGEST.value),
        yes_no("is_on", blank=True),
        # The floors are ours: below them a slip of the keeper would let guesses act.
        whole("least_precision_percent", least=80, most=100, blank=90),
        whole("least_recall_percent", least=80, most=100, blank=90),
        whole("least_samples", least=30, most=1_000_000, blank=200),
    ),
    key=("label",),
)


@dataclass(frozen=True)
class ClassRule:
    """What one label stands for; shares and confidences from 0 to 1.

    `least_precision` and `least_samples` are asked of the model before a class acts by itself;
    `least_recall` before a problem that the model does not see any more counts as gone.
    """

    label: str
    name_zh: str
    name_en: str
    type_code: str
    condition_id: str | None
    least_confidence: float
    may: Permission
    is_on: bool
    least_precision: float
    least_recall: float
    least_samples: int


@dataclass(frozen=True)
class Proposal:
    """The best find of a report, as a type and a condition, with the model that saw it."""

    label: str
    confidence: float
    model_version: str
    rule: ClassRule


@dataclass(frozen=True)
class ClassRules:
    """The rules of all classes by their label."""

    by_label: Mapping[str, ClassRule]

    def propose(self, finds: Iterable[tuple[str, float, str]]) -> Proposal | None:
        """Choose what finds (label, confidence, model) propose: the surest one of a class that is on."""
        known = [
            Proposal(label, confidence, model_version, rule)
            for label, confidence, model_version in finds
            if (rule := self.by_label.get(label)) is not None
            and rule.is_on
            and confidence >= rule.least_confidence
        ]
        return max(known, key=lambda proposal: proposal.confidence, default=None)

    def of_type(self, type_code: str | None) -> list[ClassRule]:
        """Give the classes that are on and stand for a type."""
        return [rule for rule in self.by_label.values() if rule.is_on and rule.type_code == type_code]

    def labels_of(self, type_code: str | None) -> list[str]:
        """Name the labels that stand for a type, of classes that are switched off too."""
        return [rule.label for rule in self.by_label.values() if rule.type_code == type_code]


def _compiled(content: Content) -> ClassRules:
    return ClassRules({
        row["label"]: ClassRule(
            label=row["label"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            type_code=row["type_code"],
            condition_id=row["condition_id"],
            least_confidence=row["least_confidence_percent"] / 100,
            may=Permission(row["may"]),
            is_on=row["is_on"],
            least_precision=row["least_precision_percent"] / 100,
            least_recall=row["least_recall_percent"] / 100,
            least_samples=row["least_samples"],
        )
        for row in content["detection_classes"]
    })  # fmt: skip


async def _check_in_city(city: City, content: Content) -> list[Fault]:
    catalogue = (await catalogue_of(city)).rules
    faults = []
    for number, row in rows_numbered(content["detection_classes"]):
        code, condition = row["type_code"], row["condition_id"]
        if code not in catalogue.types:
            faults.append(
                Fault("detection_classes", number, "type_code", f"没有类别{code}", f"no type {code}")
            )
        elif condition is not None and condition not in {one["_id"] for one in catalogue.conditions(code)}:
            zh, en = f"类别{code}没有立案条件{condition}", f"type {code} has no condition {condition}"
            faults.append(Fault("detection_classes", number, "condition_id", zh, en))
    return faults


_FIRST_CLASSES = (
    ("vendor_stall", "游商摊点", "Street vendor's stall", "E0401", "E0401-1", 35),
    ("exposed_garbage", "暴露垃圾", "Exposed garbage", "E0110", "E0110-1", 35),
    ("litter", "道路不洁", "Litter", "E0112", "E0112-1", 45),
    ("waterlogging", "道路积水", "Waterlogging", "E0506", "E0506-1", 35),
    # The owner of a manhole shows on its cover only, so this is 不明井盖.
    ("damaged_manhole", "井盖破损", "Damaged manhole", "C0123", "C0123-1", 35),
    ("illegal_small_ads", "非法小广告", "Illegal small ads", "E0201", "E0201-1", 35),
    # No condition is known yet for 机动车乱停放.
    ("misparked_vehicle", "机动车乱停放", "Misparked vehicle", "E0409", None, 35),
)
_DEFAULT = [
    {
        "label": label, "name_zh": zh, "name_en": en, "type_code": code, "condition_id": condition,
        "least_confidence_percent": percent, "may": Permission.SUGGEST.value, "is_on": True,
        "least_precision_percent": 90, "least_recall_percent": 90, "least_samples": 200,
    }
    for label, zh, en, code, condition, percent in _FIRST_CLASSES
]  # fmt: skip
DETECTION_BOOK: Rulebook[ClassRules] = Rulebook(
    "detection",
    (_TABLE,),
    compile=_compiled,
    default={"detection_classes": _DEFAULT},
    check_in_city=_check_in_city,
)


async def class_rules_of(city: City) -> Opened[ClassRules]:
    """Open the rules of the classes that hold now: a class that is switched off is off for the next photo."""
    return await open_rules(city, DETECTION_BOOK)
