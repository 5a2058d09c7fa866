"""How photos that look nearly the same are found among millions: keys that such photos share.

The 64 bits are cut into five bands. Looks that differ in at most three bits are equal in at least two of the
bands, so each pair of bands is a key, ten for each photo: two photos within three bits share one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from city_core.kit.mongo import Row
from city_core.media.looks import BITS, says_something
from city_core.media.model import PhotoOrigin

MOST_BITS_APART = 3
_WIDTHS = (13, 13, 13, 13, 12)
_BITS_OF_PAIR = 26


def look_bands(look: str | None) -> list[int] | None:
    """Give the ten keys of a photo's looks; nothing for a photo that resembles any other."""
    if look is None or not says_something(look):
        return None
    bands = _bands(int(look, 16))
    pairs = enumerate(combinations(range(len(_WIDTHS)), 2))
    return [
        number << _BITS_OF_PAIR | bands[one] << _WIDTHS[other] | bands[other]
        for number, (one, other) in pairs
    ]


def look_keys(photo: Row, look: str | None) -> Row:
    """Give the fields that a photo of a phone is found by; a camera that stands still would flood them."""
    bands = look_bands(look) if photo.get("origin", PhotoOrigin.PHONE) == PhotoOrigin.PHONE else None
    return {} if bands is None else {"look_bands": bands}


def _bands(bits: int) -> Sequence[int]:
    found, rest = [], BITS
    for width in _WIDTHS:
        rest -= width
        found.append(bits >> rest & (1 << width) - 1)
    return found
