"""Texts that people write: trimmed, without control characters, of a bounded length."""

from __future__ import annotations

import re

from city_core.kit.problems import CityProblem

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def checked_text(value: str | None, *, field: str, most: int, least: int = 0) -> str:
    """Accept a text of `least` to `most` characters; a text that has to be there may not be blank."""
    text = (value or "").strip()
    if _CONTROL.search(text) or not least <= len(text) <= most:
        raise CityProblem("TEXT_INVALID", field=field, allowed=f"{least} to {most} characters")
    return text


def checked_opinion(value: str | None) -> str:
    """Accept the opinion that a step of the loop must carry."""
    text = checked_text(value, field="opinion", most=500)
    if not text:
        raise CityProblem("OPINION_REQUIRED", field="opinion", allowed="1 to 500 characters")
    return text
