"""The veiler that ships: faces, and number plates that a second look may confirm by reading them."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from city_core.media.veiling import Region, RegionKind
from city_workers.veil.boxes import Floats
from city_workers.veil.faces import FaceFinder
from city_workers.veil.model_files import fingerprint
from city_workers.veil.plate_text import reads_like_plate
from city_workers.veil.plates import LEAST_CONFIDENCE, PlateFinder
from city_workers.veil.reading import TextReader

RULES = "yiwang-veil-1"
_MOST_READ = 12  # doubtful places in one photo, best first: a wall of signs costs no more than that
_MORE = 0.08  # of a plate's size, read along on every side


def current_version() -> str:
    """Name the version that veils now, without opening the models."""
    return fingerprint(RULES)


class BuiltInVeiler:
    """Works offline on one core; the models are opened once."""

    def __init__(self) -> None:
        self.version = current_version()
        self._faces, self._plates, self._reader = FaceFinder(), PlateFinder(), TextReader()

    def find(self, picture: bytes) -> list[Region]:
        """Name the faces and number plates in a JPEG; raises ValueError for what is no picture."""
        try:
            with Image.open(io.BytesIO(picture), formats=["JPEG"]) as opened:
                pixels = opened.convert("RGB")
        except (OSError, SyntaxError) as error:
            raise ValueError("The picture cannot be decoded.") from error
        return self.find_in(pixels)

    def find_in(self, pixels: Image.Image) -> list[Region]:
        """Name the faces and number plates in a decoded picture."""
        faces = [_region(RegionKind.FACE, row, pixels.size) for row in self._faces.find(pixels)]
        plates = [_region(RegionKind.PLATE, row, pixels.size) for row in self._sure_plates(pixels)]
        return faces + plates

    def _sure_plates(self, pixels: Image.Image) -> list[Floats]:
        rows = list(self._plates.find(pixels))
        sure = [row for row in rows if row[4] >= LEAST_CONFIDENCE]
        doubtful = [row for row in rows if row[4] < LEAST_CONFIDENCE][:_MOST_READ]
        return sure + [row for row in doubtful if self._reads(pixels, row)]

    def _reads(self, pixels: Image.Image, row: Floats) -> bool:
        wide, high = float(row[2] - row[0]), float(row[3] - row[1])
        box = (row[0] - _MORE * wide, row[1] - _MORE * high, row[2] + _MORE * wide, row[3] + _MORE * high)
        piece = pixels.crop(tuple(int(side) for side in box))  # type: ignore[arg-type]
        lines = [piece]
        if wide < 2.6 * high:  # room for two lines, each read by itself as well
            middle = piece.height // 2
            lines += [piece.crop((0, top, piece.width, top + middle)) for top in (0, middle)]
        return any(
            reads_like_plate(self._reader.read(line), line.width / max(1, line.height)) for line in lines
        )


def _region(kind: RegionKind, row: Floats, size: tuple[int, int]) -> Region:
    left, top, right, bottom = np.clip(row[:4] / np.array([*size, *size]), 0.0, 1.0).tolist()
    return Region(kind, float(row[4]), left, top, right - left, bottom - top)
