"""What a photo's metadata says of how it was taken: read from every kind, believed only where it can be."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from city_core.media.capture import Capture, believable
from city_core.media.darkroom.develop import develop

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
MARK = "0123456789abcdef0123456789abcdef"


def photo_that_says(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0131] = "HUAWEI", "Mate 70", "Camera 1.0\n"
    taken = exif.get_ifd(0x8769)
    taken[0x9003], taken[0x9011] = "2026:11:19 10:00:00", "+09:00"
    taken[0x9286] = b"ASCII\0\0\0" + f"yiwang-camera/1 {MARK}".encode()
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (36.0, 48.0, 36.0), "E", (118.0, 3.0, 0.0)
    out = io.BytesIO()
    Image.effect_noise((64, 48), 50).convert("RGB").save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_it_is_read_from_every_kind_of_photo(kind: str) -> None:
    assert believable(develop(photo_that_says(kind)).said, NOW) == Capture(
        taken_at=datetime(2026, 11, 19, 1, tzinfo=UTC), lng=118.05, lat=36.81, maker="HUAWEI",
        camera="Mate 70", software="Camera 1.0", app_mark=MARK, has_metadata=True,
    )  # fmt: skip


def test_a_photo_without_metadata_says_nothing() -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG")
    assert believable(develop(out.getvalue()).said, NOW) == Capture()


@pytest.mark.parametrize(
    ("said", "taken_at"),
    [
        ({"taken_at": "2026:11:20 10:00:00"}, NOW - timedelta(hours=6)),  # Beijing time
        ({"taken_at": "2026:11:20 10:00:00", "offset": "nonsense"}, NOW - timedelta(hours=6)),
        ({"taken_at": "2026:11:20 10:00:00", "offset": "-00:30"}, NOW + timedelta(hours=2.5)),
        ({"satellites_at": "2026:11:20 07:00:00"}, NOW - timedelta(hours=1)),
        (
            {"taken_at": "0000:00:00 00:00:00", "satellites_at": "2026:11:20 07:00:00"},
            NOW - timedelta(hours=1),
        ),
        ({"taken_at": "1970:01:01 00:00:00"}, None),
        ({"taken_at": "2026:11:22 00:00:00"}, None),
        ({"taken_at": "2026:02:30 00:00:00"}, None),
        ({"taken_at": "0001:01:01 00:00:00", "offset": "+14:00"}, None),
        ({"taken_at": 7}, None),
    ],
)  # fmt: skip
def test_times_are_believed_between_the_first_phones_and_tomorrow(
    said: dict[str, Any], taken_at: datetime | None
) -> None:
    assert believable(said, NOW).taken_at == taken_at


@pytest.mark.parametrize(
    ("lng", "lat"),
    [
        (0.0, 0.0),
        (float("nan"), 36.0),
        (118.0, float("inf")),
        (181.0, 36.0),
        (118.0, -91),
        ("118", 36),
        (118.0, None),
    ],
)
def test_places_that_cannot_be_are_no_places(lng: Any, lat: Any) -> None:
    found = believable({"lng": lng, "lat": lat}, NOW)
    assert (found.lng, found.lat) == (None, None)


def test_names_are_short_and_printable() -> None:
    found = believable(
        {"maker": "华为\u202e\0\x1b[31m " + "x" * 500, "camera": "\n\t ", "software": b"x"}, NOW
    )
    assert found.maker is not None and len(found.maker) <= 60 and found.maker.isprintable()
    assert found.maker.startswith("华为 ") and (found.camera, found.software) == (None, None)


@pytest.mark.parametrize(
    ("comment", "app_mark"),
    [
        (f"yiwang-camera/1 {MARK}", MARK),
        ("yiwang-camera/1 01234567-89AB-cdef-0123-456789abcdef\0", MARK),
        (f"yiwang-camera/2 {MARK}", None),
        (f"x yiwang-camera/1 {MARK}", None),
        ("yiwang-camera/1 " + "-" * 32, None),
    ],
)
def test_the_mark_of_the_app_is_the_id_of_the_photo(comment: str, app_mark: str | None) -> None:
    assert believable({"comment": comment}, NOW).app_mark == app_mark
