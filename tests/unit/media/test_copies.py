"""Which post sees which copy, whatever size it asks for."""

from __future__ import annotations

import pytest

from city_core.kit.problems import CityProblem
from city_core.media.copies import SIZES, copy_for
from city_core.people.roles import Role


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("role", Role)
def test_who_works_on_no_case_sees_the_veiled_copy_only_and_others_the_clear_ones(
    role: Role, size: str
) -> None:
    without_cases = (Role.CITIZEN, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)
    expected = "public_file" if role in without_cases else f"{size}_file"
    assert copy_for(role, size) == expected


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("size", ["original", "public", "", "large_file", "LARGE"])
def test_no_size_leads_to_anything_else(role: Role, size: str) -> None:
    with pytest.raises(CityProblem, match="REQUEST_INVALID"):
        copy_for(role, size)
