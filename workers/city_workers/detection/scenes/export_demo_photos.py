"""Writes the demo's report photos.

Run as `python -m city_workers.detection.scenes.export_demo_photos seed/demo/photos`.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

from city_workers.detection.scenes.report_photo import render_report_photo, to_jpeg

SERIES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("vendor_stall", (27, 22)),
    ("exposed_garbage", (33, 35)),
    ("waterlogging", (41, 38)),
    ("damaged_manhole", (46, 47)),
    ("illegal_small_ads", (56, 55)),
    ("misparked_vehicle", (62, 63)),
)
CAMERA_VIEW, CAMERA_SCENE = "street_camera_view.jpg", ("vendor_stall", 12)
LARGEST_BYTES = 200_000
SIDEWAYS = ("exposed_garbage", 1)
ZHANGDIAN_WGS84 = (118.055, 36.813)
ORIENTATION, GPS_BLOCK, TAKEN_AT, MAKER = 0x0112, 0x8825, 0x0132, 0x010F


def main(arguments: list[str] | None = None) -> int:
    """Write a before and an after photo for every scene of the series, and what a fixed camera sees."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(given[0])
    folder.mkdir(parents=True, exist_ok=True)
    for label, seeds in SERIES:
        for number, seed in enumerate(seeds, start=1):
            for moment, with_problem in (("before", True), ("after", False)):
                photo = _small_enough(label, seed, with_problem)
                if (label, number) == SIDEWAYS and with_problem:
                    photo = _held_sideways(photo)
                (folder / f"{label}_{number}_{moment}.jpg").write_bytes(photo)
    (folder / CAMERA_VIEW).write_bytes(_small_enough(*CAMERA_SCENE, with_problem=True))
    return 0


def _small_enough(label: str, seed: int, with_problem: bool) -> bytes:
    for quality in range(80, 20, -6):
        photo = render_report_photo(label, seed, with_problem=with_problem, quality=quality)
        if len(photo) <= LARGEST_BYTES - 2_000:
            return photo
    raise ValueError(f"{label} {seed} does not fit into {LARGEST_BYTES} bytes")


def _held_sideways(photo: bytes) -> bytes:
    """Store the photo as phones do: turned, with a note how to turn it back, and with its place."""
    with Image.open(io.BytesIO(photo)) as image:
        turned = image.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[MAKER] = "Yiwang demo phone"
    exif[TAKEN_AT] = "2026:11:20 09:12:44"
    longitude, latitude = ZHANGDIAN_WGS84
    exif.get_ifd(GPS_BLOCK).update(
        {1: "N", 2: _degrees(latitude), 3: "E", 4: _degrees(longitude), 18: "WGS-84"}
    )
    for quality in range(78, 20, -6):
        stored = to_jpeg(turned, quality, exif)
        if len(stored) <= LARGEST_BYTES:
            return stored
    raise ValueError("the sideways photo does not fit")


def _degrees(value: float) -> tuple[float, float, float]:
    whole, minutes = int(value), (value % 1) * 60
    return float(whole), float(int(minutes)), round((minutes % 1) * 60, 2)


if __name__ == "__main__":
    raise SystemExit(main())
