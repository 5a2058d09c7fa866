"""Which flags a photo raises: one small rule each, over what is known of the photo and of its case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from city_core.cases.evidence.given import PhotoRole, TakenWith
from city_core.cases.evidence.rules import FlagKind, FlagRules
from city_core.kit.geo import LngLat, distance_m
from city_core.kit.mongo import Row

# How programs that change pictures name themselves in `Software`; cameras name their own version there.
EDITORS = (
    "photoshop", "lightroom", "snapseed", "picsart", "meitu", "美图", "醒图", "xingtu", "gimp", "canva",
    "vsco", "pixelmator", "affinity", "facetune", "faceapp", "photodirector", "polarr", "paint.net",
    "photoscape",
)  # fmt: skip
_MOST_ACCURACY_M = 500  # a phone that knows its place no better than this says nothing with it
_FRESH_USES = frozenset({"REPORT", "VERIFY", "CHECK"})
_BEFORE_USES = frozenset({"REPORT", "VERIFY"})
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Twin:
    """The same picture, or nearly so: in a case that had it first, or as a before-photo of this one."""

    bits: int
    case_id: str | None = None
    same_sender: bool = False
    media_id: str | None = None

    def row(self) -> Row:
        elsewhere = {"case_id": self.case_id, "same_sender": self.same_sender}
        return {"bits": self.bits, **(elsewhere if self.case_id is not None else {"media_id": self.media_id})}


@dataclass(frozen=True)
class Known:
    """What is known of one photo: its part in the case, what its metadata says, and what was found out.

    `sent_at` is when the step that brought it was taken, `began_at` when what it shows could begin at the
    earliest; instants are UTC. The place is WGS-84, degrees; `similarity` is 0 to 1.
    """

    media_id: str
    use: str
    role: PhotoRole | None
    sent_at: datetime
    received_at: datetime
    place: LngLat
    accuracy_m: float | None = None
    taken_with: TakenWith | None = None
    taken_at: datetime | None = None
    taken_place: LngLat | None = None
    software: str | None = None
    app_mark: str | None = None
    began_at: datetime | None = None
    twin: Twin | None = None
    similarity: float | None = None

    @property
    def distance_m(self) -> int | None:
        """Measure from where it was taken to the place of the case, metres."""
        return None if self.taken_place is None else round(distance_m(self.taken_place, self.place))


def is_after(photo: Mapping[str, Any]) -> bool:
    """Tell whether a photo of a case shows it as handled."""
    role = photo.get("role")
    return bool(role == PhotoRole.AFTER or (role is None and photo["use"] == "HANDLE"))


def is_before(photo: Mapping[str, Any]) -> bool:
    """Tell whether a photo of a case shows the problem."""
    role = photo.get("role")
    reported = photo["use"] in _BEFORE_USES and role in (None, PhotoRole.NEAR, PhotoRole.FAR)
    return bool(role == PhotoRole.BEFORE or reported)


def raised(photo: Known, rules: FlagRules) -> list[Row]:
    """List the flags that a photo raises, each with its figures, in the order of the table below."""
    found = []
    for kind, judge in _JUDGES.items():
        rule = rules[kind]
        figures = judge(photo, rule.limit) if rule.enabled else None
        if figures is not None:
            found.append({"kind": kind.value, **figures})
    return found


def with_likeness(row: Row, likeness: Mapping[str, float | None], rules: FlagRules) -> Row:
    """Add to what is known of an after-photo how alike it is to some before-photos of its case."""
    measured = [row["similarity"], *likeness.values()]
    similarity = max((value for value in measured if value is not None), default=None)
    rule = rules[FlagKind.ANOTHER_SCENE]
    figures = _less_alike(similarity, rule.limit) if rule.enabled else None
    flags = [flag for flag in row["flags"] if flag["kind"] != FlagKind.ANOTHER_SCENE]
    if figures is not None:
        flags.append({"kind": FlagKind.ANOTHER_SCENE.value, **figures})
    order = list(_JUDGES)
    return {
        **row,
        "similarity": similarity,
        "compared_with": [*row["compared_with"], *likeness],
        "flags": sorted(flags, key=lambda flag: order.index(flag["kind"])),
    }


def _place_differs(photo: Known, limit: int) -> Row | None:
    """What the phone said of its own accuracy is granted, up to a point."""
    metres = photo.distance_m
    if metres is None or photo.role is PhotoRole.REFERENCE:
        return None
    granted = min(max(photo.accuracy_m or 0.0, 0.0), _MOST_ACCURACY_M)
    return {"distance_m": metres} if metres - granted > limit else None


def _taken_before_dispatch(photo: Known, limit: int) -> Row | None:
    if photo.taken_at is None or photo.began_at is None or not is_after(_as_row(photo)):
        return None
    early = photo.began_at - photo.taken_at
    return {"minutes": early // _MINUTE} if early > limit * _MINUTE else None


def _taken_long_ago(photo: Known, limit: int) -> Row | None:
    if photo.taken_at is None or photo.use not in _FRESH_USES or photo.role is PhotoRole.REFERENCE:
        return None
    age = photo.sent_at - photo.taken_at
    return {"hours": age // _HOUR} if age > limit * _HOUR else None


def _edited(photo: Known, limit: int) -> Row | None:
    software = (photo.software or "").casefold()
    editor = next((name for name in EDITORS if name in software), None)
    if editor is not None:
        return {"editor": editor}
    if photo.taken_at is None:
        return None
    ahead = photo.taken_at - photo.received_at
    return {"minutes_ahead": ahead // _MINUTE} if ahead > limit * _MINUTE else None


def _same_picture(photo: Known, limit: int) -> Row | None:
    return photo.twin.row() if photo.twin is not None and photo.twin.bits <= limit else None


def _another_scene(photo: Known, limit: int) -> Row | None:
    return _less_alike(photo.similarity, limit) if is_after(_as_row(photo)) else None


def _less_alike(similarity: float | None, limit: int) -> Row | None:
    percent = None if similarity is None else round(similarity * 100)
    return None if percent is None or percent >= limit else {"percent": percent}


def _not_from_app_camera(photo: Known, _: int) -> Row | None:
    """The app's camera writes the id of the photo into it; apps that cannot yet only say where it is from."""
    if photo.app_mark == photo.media_id:
        return None
    if photo.taken_with is TakenWith.GALLERY:
        return {"said": "GALLERY"}
    if photo.app_mark is not None:
        return {"said": "OTHER_MARK"}
    return None if photo.taken_with is TakenWith.APP_CAMERA else {"said": "NOTHING"}


def _as_row(photo: Known) -> Row:
    return {"use": photo.use, "role": photo.role}


_JUDGES: Mapping[FlagKind, Callable[[Known, int], Row | None]] = {
    FlagKind.SAME_PICTURE: _same_picture,
    FlagKind.ANOTHER_SCENE: _another_scene,
    FlagKind.TAKEN_BEFORE_DISPATCH: _taken_before_dispatch,
    FlagKind.PLACE_DIFFERS: _place_differs,
    FlagKind.TAKEN_LONG_AGO: _taken_long_ago,
    FlagKind.EDITED: _edited,
    FlagKind.NOT_FROM_APP_CAMERA: _not_from_app_camera,
}
