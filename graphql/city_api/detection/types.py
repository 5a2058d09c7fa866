"""Advice of detection as phones and seats see it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import strawberry

from city_api.cases import readers
from city_api.catalogue.types import CaseType
from city_api.enums import AdviceOutcome, DetectionPermission, HeldBack
from city_api.rows import computed, stored


@strawberry.enum(description="How far the advice about a photo has come.")
class PhotoAdviceState(StrEnum):
    WAITING = "WAITING"
    READY = "READY"
    REFUSED = "REFUSED"
    GIVEN_UP = "GIVEN_UP"


@strawberry.enum(description="Whether detection still sees the problem after handling.")
class AfterVerdict(StrEnum):
    GONE = "GONE"
    STILL_THERE = "STILL_THERE"
    CANNOT_TELL = "CANNOT_TELL"


@strawberry.type(description="One find in a photo, named; the box in parts of the picture, 0 to 1.")
class PhotoFind:
    label: str = stored("label")
    name_zh: str = stored("name_zh")
    name_en: str = stored("name_en")
    confidence: float = stored("confidence")
    x: float = stored("x")
    y: float = stored("y")
    width: float = stored("width")
    height: float = stored("height")


@strawberry.type(description="Type and condition that a photo proposes, to fill in a report's form.")
class PhotoProposal:
    label: str = stored("label")
    confidence: float = stored("confidence")
    type_code: str = stored("type_code")
    type: CaseType | None = computed(readers.proposed_type)
    condition_id: str | None = stored("condition_id")


@strawberry.type(description="What a model saw in a photo of one's own 拍照识别; advice, never a verdict.")
class PhotoAdvice:
    media_id: strawberry.ID = stored("media_id")
    state: PhotoAdviceState = stored("state")
    refusal: str | None = stored("refusal", "The problem code that the photo was refused with.")
    model_version: str | None = stored("model_version")
    finds: list[PhotoFind] = stored("boxes")
    proposal: PhotoProposal | None = stored("proposal")


@strawberry.type(description="Whether detection still sees the problem after handling 整改比对.")
class AfterAdvice:
    label: str = stored("label")
    verdict: AfterVerdict = stored("verdict")
    confidence: float | None = stored("confidence", "Nothing where it cannot tell.")
    model_version: str = stored("model_version")
    outcome: AdviceOutcome = stored("outcome", "What the check made of it.")
    decided_by: strawberry.ID | None = stored("decided_by")


def _rule(name: str) -> Any:
    return computed(lambda row, _: getattr(row["rule"], name))


def _measured(name: str, description: str | None = None) -> Any:
    return computed(lambda row, _: getattr(row["measured"], name, None), description=description)


@strawberry.type(description="What a class that detection can name stands for, and what it may do now.")
class DetectionClass:
    label: str = _rule("label")
    name_zh: str = _rule("name_zh")
    name_en: str = _rule("name_en")
    type_code: str = _rule("type_code")
    condition_id: str | None = _rule("condition_id")
    least_confidence: float = _rule("least_confidence")
    is_on: bool = _rule("is_on")
    may: DetectionPermission = computed(
        lambda row, _: row["rule"].may, description="What its rule lets it do at most."
    )
    may_now: DetectionPermission | None = computed(
        lambda row, _: row["allowed"].may, description="What it may do now; nothing where it is off."
    )
    held_back: HeldBack | None = computed(
        lambda row, _: row["allowed"].held, description="Why it may not do more."
    )
    least_precision: float = _rule("least_precision")
    least_recall: float = _rule("least_recall")
    least_samples: int = _rule("least_samples")
    model_version: str | None = stored("model_version", "The model that looks at photos now.")
    precision: float | None = _measured("precision", "As that model was measured.")
    recall: float | None = _measured("recall")
    samples: int | None = _measured("samples")
    measured_on: str | None = _measured("on", "REAL or RENDERED photos; only REAL ones count.")
