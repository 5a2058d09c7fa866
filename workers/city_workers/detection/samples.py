"""Photos on which models are measured, with what is really in them: rendered, litter, the city's own."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import yaml  # type: ignore[import-untyped]

from city_workers.detection import dataset, scenes
from city_workers.detection.labels import LABELS
from city_workers.detection.scenes import SceneBox


@dataclass(frozen=True)
class Sample:
    """One photo, the problems in it, and the labels of which that is known; None: of all."""

    photo: bytes
    truth: tuple[SceneBox, ...]
    judged: frozenset[str] | None = None

    def says_about(self, label: str) -> bool:
        return self.judged is None or label in self.judged


@cache
def scenes_mark() -> str:
    """Name the renderer that draws the scenes: figures on rendered streets hold for one and the same only."""
    drawing = [file.read_text() for file in sorted(Path(scenes.__file__).parent.glob("*.py"))]
    return sha256("".join([*drawing, inspect.getsource(dataset.as_jpeg)]).encode()).hexdigest()[:8]


def rendered_samples(folder: Path, seeds: Iterable[int]) -> Iterator[Sample]:
    """Scenes that no training has seen, squeezed as the training pictures are.

    They are kept under the renderer's mark, so that no scene of an older renderer is taken for one of today.
    """
    place = folder / f"measured-{scenes_mark()}"
    for photo in dataset.render_into(place, "proof", seeds):
        yield Sample(photo.read_bytes(), truths(place / "labels" / "proof" / f"{photo.stem}.txt", LABELS))


def litter_samples(folder: Path) -> Iterator[Sample]:
    """The held-out real litter photos."""
    return _labelled(folder, ("litter",))


def example_samples(folder: Path) -> Iterator[Sample]:
    """The held-out examples that people's decisions made (`make labels`).

    What is right in them is known of the labels that a person decided on, and of all where there was nothing.
    """
    for sample in _labelled(folder, LABELS):
        judged = frozenset(box.label for box in sample.truth) or None
        yield Sample(sample.photo, sample.truth, judged)


def names_of(folder: Path) -> tuple[str, ...]:
    """Read the labels of a data set in the order of its classes."""
    names = yaml.safe_load((folder / "data.yaml").read_text())["names"]
    return tuple(names[number] for number in sorted(names)) if isinstance(names, dict) else tuple(names)


def _labelled(folder: Path, otherwise: tuple[str, ...]) -> Iterator[Sample]:
    names = names_of(folder) if (folder / "data.yaml").is_file() else otherwise
    for photo in sorted((folder / "images" / "val").glob("*.jpg")):
        label_file = folder / "labels" / "val" / f"{photo.stem}.txt"
        yield Sample(photo.read_bytes(), truths(label_file, names))


def truths(path: Path, labels: tuple[str, ...]) -> tuple[SceneBox, ...]:
    """What a label file says is on its picture."""
    rows = [line.split() for line in path.read_text().splitlines() if line.strip()]
    return tuple(_truth(labels[int(number)], *map(float, rest)) for number, *rest in rows)


def _truth(label: str, across: float, down: float, width: float, height: float) -> SceneBox:
    return SceneBox(label, across - width / 2, down - height / 2, width, height)
