"""Measures the veiler on real photos: `python -m city_workers.veil.evaluate --photos FOLDER`.

The photos are others' and stay where they are: `labelled_photos.json` knows them by their SHA-256 and tells
where faces and plates are. A labelled one is covered when the veil hides at least 70 % of its box.
`--rendered` measures on painted plates as well, of which there are as many as wanted.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import resource
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from city_core.media.darkroom.develop import LARGE_PX
from city_core.media.veiling import Region, RegionKind, veiled_box
from city_core.settings import WrongSetting
from city_workers.veil.rendered_plates import render_plates
from city_workers.veil.veiler import BuiltInVeiler

LABELS = Path(__file__).parent / "labelled_photos.json"
BANDS: dict[RegionKind, tuple[int, ...]] = {
    RegionKind.FACE: (0, 24, 48, 96),
    RegionKind.PLATE: (0, 32, 64, 128),
}
_COVERED = 0.7
Box = Sequence[float]  # left, top, width, height in shares of the picture


@dataclass
class Labelled:
    """One picture with what is to be veiled in it; what is under `unsure` counts neither way."""

    picture: Image.Image
    boxes: dict[RegionKind, list[Box]]
    unsure: list[Box] = field(default_factory=list)


@dataclass
class Tally:
    """What was covered, by the width of the labelled box; and what was veiled for nothing."""

    present: dict[tuple[RegionKind, int], int] = field(default_factory=dict)
    covered: dict[tuple[RegionKind, int], int] = field(default_factory=dict)
    veiled: dict[RegionKind, int] = field(default_factory=dict)
    needless: dict[RegionKind, int] = field(default_factory=dict)
    photos: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, labelled: Labelled, regions: Sequence[Region], seconds: float) -> None:
        """Count one picture."""
        self.photos += 1
        self.seconds.append(seconds)
        size = labelled.picture.size
        hidden = np.zeros((size[1], size[0]), bool)
        for region in regions:
            left, top, right, bottom = veiled_box(region, size)
            hidden[top:bottom, left:right] = True
        for kind, boxes in labelled.boxes.items():
            for box in boxes:
                key = (kind, _band(kind, box[2] * size[0]))
                self.present[key] = self.present.get(key, 0) + 1
                self.covered[key] = self.covered.get(key, 0) + (_share(hidden, box) >= _COVERED)
        known = [*labelled.unsure, *(box for boxes in labelled.boxes.values() for box in boxes)]
        for region in regions:
            self.veiled[region.kind] = self.veiled.get(region.kind, 0) + 1
            hits = any(_touches(region, box) for box in known)
            self.needless[region.kind] = self.needless.get(region.kind, 0) + (not hits)

    def lines(self, title: str) -> Iterator[str]:
        """Tell the figures, as rows of a table."""
        took = sorted(self.seconds)
        yield (
            f"{title}: {self.photos} pictures, CPU ms per picture p50 {took[len(took) // 2] * 1e3:.0f}, "
            f"max {took[-1] * 1e3:.0f}"
        )
        yield "| what | wide, px in the large copy | covered | of |"
        yield "|---|---|---|---|"
        for (kind, band), present in sorted(self.present.items()):
            yield f"| {kind.lower()} | {band}+ | {self.covered[kind, band]} | {present} |"
        for kind in RegionKind:
            all_of = sum(count for (of, _), count in self.present.items() if of is kind)
            hit = sum(count for (of, _), count in self.covered.items() if of is kind)
            yield f"| **{kind.lower()}** | all | {hit} | {all_of} |"
            needless, veiled = self.needless.get(kind, 0), self.veiled.get(kind, 0)
            yield f"| {kind.lower()} veiled for nothing | | {needless} | {veiled} |"


def _band(kind: RegionKind, wide_px: float) -> int:
    return max(edge for edge in BANDS[kind] if wide_px >= edge)


def _share(hidden: Any, box: Box) -> float:
    high, wide = hidden.shape
    left, top = int(box[0] * wide), int(box[1] * high)
    part = hidden[top : top + max(1, round(box[3] * high)), left : left + max(1, round(box[2] * wide))]
    return float(part.mean()) if part.size else 0.0


def _touches(region: Region, box: Box) -> bool:
    """Tell whether the middle of one lies in the other."""
    middle = (region.x + region.width / 2, region.y + region.height / 2)
    inside = box[0] <= middle[0] <= box[0] + box[2] and box[1] <= middle[1] <= box[1] + box[3]
    other = (box[0] + box[2] / 2, box[1] + box[3] / 2)
    around = (
        region.x <= other[0] <= region.x + region.width and region.y <= other[1] <= region.y + region.height
    )
    return inside or around


def real_photos(folder: Path) -> Iterator[Labelled]:
    """Find the labelled photos in a folder by their SHA-256, in the size of our large copy."""
    labels = {row["sha256"]: row for row in json.loads(LABELS.read_text())}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        row = labels.pop(hashlib.sha256(path.read_bytes()).hexdigest(), None)
        if row is None:
            continue
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
        picture.thumbnail((LARGE_PX, LARGE_PX))
        yield Labelled(
            picture, {RegionKind.FACE: row["faces"], RegionKind.PLATE: row["plates"]}, row["unsure"]
        )


def measure(veiler: BuiltInVeiler, pictures: Iterable[Labelled]) -> Tally:
    """Veil pictures and count."""
    tally = Tally()
    for labelled in pictures:
        data = io.BytesIO()
        labelled.picture.save(data, "JPEG", quality=82)
        began = time.process_time()
        regions = veiler.find(data.getvalue())
        tally.add(labelled, regions, time.process_time() - began)
    return tally


def main() -> int:
    """Do it from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, help="folder with the labelled photos")
    parser.add_argument("--rendered", type=int, default=0, help="how many pictures with painted plates")
    given = parser.parse_args()
    try:
        veiler = BuiltInVeiler()
    except WrongSetting as wrong:
        print(wrong, file=sys.stderr)
        return 2
    print(f"veiler {veiler.version}")
    if given.photos is not None:
        tally = measure(veiler, real_photos(given.photos))
        print(
            "\n".join(
                tally.lines("real photos") if tally.photos else ["none of the labelled photos is there"]
            )
        )
    if given.rendered:
        painted = (Labelled(*render_plates(seed)) for seed in range(given.rendered))
        print("\n".join(measure(veiler, painted).lines("painted plates")))
    print(f"most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
