"""What is taken of a parcel: its child may be in an attacker's hands, and may put anything into it."""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime
from typing import Any

import pytest

from city_core.media.capture import Capture, believable
from city_core.media.darkroom.develop import develop
from city_core.media.darkroom.parcel import SpoiltParcel, pack_copies, unpack
from tests.hostile_photos import photo

COPIES = develop(photo())
HUGE = 10**4_000


def parcel_with(**changed: Any) -> bytes:
    """Pack honest copies, with other things on the label."""
    packed = pack_copies(COPIES)
    length = struct.unpack_from(">I", packed)[0]
    label = {**json.loads(packed[4 : 4 + length]), **changed}
    written = json.dumps(label).encode()
    return struct.pack(">I", len(written)) + written + packed[4 + length :]


def test_an_honest_parcel_is_taken_as_it_is() -> None:
    assert unpack(parcel_with()) == COPIES


@pytest.mark.parametrize(
    "changed",
    [
        {"look_hash": 7},
        {"look_hash": None},
        {"look_hash": ["0" * 16]},
        {"look_hash": "0" * 15 + "\n"},
        {"said": []},
        {"width_px": True},
        {"width_px": 1e3},
        {"height_px": HUGE},
        {"large_bytes": -1},
        {"large_bytes": "1"},
        {"small_bytes": HUGE},
        {"refusal": ["PHOTO_TOO_LARGE"]},
        {"refusal": {}},
    ],
    ids=str,
)
def test_a_label_of_other_things_is_a_spoilt_parcel(changed: dict[str, Any]) -> None:
    with pytest.raises(SpoiltParcel):
        unpack(parcel_with(**changed))


def test_a_copy_with_more_than_ours_have_is_a_spoilt_parcel() -> None:
    packed = pack_copies(COPIES)
    extra = b"\xff\xe1\x00\x08Exif\0\0"
    at = packed.index(COPIES.large) + 2
    spoilt = packed[:at] + extra + packed[at:]
    length = struct.unpack_from(">I", spoilt)[0]
    label = json.loads(spoilt[4 : 4 + length]) | {"large_bytes": len(COPIES.large) + len(extra)}
    written = json.dumps(label).encode()
    with pytest.raises(SpoiltParcel):
        unpack(struct.pack(">I", len(written)) + written + spoilt[4 + length :])


@pytest.mark.parametrize("number", [HUGE, -HUGE, float("inf"), float("nan"), True, "1", None, []], ids=str)
def test_places_that_cannot_be_are_no_places(number: Any) -> None:
    said = {"lng": number, "lat": 36.8, "has_metadata": 1}
    assert believable(said, datetime(2026, 11, 20, tzinfo=UTC)) == Capture()
    assert believable(said | {"lng": 118.0, "lat": number}, datetime(2026, 11, 20, tzinfo=UTC)) == Capture()
