"""Cursors are opaque, come back whole, and bad ones are refused."""

from __future__ import annotations

import pytest

from city_core.kit.pages import checked_size, cursor_of, keys_of
from city_core.kit.problems import CityProblem


def test_there_and_back() -> None:
    assert keys_of(cursor_of(None, "abc"), 2) == [None, "abc"]


@pytest.mark.parametrize("bad", ["", "???", "bm9wZQ", cursor_of("one"), cursor_of("a", {"$gt": ""}), "é"])
def test_bad_cursors_are_refused(bad: str) -> None:
    with pytest.raises(CityProblem) as refused:
        keys_of(bad, 2)
    assert (refused.value.code, refused.value.field) == ("PAGE_INVALID", "after")


@pytest.mark.parametrize("size", [0, -1, 101])
def test_sizes_outside_are_refused(size: int) -> None:
    with pytest.raises(CityProblem):
        checked_size(size)
