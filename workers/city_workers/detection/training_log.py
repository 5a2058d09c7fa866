"""Keeps the record of how the shipped weights came about, stage by stage, for the model card."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from city_workers.detection.dataset import TrainingSet


def note_stage(
    folder: Path,
    gathered: TrainingSet,
    *,
    goes_on: bool,
    epochs: int,
    image_size: int,
    seconds: float,
    examples: int = 0,
    frozen: int = 0,
    backbone: bool = False,
) -> None:
    """Add a finished stage of training to the record; a training from nothing starts the record anew."""
    record = folder / "training.json"
    stages: list[dict[str, Any]] = (
        json.loads(record.read_text())["stages"] if goes_on and record.exists() else []
    )
    stages.append(
        {
            "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rendered": gathered.rendered,
            "collages": gathered.collages,
            "litter": gathered.litter,
            "litter_repeats": gathered.litter_repeats,
            **({"examples": examples} if examples else {}),
            "litter_held_out": len(gathered.held_out),
            "hard_every": gathered.hard_every,
            "frozen_layers": frozen,
            "new_backbone": backbone,
            "epochs": epochs,
            "image_size_px": image_size,
            "minutes": round(seconds / 60, 1),
            "hardware": hardware(),
        }
    )
    record.write_text(json.dumps({"stages": stages}, indent=1) + "\n")


def hardware() -> str:
    """The machine in words, without its name."""
    return f"{os.cpu_count()} CPU cores ({platform.machine()}), no accelerator"
