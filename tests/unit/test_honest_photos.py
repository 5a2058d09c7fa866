"""What phones and scanners write, however odd, comes out as a picture of the right size and colour."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from PIL import Image, ImageCms

from city_core.media.darkroom.develop import develop
from tests.hostile_photos import in_a_segment, photo

FILM = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + b"\0\0\0\x08mdat" + bytes(range(256)) * 400
XMP = b"http://ns.adobe.com/xap/1.0/\0<?xpacket begin=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"


def encoded(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def motion_photo() -> bytes:
    return in_a_segment(photo("JPEG"), 0xE1, XMP + b"<rdf:RDF GCamera:MotionPhoto='1'/></x:xmpmeta>") + FILM


def samsung_photo() -> bytes:
    trailer = b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data" + FILM
    return photo("JPEG") + trailer + b"SEFH" + struct.pack("<III", 106, 1, 12) + b"\x18\0\0\0SEFT"


def moving(kind: str) -> bytes:
    pictures = [Image.new("RGB", (320, 240), colour) for colour in ("black", "red")]
    return encoded(pictures[0], kind, save_all=True, append_images=pictures[1:])


@pytest.mark.parametrize(
    "data",
    [
        motion_photo(),
        samsung_photo(),
        photo("JPEG") + bytes(4_096),
        photo("JPEG") + photo("JPEG", (160, 120)),
        photo("MPO"),
        in_a_segment(photo("JPEG"), 0xE2, b"MPF\0" + bytes(60)),
        encoded(Image.new("RGB", (320, 240)), "JPEG", progressive=True, comment=b"Made by <me> & co."),
        moving("PNG"),
        moving("WEBP"),
        photo("HEIF") + b"\0\0\0\x10free" + bytes(8),
    ],
    ids=["motion photo", "Samsung", "padded", "two pictures", "MPO", "damaged MPO", "progressive", "APNG",
         "animated WebP", "padded HEIC"],
)  # fmt: skip
def test_photos_of_phones_come_in(data: bytes) -> None:
    copies = develop(data)
    assert (copies.width_px, copies.height_px) == (320, 240)


@pytest.mark.parametrize(
    ("picture", "kind", "colour"),
    [
        (Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "JPEG", (255, 0, 0)),
        (Image.new("L", (40, 30), 200), "JPEG", (200, 200, 200)),
        (Image.new("I;16", (40, 30), 200 * 256), "PNG", (200, 200, 200)),
        (Image.new("1", (40, 30), 1), "PNG", (255, 255, 255)),
        (Image.new("RGB", (40, 30), "blue").convert("P"), "PNG", (0, 0, 255)),
        (Image.new("RGBA", (40, 30), (0, 0, 0, 0)), "PNG", (255, 255, 255)),
        (Image.new("RGBA", (40, 30), (255, 0, 0, 0)), "WEBP", (255, 255, 255)),
        (Image.new("LA", (40, 30), (0, 0)), "PNG", (255, 255, 255)),
    ],
    ids=lambda value: value.mode if isinstance(value, Image.Image) else None,
)
def test_colours_of_every_kind_come_out(
    picture: Image.Image, kind: str, colour: tuple[int, int, int]
) -> None:
    shown = Image.open(io.BytesIO(develop(encoded(picture, kind)).large))
    found = shown.getpixel((20, 15))
    assert isinstance(found, tuple)
    assert shown.mode == "RGB" and all(abs(is_ - was) <= 6 for is_, was in zip(found, colour, strict=True))


def test_wide_colours_are_shown_as_the_camera_meant_them_and_the_profile_is_gone() -> None:
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (own, linear, b"\0" * 500):
        copies = develop(encoded(Image.new("RGB", (64, 48), (200, 100, 50)), "JPEG", icc_profile=profile))
        found = Image.open(io.BytesIO(copies.large)).getpixel((20, 15))
        assert isinstance(found, tuple)
        assert all(abs(is_ - was) <= 4 for is_, was in zip(found, (200, 100, 50), strict=True))
        assert b"ICC_PROFILE" not in copies.large


def test_a_rotated_heic_is_turned_once() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGB", (64, 48), "red")
    picture.info["exif"] = exif.tobytes()  # from here its encoder writes a turn, as phones do, and keeps it
    copies = develop(encoded(picture, "HEIF"))
    assert (copies.width_px, copies.height_px) == (48, 64)
    assert Image.open(io.BytesIO(copies.large)).size == (48, 64)


def test_a_large_picture_keeps_all_of_its_edges() -> None:
    picture = Image.new("RGB", (6_001, 4_003), "white")
    picture.paste("red", (5_500, 3_500, 6_001, 4_003))
    copies = develop(encoded(picture, "PNG", compress_level=1))
    large = Image.open(io.BytesIO(copies.large))
    assert large.size == (2_048, 1_366)
    corner, middle = large.getpixel((2_040, 1_360)), large.getpixel((1_000, 700))
    assert isinstance(corner, tuple) and isinstance(middle, tuple)
    assert corner[0] > 240 and corner[1] < 20 and min(middle) > 240
