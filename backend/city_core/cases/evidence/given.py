"""The photos that a step brings, with what its sender says of each: the role, and what it was taken with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem

PhotoRow = Mapping[str, Any]  # as a phone gives it: media_id, role, taken_with
MOST_SAID = 20  # more than a step may bring: too many photos are refused as such


class PhotoRole(StrEnum):
    """What a photo shows of its case."""

    NEAR = "NEAR"  # 近景
    FAR = "FAR"  # 远景
    BEFORE = "BEFORE"  # 处置前
    AFTER = "AFTER"  # 处置后
    REFERENCE = "REFERENCE"  # 参照


class TakenWith(StrEnum):
    """Where a phone took a photo from."""

    APP_CAMERA = "APP_CAMERA"  # 应用内拍摄
    GALLERY = "GALLERY"  # 相册


# What a photo shows where its sender does not say: by the step that brought it.
ROLE_OF_USE: Mapping[str, str] = {"HANDLE": PhotoRole.AFTER.value}


@dataclass(frozen=True)
class GivenPhotos:
    """The photos of a step by their ids, each once, and what was said of some of them."""

    ids: Sequence[str] = ()
    said: Mapping[str, Row] = field(default_factory=dict)

    def in_mark(self, given: Mapping[str, Any]) -> Row:
        """Add the photos to what a command's mark is made from; what was not said is left out of it."""
        said = {"said": dict(self.said)} if self.said else {}
        return {**given, "photos": list(self.ids), **said}


def read_given(media_ids: Sequence[str], photos: Sequence[PhotoRow] | None) -> GivenPhotos:
    """Put the two ways of naming photos together: plain ids first, then those of which something is said."""
    rows = list(photos or ())
    if len(rows) > MOST_SAID:
        raise CityProblem("PHOTO_TOO_MANY", field="photos", allowed=f"at most {MOST_SAID}")
    said = {checked_client_id(row["media_id"], "photos"): _said(row) for row in rows}
    ids = [checked_client_id(media_id, "mediaIds") for media_id in media_ids]
    telling = {media_id: row for media_id, row in said.items() if any(row.values())}
    return GivenPhotos(list(dict.fromkeys([*ids, *said])), telling)


def _said(row: Mapping[str, Any]) -> Row:
    return {
        "role": _one_of(PhotoRole, row.get("role"), "role"),
        "taken_with": _one_of(TakenWith, row.get("taken_with"), "takenWith"),
    }


def _one_of(words: type[StrEnum], word: Any, name: str) -> str | None:
    if word is None:
        return None
    if word not in list(words):
        raise CityProblem("REQUEST_INVALID", field=name, allowed=", ".join(words))
    return words(word).value
