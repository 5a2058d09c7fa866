"""How dense frames are kept and what is the same event, by kind of source; data the city can change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from city_core.eye.model import SourceKind
from city_core.kit.rulebook.cells import choice, whole
from city_core.kit.rulebook.store import Rulebook
from city_core.kit.rulebook.tables import Content, Fault, Table

_TABLE = Table(
    "eye_rules",
    (
        choice("kind", tuple(SourceKind)),
        whole("seconds_between_frames", least=1, most=3_600),
        whole("metres_between_frames", least=0, most=1_000, blank=0),
        whole("same_event_minutes", least=1, most=7 * 24 * 60),
        whole("same_event_m", least=1, most=500, blank=30),
        whole("least_overlap_percent", least=1, most=100, blank=30),
        whole("least_sightings", least=1, most=100, blank=1),
        whole("decide_within_hours", least=1, most=30 * 24, blank=72),
    ),
    key=("kind",),
)


@dataclass(frozen=True)
class EyeRule:
    """The rule of one kind of source.

    A fixed camera (`metres_between_frames` 0) keeps one frame in so many seconds, one that moves one frame a
    spot of so many metres in that time. A box that overlaps by this part of both (IoU), or a find of a moving
    source within so many metres, is the same event as long as no more than so many minutes lie between.
    """

    kind: str
    seconds_between_frames: int
    metres_between_frames: int
    same_event_minutes: int
    same_event_m: int
    least_overlap_percent: int
    least_sightings: int
    decide_within_hours: int

    @property
    def is_moving(self) -> bool:
        return self.metres_between_frames > 0

    @property
    def same_event_within(self) -> timedelta:
        return timedelta(minutes=self.same_event_minutes)


EyeRules = Mapping[str, EyeRule]


def _compiled(content: Content) -> EyeRules:
    return {row["kind"]: EyeRule(**row) for row in content["eye_rules"]}


def _check(content: Content) -> list[Fault]:
    known = {row["kind"] for row in content["eye_rules"]}
    return [
        Fault("eye_rules", None, "kind", f"缺少{kind}的一行", f"the row for {kind} is missing")
        for kind in SourceKind
        if kind not in known
    ]


def _row(kind: SourceKind, *values: int) -> dict[str, object]:
    return dict(zip((column.name for column in _TABLE.columns), (kind.value, *values), strict=True))


# No published values were at hand: these are ours, and the keeper of the rules may change them.
_DEFAULT = [
    _row(SourceKind.VIDEO_PLATFORM, 2, 0, 30, 30, 30, 2, 72),
    _row(SourceKind.DRONE, 60, 10, 120, 30, 30, 1, 72),
    _row(SourceKind.PATROL_CAR, 30, 10, 120, 30, 30, 1, 72),
]
EYE_RULES: Rulebook[EyeRules] = Rulebook(
    "eye", (_TABLE,), compile=_compiled, default={"eye_rules": _DEFAULT}, check=_check
)
