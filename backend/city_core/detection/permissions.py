"""What a class may do right now: never more than its rule says, nor than its model has shown on real ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from city_core.detection.classes import ClassRule, Permission

_ORDER = (Permission.SUGGEST, Permission.FILE, Permission.CLOSE)


@dataclass(frozen=True)
class Measured:
    """How well one model finds one class: shares from 0 to 1, of so many samples, on which photos."""

    precision: float | None
    recall: float | None
    samples: int
    on: str  # REAL or RENDERED


class Held(StrEnum):
    """Why a class may do less than its rule says, or nothing by itself."""

    SWITCHED_OFF = "SWITCHED_OFF"
    ONLY_SUGGESTS = "ONLY_SUGGESTS"  # its rule says so
    NOT_MEASURED = "NOT_MEASURED"  # not on real photos
    TOO_FEW_SAMPLES = "TOO_FEW_SAMPLES"
    TOO_IMPRECISE = "TOO_IMPRECISE"


@dataclass(frozen=True)
class Allowed:
    """What a class may do now (nothing where it is switched off), and what holds it back from more."""

    may: Permission | None
    held: Held | None

    def includes(self, wanted: Permission) -> bool:
        return self.may is not None and _ORDER.index(self.may) >= _ORDER.index(wanted)


def allowed_now(rule: ClassRule, measured: Measured | None) -> Allowed:
    """Tell what finds of a class may do, seen by a model that was measured so."""
    if not rule.is_on:
        return Allowed(None, Held.SWITCHED_OFF)
    if rule.may is Permission.SUGGEST:
        return Allowed(Permission.SUGGEST, Held.ONLY_SUGGESTS)
    held = _not_good_enough(rule, measured)
    return Allowed(rule.may, None) if held is None else Allowed(Permission.SUGGEST, held)


def sees_it_reliably(rule: ClassRule, measured: Measured | None) -> bool:
    """Tell whether a problem that a model does not see is, by its measured recall, most likely not there."""
    if measured is None or measured.on != "REAL" or measured.recall is None:
        return False
    return measured.samples >= rule.least_samples and measured.recall >= rule.least_recall


def measured_from(row: Mapping[str, Any] | None) -> Measured | None:
    """Read what is kept of one class of a model."""
    return None if row is None else Measured(row["precision"], row["recall"], row["samples"], row["on"])


def _not_good_enough(rule: ClassRule, measured: Measured | None) -> Held | None:
    if measured is None or measured.on != "REAL" or measured.precision is None:
        return Held.NOT_MEASURED
    if measured.samples < rule.least_samples:
        return Held.TOO_FEW_SAMPLES
    return Held.TOO_IMPRECISE if measured.precision < rule.least_precision else None
