"""Writes MODEL_CARD.md from the recorded training and the measured figures, and from nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CARD = Path(__file__).parent / "MODEL_CARD.md"

INTRODUCTION = """# The street model

Written by `make evaluate`, which measures every figure anew; do not edit by hand.

A small detector (the neck and head of YOLO26 nano on an EfficientNet-Lite0 backbone), trained for Yiwang,
that gives a clerk a first hint what a report photo shows. It never decides: its findings are hints beside
the photo, and a person judges each case.

- Weights: `models/{model}/weights.pt` ({size:.1f} MB), the same in ONNX beside them; measured {measured_at}.
- Labels: {labels}.
- Looks at pictures scaled to {image_size_px} px; findings count from confidence {threshold}.
- One look takes {milliseconds_per_photo} ms (median, one thread, decoding included) on the machine that
  measured.
- The network's code is Ultralytics YOLO26 (AGPL-3.0), which also covers weights trained with it.
"""

TRAINING = """
## What it was trained on

- **Rendered streets**: made by `city_workers.detection.scenes`, no picture of anybody else in them.
- **Real litter photos**: {litter} phone photos of litter from AquaTrash (github.com/Harsh9524/AquaTrash;
  annotations CC BY 4.0), whose pictures are from TACO (tacodataset.org, Pedro F. Proença and Pedro
  Simões, CC BY 4.0); scaled down, four materials merged into one class. The photos are not part of this
  repository.
- **Collages**: litter cut out of those same training photos, and rendered litter, laid on parts of those
  photos and on rendered ground.

- **Harder pictures**: where the table says so, one picture in so many was shown by night, in fog or glare,
  through drops or dirt on the lens, blurred by haste, in hard shade or coarsened.
- **ImageNet**, indirectly: the stage with a new backbone put the neck and head learnt so far on
  EfficientNet-Lite0 (M. Tan, Q. Le, Google; PyTorch file by ML Illustrated; both Apache-2.0), which had been
  trained to name the objects of ImageNet. As many of its layers as the table says stayed as they were.

The 40 validation photos and the validation seeds of the renderer took no part in training, nor in cutting
collages. In stages without held-out photos they were looked at to choose settings, so the figures may be a
little flattering; later stages chose by the held-out photos.

Where two stages went on from one trunk, their weights were averaged afterwards.

After training, a number was added to the model's confidence (before the squashing), so that the threshold
lies where precision and recall are best together: one number for all labels, found on 80 further rendered
scenes, and one for litter, found on the held-out photos.

| stage | rendered | collages | litter | held out | harder | backbone | size | epochs | minutes | hardware |
|---|---|---|---|---|---|---|---|---|---|---|
{stages}
"""

HOW_WELL = """
## How well it finds things

A finding counts as right at an overlap (IoU) of one half. In brackets: between these values the true share
lies, 19 times in 20 (Wilson). `card.json` beside the weights holds the same at every other threshold.
"""

LIMITS = """
## What these figures do not say

- Figures on rendered streets say **little about real streets**: the validation scenes come from the same
  renderer as the training scenes, and real stalls, puddles, manholes, ads and cars look different. Six of
  the seven labels have never been measured on a real photo. Before anything relies on them, measure on
  the city's own photos.
- `litter` is the only label with real photos behind it: {litter} to learn from and {photos} to measure
  on, most of them close-ups outside China. The intervals say how little so few photos tell.
- Figures on the city's own examples, where there are any, are about the finds that people judged: what no
  model saw is hardly among them, so that their recall flatters.
- Whether a vehicle is misparked is a matter of rules, lines and times; the model only sees a car on a
  pavement or on a crossing.
- Night, fog and dirty lenses are in the training pictures as drawn effects only; snow, crowds, tilted
  pictures and screenshots are hardly in them at all.
- The weights can be replaced by any Ultralytics detector: its own labels are read from the file.
"""


def write_card(folder: Path, card: Path = CARD) -> None:
    """Put the figures of `folder` (card.json, training.json) into words and tables."""
    figures = json.loads((folder / "card.json").read_text())
    stages = json.loads((folder / "training.json").read_text())["stages"]
    litter = max((stage["litter"] for stage in stages), default=0)
    labels = ", ".join(f"`{row['label']}`" for row in figures["rendered"]["scores"])
    text = INTRODUCTION.format(**figures, size=figures["weights_bytes"] / 1e6, labels=labels)
    text += TRAINING.format(
        litter=litter, stages="\n".join(_stage(n, stage) for n, stage in enumerate(stages, start=1))
    )
    text += HOW_WELL
    text += _table(
        f"On {figures['rendered']['photos']} rendered streets never trained on", figures["rendered"]["scores"]
    )
    text += _table(
        f"On {figures['real']['photos']} real litter photos never trained on", figures["real"]["scores"]
    )
    if figures["examples"]["photos"]:
        text += _table(
            f"On {figures['examples']['photos']} of the city's own photos", figures["examples"]["scores"]
        )
    card.write_text(text + LIMITS.format(litter=litter, photos=figures["real"]["photos"]))


def _stage(number: int, stage: dict[str, Any]) -> str:
    photos = f"{stage['litter']} × {stage['litter_repeats']}"
    cells = (
        number,
        stage["rendered"],
        stage["collages"],
        photos,
        stage.get("litter_held_out", 0) or "–",
        f"1 in {stage['hard_every']}" if stage.get("hard_every") else "–",
        _backbone(stage),
        f"{stage['image_size_px']} px",
        stage["epochs"],
        stage["minutes"],
        stage["hardware"],
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _backbone(stage: dict[str, Any]) -> str:
    if not stage.get("new_backbone"):
        return "–"
    return f"new, {stage['frozen_layers']} layers kept"


def _table(title: str, rows: list[dict[str, Any]]) -> str:
    head = f"\n### {title}\n\n| label | present | reported | precision | recall | mAP50 |\n"
    head += "|---|---|---|---|---|---|\n"
    return head + "".join(f"| {' | '.join(_cells(row))} |\n" for row in rows)


def _cells(row: dict[str, Any]) -> list[str]:
    plain = [str(row[key]) for key in ("label", "present", "reported")]
    shares = [_share(row[key], row[f"{key}_interval"]) for key in ("precision", "recall")]
    return [*plain, *shares, "–" if row["map50"] is None else str(row["map50"])]


def _share(value: float | None, interval: list[float] | None) -> str:
    return "–" if value is None or interval is None else f"{value} ({interval[0]}–{interval[1]})"
