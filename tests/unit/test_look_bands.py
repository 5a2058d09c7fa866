"""Photos that look nearly the same share a key; even walls have none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from city_core.media.look_bands import MOST_BITS_APART, look_bands
from city_core.media.looks import BITS, look_distance, says_something

LOOKS = st.integers(0, 2**BITS - 1).map(lambda bits: f"{bits:016x}")
FLIPPED = st.sets(st.integers(0, BITS - 1), max_size=MOST_BITS_APART)


@given(LOOKS, FLIPPED)
def test_looks_within_three_bits_share_a_key(look: str, flipped: set[int]) -> None:
    bits = int(look, 16)
    for position in flipped:
        bits ^= 1 << position
    other = f"{bits:016x}"
    assert look_distance(look, other) == len(flipped)
    if says_something(look) and says_something(other):
        assert set(look_bands(look) or ()) & set(look_bands(other) or ())


@given(LOOKS)
def test_keys_are_ten_numbers_that_mongodb_keeps_whole(look: str) -> None:
    keys = look_bands(look)
    if says_something(look):
        assert keys is not None and len(keys) == len(set(keys)) == 10
        assert all(0 <= key < 2**31 for key in keys)
    else:
        assert keys is None


def test_an_even_wall_and_no_looks_have_no_key() -> None:
    assert look_bands(f"{0:016x}") is None and look_bands("f" * 16) is None and look_bands(None) is None
