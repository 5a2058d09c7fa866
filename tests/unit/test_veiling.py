"""What the veil leaves of a photo: little where a region was, everything elsewhere, no metadata anywhere."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from city_core.media.veiling import PUBLIC_PX, Region, RegionKind, veil_picture, veil_whole, veiled_box

SIZE = (1600, 1200)


def striped(size: tuple[int, int] = SIZE, cell: int = 3) -> Image.Image:
    """A picture that is all detail: black and white squares of three pixels."""
    tile = Image.new("L", (2 * cell, 2 * cell), 0)
    tile.paste(255, (0, 0, cell, cell))
    tile.paste(255, (cell, cell, 2 * cell, 2 * cell))
    picture = Image.new("L", size)
    for left in range(0, size[0], tile.width):
        for top in range(0, size[1], tile.height):
            picture.paste(tile, (left, top))
    return picture.convert("RGB")


def jpeg(picture: Image.Image, **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


DETAILED = jpeg(striped())


@pytest.mark.parametrize("kind", list(RegionKind))
def test_a_veiled_region_keeps_no_detail_and_the_rest_keeps_its_own(kind: RegionKind) -> None:
    region = Region(kind, 0.9, 0.4, 0.4, 0.1, 0.08)
    public, plain = opened(veil_picture(DETAILED, [region])), opened(veil_picture(DETAILED, []))
    assert public.size == (PUBLIC_PX, 960)
    inner = tuple(int(side * 0.8) for side in (640, 480, 800, 576))
    low, high = public.crop(inner).convert("L").getextrema()
    assert high - low <= 8
    low, high = plain.crop(inner).convert("L").getextrema()
    assert high - low > 100
    elsewhere = (0, 0, 400, 300)
    assert ImageChops.difference(public.crop(elsewhere), plain.crop(elsewhere)).getbbox() is None


def test_of_a_face_no_more_is_left_than_a_few_soft_patches() -> None:
    picture = Image.effect_noise((400, 400), 120).convert("RGB")
    region = Region(RegionKind.FACE, 0.9, 0.25, 0.25, 0.5, 0.5)
    public = opened(veil_picture(jpeg(picture), [region])).convert("L")
    inside = public.crop((110, 110, 290, 290))
    steps = [
        abs(inside.getpixel((x, y)) - inside.getpixel((x + 1, y)))
        for x in range(inside.width - 1)
        for y in range(0, inside.height, 7)
    ]
    assert max(steps) <= 6  # grey levels from one pixel to the next; the noise had more than a hundred


@given(
    st.floats(-0.2, 1.1),
    st.floats(-0.2, 1.1),
    st.floats(0, 1.2),
    st.floats(0, 1.2),
    st.sampled_from(RegionKind),
)
@settings(max_examples=40, deadline=None)
def test_any_region_is_veiled_with_a_margin_and_inside_the_picture(
    x: float, y: float, width: float, height: float, kind: RegionKind
) -> None:
    region = Region(kind, 0.5, x, y, width, height)
    left, top, right, bottom = veiled_box(region, (300, 200))
    assert left >= 0 and top >= 0 and right <= 300 and bottom <= 200
    small = jpeg(Image.new("RGB", (300, 200), "white"))
    assert opened(veil_picture(small, [region])).size == (300, 200)


def test_the_public_copy_has_no_metadata_and_is_never_enlarged() -> None:
    told = Image.Exif()
    told[0x010E] = "Zhang San, 13853312345"
    data = jpeg(striped((640, 480)), exif=told, comment=b"secret")
    public = veil_picture(data, [])
    assert opened(public).size == (640, 480)
    assert not opened(public).getexif() and b"secret" not in public and b"Zhang" not in public


def test_a_photo_nobody_could_look_at_is_blurred_all_over_and_a_broken_one_grey() -> None:
    whole = opened(veil_whole(DETAILED)).convert("L")
    low, high = whole.crop((20, 20, 300, 200)).getextrema()
    assert max(whole.size) == 320 and high - low < 30
    for broken in (None, b"", b"no picture", DETAILED[:400]):
        assert opened(veil_whole(broken)).format == "JPEG"
