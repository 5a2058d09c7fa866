"""Mobile phone numbers of the mainland, in one written form."""

from __future__ import annotations

import re

from city_core.kit.problems import CityProblem

_MOBILE = re.compile(r"1[3-9][0-9]{9}")  # not \d: in other digits a number would be counted anew


def checked_phone(value: str) -> str:
    """Accept a mainland mobile number, with or without +86, spaces or dashes; answers its 11 digits."""
    digits = re.sub(r"[\s-]", "", value or "").removeprefix("+86")
    if not _MOBILE.fullmatch(digits):
        raise CityProblem("PHONE_INVALID", field="phone", allowed="11 digits, such as 13800000000")
    return digits
