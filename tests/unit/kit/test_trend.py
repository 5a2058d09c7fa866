"""The arithmetic of the soak: slopes with their errors, and the end against the beginning."""

from __future__ import annotations

import random

import pytest

from tests.soak.trend import p99_ratio, slope


def test_a_line_is_found_exactly_and_noise_shows_as_error() -> None:
    exact = slope([(float(second), 100 + second * 2 / 3_600) for second in range(0, 600, 10)])
    assert exact.an_hour == pytest.approx(2.0) and exact.error == pytest.approx(0.0, abs=1e-6)
    assert not exact.is_flat
    dice = random.Random(7)
    flat = slope([(float(second), 100 + dice.gauss(0, 0.1)) for second in range(3_600)])
    assert flat.is_flat and 0 < flat.error < 0.1 and abs(flat.an_hour) < 4 * flat.error
    with pytest.raises(ValueError, match="three samples"):
        slope([(0.0, 1.0), (1.0, 1.0)])


def test_the_last_tenth_is_set_against_the_first() -> None:
    answers = [(float(at), 0.1 if at < 90 else 0.3) for at in range(100)]
    assert p99_ratio(answers, 0, 100) == pytest.approx(3.0)
    with pytest.raises(ValueError, match="nothing was answered"):
        p99_ratio(answers, 0, 2_000)
