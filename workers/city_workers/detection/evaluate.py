"""Measures the shipped weights afresh; run as `python -m city_workers.detection.evaluate --litter DIR`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from city_workers.detection.dataset import VALIDATION_SEEDS, as_jpeg, render_into
from city_workers.detection.detector import IMAGE_SIZE_PX, LEAST_CONFIDENCE, Detector
from city_workers.detection.labels import LABELS
from city_workers.detection.scenes import SceneBox, render_scene
from city_workers.detection.scoring import Score, Tally
from city_workers.detection.weights_file import WEIGHTS

Sample = tuple[bytes, tuple[SceneBox, ...]]
FAINTEST = 0.01


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; with --record also write the figures to card.json and MODEL_CARD.md."""
    options = _parser().parse_args(arguments)
    detector = Detector(options.weights, image_size_px=options.image_size, least_confidence=FAINTEST)
    rendered = score(detector, rendered_samples(options.folder, VALIDATION_SEEDS[: options.rendered]), LABELS)
    real = score(detector, real_samples(options.litter), ("litter",)) if options.litter else []
    if not options.litter:
        print(
            "No litter photos given (--litter or LITTER_DATA): real photos are not measured.", file=sys.stderr
        )
    card = {
        "model": detector.model_version,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "image_size_px": options.image_size,
        "threshold": LEAST_CONFIDENCE,
        "weights_bytes": options.weights.stat().st_size,
        "rendered": {"photos": options.rendered, "scores": [row.as_row() for row in rendered]},
        "real": {"photos": 40 if real else 0, "scores": [row.as_row() for row in real]},
        "milliseconds_per_photo": milliseconds(options.weights, options.image_size),
    }
    print(json.dumps(card, indent=1))
    if options.record:
        _record(card, options.weights.parent)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--litter",
        type=Path,
        default=Path(os.environ["LITTER_DATA"]) if "LITTER_DATA" in os.environ else None,
    )
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--folder", type=Path, default=Path(".local/training"))
    parser.add_argument("--rendered", type=int, default=200)
    parser.add_argument("--image-size", type=int, default=IMAGE_SIZE_PX)
    parser.add_argument("--record", action="store_true")
    return parser


def rendered_samples(folder: Path, seeds: Iterable[int]) -> Iterator[Sample]:
    """Scenes that no training has seen, squeezed as the training pictures are."""
    for photo in render_into(folder, "proof", seeds):
        yield photo.read_bytes(), truths(folder / "labels" / "proof" / f"{photo.stem}.txt", LABELS)


def real_samples(folder: Path) -> Iterator[Sample]:
    """The held-out real litter photos."""
    for photo in sorted((folder / "images" / "val").glob("*.jpg")):
        yield photo.read_bytes(), truths(folder / "labels" / "val" / f"{photo.stem}.txt", ("litter",))


def truths(path: Path, labels: tuple[str, ...]) -> tuple[SceneBox, ...]:
    """What a label file says is on its picture."""
    rows = [line.split() for line in path.read_text().splitlines() if line.strip()]
    return tuple(_truth(labels[int(number)], *map(float, rest)) for number, *rest in rows)


def _truth(label: str, across: float, down: float, width: float, height: float) -> SceneBox:
    return SceneBox(label, across - width / 2, down - height / 2, width, height)


def score(detector: Detector, samples: Iterable[Sample], labels: Iterable[str]) -> list[Score]:
    """Precision and recall at the used threshold, and the threshold-free mAP50, for each label."""
    tallies = [Tally(label) for label in labels]
    for photo, truth in samples:
        found = detector.look(photo)
        for tally in tallies:
            tally.add(found, truth)
    return [tally.score(LEAST_CONFIDENCE) for tally in tallies]


def milliseconds(weights: Path, image_size: int, rounds: int = 30) -> float:
    """The median time of one look on one thread, decoding included."""
    detector = Detector(weights, image_size_px=image_size, threads=1)
    scene = render_scene(VALIDATION_SEEDS[0])
    photo, times = as_jpeg(scene, 0), []
    for _ in range(rounds):
        start = time.perf_counter()
        detector.look(photo)
        times.append((time.perf_counter() - start) * 1000)
    return round(sorted(times)[rounds // 2], 1)


def _record(card: dict[str, object], folder: Path) -> None:
    from city_workers.detection.model_card import write_card

    (folder / "card.json").write_text(json.dumps(card, indent=1) + "\n")
    write_card(folder)


if __name__ == "__main__":
    raise SystemExit(main())
