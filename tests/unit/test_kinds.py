"""Photos are recognised by their first bytes, and sizes read from them, without any decoder."""

from __future__ import annotations

import pytest

from city_core.kit.problems import CityProblem
from city_core.media.kinds import PictureHeader, read_header
from tests.hostile_photos import of_pixels, photo, webp_of


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("JPEG", PictureHeader("image/jpeg", 320, 240)),
        ("PNG", PictureHeader("image/png", 320, 240)),
        ("WEBP", PictureHeader("image/webp", 320, 240)),
        ("HEIF", PictureHeader("image/heic")),
    ],
)
def test_each_kind_is_known_by_its_first_bytes(kind: str, header: PictureHeader) -> None:
    assert read_header(photo(kind)) == header
    assert read_header(webp_of(300, 200)) == PictureHeader("image/webp", 300, 200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_more_pixels_than_any_phone_takes_are_refused_at_once(kind: str) -> None:
    with pytest.raises(CityProblem, match="PHOTO_TOO_LARGE"):
        read_header(of_pixels(60_000, 60_000)[kind])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_header_that_breaks_off_anywhere_is_no_error_of_ours(kind: str) -> None:
    whole = photo(kind)
    for length in range(len(whole[:700])):
        try:
            assert read_header(whole[:length]).content_type
        except CityProblem as problem:
            assert problem.code == "PHOTO_NOT_AN_IMAGE" and length <= 16


@pytest.mark.parametrize(
    ("brands", "is_photo"),
    [
        (b"heic\0\0\0\0mif1heic", True),
        (b"mif1\0\0\0\0mif1heix", True),
        (b"msf1\0\0\0\0hevcmsf1", True),
        (b"avif\0\0\0\0avifmif1", False),
        (b"mif1\0\0\0\0mif1avif", False),
        (b"isom\0\0\0\0isommp42", False),
        (b"qt  \0\0\0\0qt  qt  ", False),
    ],
)
def test_of_the_many_files_of_boxes_only_heic_is_a_photo(brands: bytes, is_photo: bool) -> None:
    data = b"\0\0\0\x18ftyp" + brands + bytes(40)
    if is_photo:
        assert read_header(data).content_type == "image/heic"
    else:
        with pytest.raises(CityProblem, match="PHOTO_NOT_AN_IMAGE"):
            read_header(data)
