"""How alike two photos look: a difference hash 感知哈希 of 64 bits that resizing hardly changes."""

from __future__ import annotations

from PIL import Image

BITS = 64


def look_hash(picture: Image.Image) -> str:
    """Write down the looks of a photo as 16 hex digits: where it gets brighter from left to right."""
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX, reducing_gap=2.0).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (grey[row * 9 + column] < grey[row * 9 + column + 1])
    return f"{bits:016x}"


def look_distance(one: str, other: str) -> int:
    """Count the bits in which two photos look different, 0 to 64."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def says_something(look: str) -> bool:
    """Tell whether a photo has looks at all: an even wall or a black picture resembles any other."""
    return 4 <= int(look, 16).bit_count() <= BITS - 4
