"""A mobile number has one written form, so that nobody asks for codes under many."""

from __future__ import annotations

import pytest

from city_core.kit.problems import CityProblem
from city_core.people.phones import checked_phone


@pytest.mark.parametrize("written", ["13800138000", "+86 138 0013 8000", " 138-0013-8000", "+8613800138000"])
def test_usual_ways_to_write_a_number_are_one(written: str) -> None:
    assert checked_phone(written) == "13800138000"


@pytest.mark.parametrize(
    "written",
    ["138００138000", "138001380٠٠", "1380013800", "12800138000", "138001380000", "+1 3800138000", ""],
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(CityProblem, match="PHONE_INVALID"):
        checked_phone(written)
