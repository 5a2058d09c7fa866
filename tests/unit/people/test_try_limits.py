"""Addresses as limits see them."""

from __future__ import annotations

import pytest

from city_core.people.try_limits import MOST_AN_HOUR, Tried, network_of


@pytest.mark.parametrize(
    ("address", "seen_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_an_address_counts_as_what_one_household_has(address: str, seen_as: str) -> None:
    assert network_of(address) == seen_as


def test_everything_that_is_tried_has_limits_by_address_and_device() -> None:
    assert set(MOST_AN_HOUR) == set(Tried)
    assert all({"address", "device"} <= set(limits) for limits in MOST_AN_HOUR.values())
