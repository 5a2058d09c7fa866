"""Brings the examples that people's decisions made into a training folder, as pictures to learn from."""

from __future__ import annotations

import shutil
from pathlib import Path

from city_workers.detection.labels import LABELS
from city_workers.detection.samples import names_of


def add_examples(folder: Path, source: Path) -> int:
    """Add the training part of what `make labels` wrote; a label that this model lacks is left out."""
    names = names_of(source)
    images, labels = folder / "images" / "examples", folder / "labels" / "examples"
    for place in (images, labels):
        shutil.rmtree(place, ignore_errors=True)  # what was withdrawn since is not learnt again
        place.mkdir(parents=True)
    count = 0
    with (folder / "train.txt").open("a") as listing:
        for photo in sorted((source / "images" / "train").glob("*.jpg")):
            rows = (source / "labels" / "train" / f"{photo.stem}.txt").read_text().splitlines()
            (labels / f"{photo.stem}.txt").write_text("".join(_renumbered(row, names) for row in rows))
            shutil.copyfile(photo, images / photo.name)
            listing.write(f"{(images / photo.name).resolve()}\n")
            count += 1
    print(f"{count} examples of the city's own to learn from", flush=True)
    return count


def _renumbered(row: str, names: tuple[str, ...]) -> str:
    number, *box = row.split() or [""]
    if not box or names[int(number)] not in LABELS:
        return ""
    return " ".join([str(LABELS.index(names[int(number)])), *box]) + "\n"
