"""Measures the model in use afresh: `python -m city_workers.detection.evaluate --litter DIR --record`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from city_workers.detection.comparison import is_better, table
from city_workers.detection.detector import IMAGE_SIZE_PX
from city_workers.detection.measure import Sets, measure
from city_workers.detection.model_card import write_card
from city_workers.detection.registry import ModelFiles, Registry
from city_workers.detection.weights_file import MODELS

NO_LITTER = "NOT MEASURED on real litter photos: there are none in {folder} (LITTER=folder)."
NO_EXAMPLES = (
    "NOT MEASURED on the city's own examples: there are none in {folder} (make labels; LABELS=folder)."
)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; with --record also write the card; with --candidate show old against new."""
    options = parser().parse_args(arguments)
    registry, sets = Registry(options.models), sets_of(options)
    files = registry.find(options.version) if options.version else registry.in_use()
    card = measure(files.weights, sets, image_size_px=size_of(files.card, options.image_size))
    if options.candidate:
        new = measure(options.candidate, sets, image_size_px=options.image_size or IMAGE_SIZE_PX)
        print(table(card, new))
        print("; ".join(is_better(card, new).reasons))
        return 0
    print(json.dumps(without_curves(card), indent=1) if options.json else card_lines(card))
    if options.record:
        record(registry, files, card)
    return 0


def parser() -> argparse.ArgumentParser:
    """What can be said on the command line about models and photos; shared with the gate."""
    named, litter, labels = (os.environ.get(name) for name in ("DETECTION_MODELS", "LITTER_DATA", "LABELS"))
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--models", type=Path, default=Path(named) if named else MODELS)
    options.add_argument("--version", help="a model of the registry; left out: the one in use")
    options.add_argument("--candidate", type=Path, help="weights to set against it")
    options.add_argument("--litter", type=Path, default=Path(litter) if litter else None)
    options.add_argument("--examples", type=Path, default=Path(labels) if labels else None)
    options.add_argument("--folder", type=Path, default=Path(".local/training"))
    options.add_argument("--rendered", type=int, default=200)
    options.add_argument("--image-size", type=int, help="left out: what the model's card says")
    options.add_argument("--json", action="store_true", help="the card instead of the table")
    options.add_argument("--record", action="store_true")
    return options


def sets_of(options: argparse.Namespace) -> Sets:
    """Find the photos to measure on, and say on which kinds nothing is measured."""
    litter, examples = _with_photos(options.litter), _with_photos(options.examples)
    if litter is None:
        print(NO_LITTER.format(folder=options.litter or "(no folder given)"), file=sys.stderr)
    if examples is None and options.examples is not None:
        print(NO_EXAMPLES.format(folder=options.examples), file=sys.stderr)
    return Sets(options.folder, options.rendered, litter, examples)


def size_of(card: Any, asked: int | None = None) -> int:
    """The size in pixels at which a model looks: what was asked for, else what its card says."""
    return int(asked or card.get("image_size_px", IMAGE_SIZE_PX))


def record(registry: Registry, files: ModelFiles, card: dict[str, Any]) -> bool:
    """Put the figures on record, and into words where they are those of the model that ships."""
    for part in ("real", "examples"):
        if not card[part]["photos"] and files.card.get(part, {}).get("photos"):
            print(
                f"NOT RECORDED: the card has figures on {part} photos, which are not here.", file=sys.stderr
            )
            return False
    registry.write_card(files.version, card)
    if registry.folder == MODELS and registry.in_use().version == files.version:
        write_card(files.weights.parent)
    return True


def without_curves(card: dict[str, Any]) -> dict[str, Any]:
    """The card as it is printed: the figures at the city's threshold."""
    return {
        key: {k: v for k, v in value.items() if k != "curves"} if isinstance(value, dict) else value
        for key, value in card.items()
    }


def card_lines(card: dict[str, Any]) -> str:
    """The card's figures as a table, with the interval that each may lie in."""
    lines = [f"{card['model']}, at confidence {card['threshold']} and {card['image_size_px']} px"]
    lines.append(
        f"{'set':9} {'label':18} {'present':>7} {'reported':>8} {'precision':>22} {'recall':>22} {'mAP50':>6}"
    )
    for part in ("rendered", "real", "examples"):
        for row in card[part]["scores"]:
            if not card[part]["photos"]:
                continue
            lines.append(
                f"{part:9} {row['label']:18} {row['present']:>7} {row['reported']:>8}"
                f" {_with_interval(row, 'precision'):>22} {_with_interval(row, 'recall'):>22}"
                f" {row['map50'] if row['map50'] is not None else '-':>6}"
            )
    return "\n".join([*lines, f"{card['milliseconds_per_photo']} ms a photo on one thread"])


def _with_interval(row: dict[str, Any], key: str) -> str:
    low_high = row[f"{key}_interval"]
    return "-" if low_high is None else f"{row[key]:.3f} ({low_high[0]:.3f}-{low_high[1]:.3f})"


def _with_photos(folder: Path | None) -> Path | None:
    there = folder is not None and any((folder / "images" / "val").glob("*.jpg"))
    return folder if there else None


if __name__ == "__main__":
    raise SystemExit(main())
