"""Gathers the pictures that the model learns from: rendered streets, real litter photos, collages of both."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from PIL import Image

from city_workers.detection.collage import compose_collage, cut_out, read_photos
from city_workers.detection.labels import LABELS
from city_workers.detection.scenes import Scene, SceneBox, render_scene
from city_workers.detection.scenes.hardships import make_hard

TRAIN_SEEDS = range(10_000, 10_000 + 100_000)
VALIDATION_SEEDS = range(900_000, 900_000 + 10_000)
HOLD_OUT = 8  # every so-manieth real photo is kept from a training, to choose and to place thresholds by
LITTER_CLASS = LABELS.index("litter")


@dataclass(frozen=True)
class TrainingSet:
    """Where a gathered set lies and how many pictures of each origin it holds."""

    description: Path
    rendered: int
    collages: int
    litter: int
    litter_repeats: int
    held_out: tuple[Path, ...] = ()
    hard_every: int = 0


def gather(
    folder: Path,
    litter: Path | None,
    *,
    rendered: int,
    validation: int,
    litter_repeats: int,
    collages: int,
    hold_out: int = 0,
    hard_every: int = 0,
) -> TrainingSet:
    """Fill `folder` with pictures and label files and describe them in a data file for the trainer.

    With `hold_out`, every so-manieth photo is kept from the training, to choose between its results by;
    with `hard_every`, every so-manieth picture is shown by night, in fog, through a dirty lens and the like.
    """
    folder.mkdir(parents=True, exist_ok=True)
    streets = render_into(folder, "streets", TRAIN_SEEDS[:rendered])
    proof = render_into(folder, "proof", VALIDATION_SEEDS[:validation])
    known = photos_of(litter) if litter else []
    kept = tuple(known[::hold_out]) if hold_out else ()
    taught = [photo for photo in known if photo not in kept]
    photos = copy_litter(folder, taught)
    mixed = collages_into(folder, taught, collages) if taught else []
    listing = [*streets, *mixed, *photos * litter_repeats]
    if hard_every:
        listing[::hard_every] = harden_into(folder, listing[::hard_every])
    (folder / "train.txt").write_text("\n".join(str(path.resolve()) for path in listing) + "\n")
    (folder / "val.txt").write_text("\n".join(str(path.resolve()) for path in proof or streets[:1]) + "\n")
    names = {number: label for number, label in enumerate(LABELS)}
    description = folder / "data.yaml"
    body = {"path": str(folder.resolve()), "train": "train.txt", "val": "val.txt", "names": names}
    description.write_text(json.dumps(body, indent=1))
    return TrainingSet(description, len(streets), len(mixed), len(photos), litter_repeats, kept, hard_every)


def render_into(folder: Path, part: str, seeds: Iterable[int]) -> list[Path]:
    """Render the scenes that are not there yet; the same seed is never rendered twice."""
    images, labels = folder / "images" / part, folder / "labels" / part
    images.mkdir(parents=True, exist_ok=True)
    labels.mkdir(parents=True, exist_ok=True)
    paths = {seed: images / f"{seed}.jpg" for seed in seeds}
    missing = [seed for seed, path in paths.items() if not path.exists()]
    with ProcessPoolExecutor(max_workers=2) as pool:
        for done, _ in enumerate(
            pool.map(_render_one, missing, [images] * len(missing), [labels] * len(missing), chunksize=8)
        ):
            if done % 100 == 99:
                print(f"rendered {done + 1} of {len(missing)} {part}", flush=True)
    return list(paths.values())


def _render_one(seed: int, images: Path, labels: Path) -> None:
    scene = render_scene(seed)
    (labels / f"{seed}.txt").write_text(label_lines(scene.boxes))
    (images / f"{seed}.jpg").write_bytes(as_jpeg(scene, seed))


def photos_of(litter: Path) -> list[Path]:
    """The real litter photos to learn from, by name; those of `val` are not among them."""
    return sorted((litter / "images" / "train").glob("*.jpg"))


def labels_of(photo: Path) -> Path:
    return photo.parents[2] / "labels" / photo.parent.name / f"{photo.stem}.txt"


def collages_into(folder: Path, taught: list[Path], count: int) -> list[Path]:
    """Lay the litter of the real training photos on ever new ground, so that few photos teach more."""
    images, labels = folder / "images" / "collages", folder / "labels" / "collages"
    images.mkdir(parents=True, exist_ok=True)
    labels.mkdir(parents=True, exist_ok=True)
    paths = [images / f"{seed}.jpg" for seed in range(count)]
    if all(path.exists() for path in paths):
        return paths
    photos = read_photos(taught, labels_of(taught[0]).parent)
    pieces = cut_out(photos)
    print(f"cut {len(pieces)} pieces of litter out of {len(photos)} photos", flush=True)
    for seed, path in enumerate(paths):
        scene = compose_collage(seed, photos, pieces)
        (labels / f"{seed}.txt").write_text(label_lines(scene.boxes))
        path.write_bytes(as_jpeg(scene, seed))
    return paths


def harden_into(folder: Path, pictures: list[Path]) -> list[Path]:
    """Copies of pictures, boxes included, that are harder to read; a repeated one is hard in another way."""
    images, labels = folder / "images" / "hard", folder / "labels" / "hard"
    images.mkdir(parents=True, exist_ok=True)
    labels.mkdir(parents=True, exist_ok=True)
    hardened: list[Path] = []
    for seed, picture in enumerate(pictures):
        name = f"{picture.parent.name}-{picture.stem}-{seed}"
        target = images / f"{name}.jpg"
        with Image.open(picture) as opened:
            hard = make_hard(opened, np.random.default_rng([seed, crc32(picture.stem.encode())]))
        target.write_bytes(as_jpeg(Scene(hard, ()), seed))
        shutil.copyfile(
            folder / "labels" / picture.parent.name / f"{picture.stem}.txt", labels / f"{name}.txt"
        )
        hardened.append(target)
    return hardened


def as_jpeg(scene: Scene, seed: int) -> bytes:
    """Squeeze a scene as phones and chat apps do, with a quality drawn from its seed."""
    buffer = io.BytesIO()
    quality = int(np.random.default_rng([seed, 3]).integers(50, 93))
    scene.image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def label_lines(boxes: Iterable[SceneBox]) -> str:
    """Boxes in the trainer's own notation: class, centre, size."""
    lines = (
        f"{LABELS.index(b.label)} {b.x + b.width / 2:.6f} {b.y + b.height / 2:.6f}"
        f" {b.width:.6f} {b.height:.6f}"
        for b in boxes
    )
    return "\n".join(lines) + "\n"


def copy_litter(folder: Path, taught: list[Path]) -> list[Path]:
    """Bring the real litter photos into the (never committed) training folder, as this model's class."""
    images, labels = folder / "images" / "litter", folder / "labels" / "litter"
    images.mkdir(parents=True, exist_ok=True)
    labels.mkdir(parents=True, exist_ok=True)
    copied: list[Path] = []
    for photo in taught:
        target = images / photo.name
        shutil.copyfile(photo, target)
        lines = labels_of(photo).read_text().splitlines()
        renumbered = [" ".join([str(LITTER_CLASS), *line.split()[1:]]) for line in lines if line.strip()]
        (labels / f"{photo.stem}.txt").write_text("\n".join(renumbered) + "\n")
        copied.append(target)
    return copied
