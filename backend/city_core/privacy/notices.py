"""The privacy notice 隐私政策 in its versions: what people are told, and from when it holds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from city_core.kit.problems import CityProblem
from city_core.privacy.register import PURPOSES
from city_core.settings import Settings, WrongSetting

_FILE = Path(__file__).with_name("notices.toml")


@dataclass(frozen=True)
class PrivacyNotice:
    """One version of the notice: its texts, the purposes that data serve, and from when it holds."""

    version: int
    valid_from: datetime
    purposes: tuple[str, ...]
    text_zh: str
    text_en: str


@lru_cache(maxsize=8)
def notices(file: Path | None = None) -> tuple[PrivacyNotice, ...]:
    """Read all versions, the first one first: of the city's own file, or of the one that comes along.

    Raises ValueError where a version is left out, is not in both languages, or holds before the one before.
    """
    rows = tomllib.loads((file or _FILE).read_text(encoding="utf-8")).get("notice", [])
    try:
        found = tuple(_read(row) for row in sorted(rows, key=lambda row: int(row["version"])))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("each notice has version, from, purposes, zh and en") from error
    if not found or [notice.version for notice in found] != list(range(1, len(found) + 1)):
        raise ValueError("versions are 1, 2, 3 and so on, none left out")
    if any(later.valid_from <= earlier.valid_from for earlier, later in pairwise(found)):
        raise ValueError("each version holds from a later instant on than the one before")
    return found


def _read(row: Mapping[str, Any]) -> PrivacyNotice:
    notice = PrivacyNotice(
        row["version"], row["from"], tuple(row["purposes"]), row["zh"].strip(), row["en"].strip()
    )
    if not isinstance(notice.valid_from, datetime) or notice.valid_from.tzinfo is None:
        raise ValueError("`from` is an instant with its offset from UTC, as 2026-01-01T00:00:00Z")
    if not notice.text_zh or not notice.text_en:
        raise ValueError("a notice is in Chinese and in English")
    if unknown := sorted(set(notice.purposes) - PURPOSES.keys()):
        raise ValueError(f"unknown purposes: {', '.join(unknown)}")
    return notice


def check_notices(settings: Settings) -> None:
    """Refuse a file of notices that is not right, before anybody is told anything by it."""
    try:
        notices(settings.privacy_notices)
    except (ValueError, OSError) as error:
        raise WrongSetting(f"The file of the setting PRIVACY_NOTICES is not right: {error}.") from None


def notice_in_force(now: datetime, file: Path | None = None) -> PrivacyNotice:
    """Give the version that holds now: the latest that has begun, before all of them the first."""
    begun = [notice for notice in notices(file) if notice.valid_from <= now]
    return begun[-1] if begun else notices(file)[0]


def notice_of(version: int | None, now: datetime, file: Path | None = None) -> PrivacyNotice:
    """Give one version, also one that is still to come, or the one in force.

    Refused: PRIVACY_NOTICE_UNKNOWN where there is none of that number.
    """
    if version is None:
        return notice_in_force(now, file)
    found = next((notice for notice in notices(file) if notice.version == version), None)
    if found is None:
        raise CityProblem("PRIVACY_NOTICE_UNKNOWN", field="version", allowed="a version of privacyNotice")
    return found
