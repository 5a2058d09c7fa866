"""The privacy notice 隐私政策 in its versions: what people are told, and from when it holds."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from city_core.kit.problems import CityProblem

_FILE = Path(__file__).with_name("notices.toml")


@dataclass(frozen=True)
class PrivacyNotice:
    """One version of the notice: its texts, the purposes that data serve, and from when it holds."""

    version: int
    valid_from: datetime
    purposes: tuple[str, ...]
    text_zh: str
    text_en: str


@lru_cache(maxsize=1)
def notices() -> tuple[PrivacyNotice, ...]:
    """Read all versions, the first one first."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["notice"]
    return tuple(
        PrivacyNotice(
            row["version"], row["from"], tuple(row["purposes"]), row["zh"].strip(), row["en"].strip()
        )
        for row in sorted(rows, key=lambda row: int(row["version"]))
    )


def notice_in_force(now: datetime) -> PrivacyNotice:
    """Give the version that holds now: the latest that has begun, before all of them the first."""
    begun = [notice for notice in notices() if notice.valid_from <= now]
    return begun[-1] if begun else notices()[0]


def notice_of(version: int | None, now: datetime) -> PrivacyNotice:
    """Give one version, or the one in force; PRIVACY_NOTICE_UNKNOWN where there is none of that number."""
    if version is None:
        return notice_in_force(now)
    found = next((notice for notice in notices() if notice.version == version), None)
    if found is None:
        raise CityProblem("PRIVACY_NOTICE_UNKNOWN", field="version", allowed="a version of privacyNotice")
    return found
