"""Photos of real phones come out upright and without metadata; what is no photo is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from city_core.kit.problems import CityProblem
from city_core.media.darkroom.develop import develop
from city_core.media.kinds import read_header


def jpeg(size: tuple[int, int] = (400, 300), *, orientation: int = 1, mark: str = "") -> bytes:
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 2, size[1] // 2))  # red: the corner that is upper left as stored
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=mark.encode())
    return out.getvalue()


@pytest.mark.parametrize(
    ("orientation", "red_corner"), [(1, (5, 5)), (3, (395, 295)), (6, (295, 5)), (8, (5, 395))]
)
def test_rotated_photos_come_out_upright(orientation: int, red_corner: tuple[int, int]) -> None:
    copies = develop(jpeg(orientation=orientation))
    upright = Image.open(io.BytesIO(copies.large))
    assert upright.size == (copies.width_px, copies.height_px)
    assert upright.size == ((300, 400) if orientation in (6, 8) else (400, 300))
    red, green, _ = upright.getpixel(red_corner)  # type: ignore[misc]
    assert red > 200 and green < 60


def test_several_pictures_in_one_jpeg_are_the_first_of_them() -> None:
    first, second = Image.new("RGB", (400, 300), "red"), Image.new("RGB", (400, 300), "blue")
    out = io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second])
    header = read_header(out.getvalue())
    assert (header.content_type, header.width_px, header.height_px) == ("image/jpeg", 400, 300)
    red, _, blue = Image.open(io.BytesIO(develop(out.getvalue()).small)).getpixel((5, 5))  # type: ignore[misc]
    assert red > 200 and blue < 60


def test_a_good_photo_with_odd_metadata_is_a_good_photo() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x0100] = 400
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(out, "JPEG", exif=exif)
    as_a_number, as_a_text = b"\x01\x00\x00\x04", b"\x01\x00\x00\x02"  # the width, tag 0x0100
    data = out.getvalue()
    assert data.count(as_a_number) == 1
    copies = develop(data.replace(as_a_number, as_a_text))
    assert (copies.width_px, copies.height_px) == (300, 400)


def test_copies_are_bounded_and_bare() -> None:
    copies = develop(jpeg((4000, 3000), mark="SECRET COMMENT"))
    for data, longest in ((copies.large, 2048), (copies.small, 640)):
        copy = Image.open(io.BytesIO(data))
        assert max(copy.size) == longest
        assert not copy.getexif() and "comment" not in copy.info
        assert b"PhoneMaker" not in data and b"SECRET" not in data


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_of_photos(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 40), (0, 0, 255, 128)).save(out, kind)
    copies = develop(out.getvalue())
    assert (copies.width_px, copies.height_px) == (50, 40)


@pytest.mark.parametrize(
    "data", [b"not a photo", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 40]
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(CityProblem) as refused:
        read_header(data)
    assert refused.value.code == "PHOTO_NOT_AN_IMAGE"


def test_a_broken_off_photo_is_refused() -> None:
    whole = jpeg((800, 600))
    with pytest.raises(CityProblem) as refused:
        develop(whole[: len(whole) // 3])
    assert refused.value.code == "PHOTO_NOT_AN_IMAGE"


def test_too_many_pixels_are_refused_before_decoding() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 5_000)).save(out, "PNG")
    with pytest.raises(CityProblem) as refused:
        develop(out.getvalue())
    assert refused.value.code == "PHOTO_TOO_LARGE"
