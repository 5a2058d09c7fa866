"""A city that files a report with photos at once: no detection process runs beside these tests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from city_core.kit.city import City


@pytest.fixture
def city(city: City) -> City:
    """The empty city, without patience for detection."""
    return replace(city, settings=city.settings.model_copy(update={"detection_patience_seconds": 0}))
