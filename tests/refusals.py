"""Asking for what the city refuses."""

from __future__ import annotations

from collections.abc import Awaitable

import pytest

from city_core.kit.problems import CityProblem


async def refused(code: str, doing: Awaitable[object]) -> CityProblem:
    """Do something that has to be refused with this code and hand over the refusal."""
    with pytest.raises(CityProblem) as found:
        await doing
    assert found.value.code == code
    return found.value
