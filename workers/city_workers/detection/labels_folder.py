"""A folder with a YOLO data set, written one example at a time and brought up to date by a later run."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from city_core.kit.mongo import Row
from city_workers.detection.dataset import label_lines
from city_workers.detection.labels import LABELS
from city_workers.detection.scenes import SceneBox

SIDES = ("train", "val")
ONE_IN = 8  # is kept to measure on


class LeftOut(StrEnum):
    """Why an example is not in the set."""

    NO_BOX = "what it shows is known, not where"
    NO_LABEL = "what it shows has no class of its own"
    REJECTED = "shows nothing, and such were not asked for"
    PHOTO_GONE = "the photo is gone"
    PHOTO_REFUSED = "the photo was refused"
    NOT_VEILED = "faces and plates are not blurred yet"


@dataclass
class Summary:
    """How many examples were written, and how many were left out for which reason."""

    written: Counter[str] = field(default_factory=Counter)
    left_out: Counter[LeftOut] = field(default_factory=Counter)

    def in_words(self) -> str:
        lines = [f"{self.written.total()} examples written, {self.left_out.total()} left out."]
        lines += [f"  {count} {verdict.lower()}" for verdict, count in sorted(self.written.items())]
        lines += [f"  {count} left out: {reason.value}" for reason, count in sorted(self.left_out.items())]
        return "\n".join(lines)


class LabelsFolder:
    """Pictures, label files, `data.yaml` and a manifest that names no person."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fresh_manifest = folder / ".manifest.csv"
        self.summary = Summary()

    def __enter__(self) -> Self:
        for side in SIDES:
            (self._folder / "images" / side).mkdir(parents=True, exist_ok=True)
            (self._folder / "labels" / side).mkdir(parents=True, exist_ok=True)
        # As a list: a number as a key would be text in JSON, and the trainer wants numbers.
        body = {"train": "images/train", "val": "images/val", "names": list(LABELS)}
        (self._folder / "data.yaml").write_text(json.dumps(body, indent=1) + "\n")
        self._began = self._now_on_disk()
        self._file = self._fresh_manifest.open("w", newline="")
        self._manifest = csv.writer(self._file)
        self._manifest.writerow(
            ["picture", "side", "example", "verdict", "labels", "model", "day", "left_out"]
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if error is None:
            self._fresh_manifest.replace(self._folder / "manifest.csv")

    def note(self, example: Row, left_out: LeftOut | None) -> None:
        """Put one example on the manifest; its id is hashed, as a case's id leads to people."""
        name, side = _name_of(example), _side_of(example)
        if left_out is None:
            self.summary.written[example["verdict"]] += 1
        else:
            self.summary.left_out[left_out] += 1
        self._manifest.writerow([
            "" if left_out else name, side, _digest(example["_id"]), example["verdict"],
            " ".join(example["labels"]), example["model_version"], example["decided_at"].date().isoformat(),
            left_out.name if left_out else "",
        ])  # fmt: skip

    def has_picture(self, example: Row, made_at: datetime) -> bool:
        """Tell whether the picture is there, as it was blurred last."""
        picture = self._picture(example)
        return picture.exists() and picture.stat().st_mtime >= int(made_at.timestamp())

    def put_picture(self, example: Row, data: bytes, made_at: datetime) -> None:
        """Write a picture as a whole or not at all."""
        picture = self._picture(example)
        part = picture.with_suffix(".part")
        part.write_bytes(data)
        os.utime(part, (made_at.timestamp(), made_at.timestamp()))
        part.replace(picture)

    def put_labels(self, example: Row) -> None:
        """Write what a picture shows; a picture that shows nothing gets an empty file."""
        boxes = [SceneBox(b["label"], *_inside(b)) for b in example["boxes"] if b["label"] in LABELS]
        self._labels(example).write_text(label_lines(boxes) if boxes else "")

    def forget(self, example: Row) -> None:
        """Take a picture out that an earlier example of the same photo brought in."""
        self._picture(example).unlink(missing_ok=True)
        self._labels(example).unlink(missing_ok=True)

    def take_away_the_rest(self) -> None:
        """Take out whatever this run did not write: its examples were withdrawn since."""
        for labels in self._folder.glob("labels/*/*.txt"):
            if labels.stat().st_mtime < self._began:
                (self._folder / "images" / labels.parent.name / f"{labels.stem}.jpg").unlink(missing_ok=True)
                labels.unlink()

    def _picture(self, example: Row) -> Path:
        return self._folder / "images" / _side_of(example) / f"{_name_of(example)}.jpg"

    def _labels(self, example: Row) -> Path:
        return self._folder / "labels" / _side_of(example) / f"{_name_of(example)}.txt"

    def _now_on_disk(self) -> float:
        """Read the time off the disk itself, whose clock may be another machine's."""
        probe = self._folder / ".began"
        probe.touch()
        return probe.stat().st_mtime


class Bar:
    """Shows on a terminal how far it is; says nothing where nobody looks."""

    def __init__(self, total: int, out: TextIO) -> None:
        self._total, self._out, self._done = total, out, 0

    def step(self) -> None:
        self._done += 1
        every = max(1, self._total // 50)
        if self._out.isatty() and (self._done % every == 0 or self._done == self._total):
            filled = 40 * self._done // max(1, self._total)
            self._out.write(f"\r[{'#' * filled}{'.' * (40 - filled)}] {self._done} of {self._total}")
            self._out.flush()

    def end(self) -> None:
        if self._out.isatty():
            self._out.write("\n")


def _name_of(example: Row) -> str:
    return _digest(example["sha256"])


def _side_of(example: Row) -> str:
    return "val" if int(_name_of(example)[:8], 16) % ONE_IN == 0 else "train"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:20]


def _inside(box: Row) -> tuple[float, Any, Any, Any]:
    """Cut a box off at the picture's edge, where a model's may reach a hair beyond it."""
    left, top = max(0.0, box["x"]), max(0.0, box["y"])
    right, bottom = min(1.0, box["x"] + box["width"]), min(1.0, box["y"] + box["height"])
    return left, top, right - left, bottom - top
