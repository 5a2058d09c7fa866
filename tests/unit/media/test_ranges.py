"""Conditions and ranges, as RFC 9110 has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_api.media.ranges import NoSuchRange, is_known, range_in

_ETAG = '"abc"'


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (None, None),
        ("bytes=0-0", range(1)),
        ("bytes=0-99", range(100)),
        ("bytes=90-", range(90, 100)),
        ("bytes=-10", range(90, 100)),
        ("bytes=-1000", range(100)),
        ("bytes=95-1000", range(95, 100)),
        (" bytes=1-2 ", range(1, 3)),
        ("bytes=0-1,5-6", None),
        ("bytes=5-1", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes=x-1", None),
        ("bytes=1-99999999999999999999", None),
        ("bytes=٣-", None),
        ("lines=0-1", None),
    ],
)
def test_one_range_is_read_and_all_else_means_the_whole(asked: str | None, expected: range | None) -> None:
    assert range_in(asked, None, _ETAG, 100) == expected


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_of_the_file_is_none(asked: str) -> None:
    with pytest.raises(NoSuchRange):
        range_in(asked, None, _ETAG, 100)


def test_bytes_that_changed_since_are_given_whole() -> None:
    assert range_in("bytes=1-2", _ETAG, _ETAG, 100) == range(1, 3)
    for other in ('"abd"', f"W/{_ETAG}", "Sun, 01 Mar 2026 00:00:00 GMT"):
        assert range_in("bytes=1-2", other, _ETAG, 100) is None


@given(st.text(max_size=40), st.integers(0, 2_000))
def test_whatever_is_asked_for_lies_within_the_file(asked: str, length: int) -> None:
    for header in (asked, f"bytes={asked}"):
        try:
            found = range_in(header, None, _ETAG, length)
        except NoSuchRange:
            continue
        assert found is None or 0 <= found.start < found.stop <= length


@pytest.mark.parametrize(
    ("header", "expected"),
    [(None, False), ("*", True), (_ETAG, True), (f'"x", W/{_ETAG}', True), ('"x"', False), ("", False)],
)
def test_known_bytes_are_recognised(header: str | None, expected: bool) -> None:
    assert is_known(header, _ETAG) is expected
