"""Makes report photos on demand: a street with one given problem, and the same street put right."""

from __future__ import annotations

import io

from PIL import Image

from city_workers.detection.labels import LABELS
from city_workers.detection.scenes.compose import render_scene
from city_workers.detection.scenes.model import Scene, SceneBox

PHOTO_SIZE = (1280, 960)
LEAST_AREA = 0.03
MARGIN = 0.01
ATTEMPTS = 60
SEEDS_APART = 1_000


def render_report_photo(
    label: str, seed: int, *, size: tuple[int, int] = PHOTO_SIZE, with_problem: bool = True, quality: int = 80
) -> bytes:
    """Take the photo that a citizen would send of this problem, or of the same spot once it is solved."""
    if label not in LABELS:
        raise ValueError(f"no such street problem: {label!r}; known are {', '.join(LABELS)}")
    scene = render_scene(telling_seed(label, seed), subject=label, with_problem=with_problem, size=size)
    return to_jpeg(scene.image, quality)


def telling_seed(label: str, seed: int) -> int:
    """The first of this seed's own range of scenes in which the problem can well be seen."""
    first = seed * SEEDS_APART
    for candidate in range(first, first + ATTEMPTS):
        if _tells(render_scene(candidate, subject=label, size=(320, 240)), label):
            return candidate
    raise LookupError(f"seed {seed} leads to no scene that shows {label} well")


def _tells(scene: Scene, label: str) -> bool:
    shown = [box for box in scene.boxes if box.label == label]
    if not shown or len(shown) < len(scene.boxes):
        return False
    largest = max(shown, key=lambda box: box.width * box.height)
    return LEAST_AREA <= largest.width * largest.height <= 0.6 and _lies_inside(largest)


def _lies_inside(box: SceneBox) -> bool:
    """Whether the camera has the whole problem in view."""
    across = box.x > MARGIN and box.x + box.width < 1 - MARGIN
    return across and box.y > MARGIN and box.y + box.height < 1 - MARGIN


def to_jpeg(image: Image.Image, quality: int, exif: Image.Exif | None = None) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True, **({"exif": exif} if exif else {}))
    return buffer.getvalue()
