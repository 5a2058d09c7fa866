"""What a person's decision says about what a model saw in a photo: a labelled example, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Box = Mapping[str, Any]


class Verdict(StrEnum):
    """What a person made of a model's finds in a photo."""

    ACCEPTED = "ACCEPTED"  # it shows what the model said
    CORRECTED = "CORRECTED"  # it shows something else
    REJECTED = "REJECTED"  # it shows nothing that the city acts on


@dataclass(frozen=True)
class Lesson:
    """What one photo teaches: the verdict, what it shows, and those of the model's boxes that are right."""

    verdict: Verdict
    labels: tuple[str, ...]
    boxes: tuple[Box, ...]


def lesson_of(boxes: Sequence[Box], decided: Collection[str]) -> Lesson | None:
    """Derive what a photo teaches from the labels that stand for the type a person decided on.

    The model's boxes of such a label are right; its others are dropped, as nobody judged them. A photo on
    which the model saw nothing of that type is corrected: it shows the type, nobody knows where. Nothing is
    learnt where the model was silent and no label stands for the type.
    """
    right = tuple(box for box in boxes if box["label"] in decided)
    if right:
        return Lesson(Verdict.ACCEPTED, tuple(sorted({box["label"] for box in right})), right)
    if not boxes and not decided:
        return None
    return Lesson(Verdict.CORRECTED, tuple(sorted(decided)), ())


def lesson_of_rejection() -> Lesson:
    """Derive what a photo teaches whose report a person turned down: there is nothing in it to act on."""
    return Lesson(Verdict.REJECTED, (), ())
