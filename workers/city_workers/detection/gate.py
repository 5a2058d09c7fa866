"""Lets a new model in only if it is better than the one in use; the end of `make train`.

Run alone as `python -m city_workers.detection.gate --candidate WEIGHTS.pt --litter DIR`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from city_workers.detection.comparison import is_better, table
from city_workers.detection.engines.export import export
from city_workers.detection.evaluate import parser, record, sets_of, size_of
from city_workers.detection.measure import Sets, measure
from city_workers.detection.registry import Candidate, Registry

REFUSED = 3


def main(arguments: list[str] | None = None) -> int:
    """Compare and take in; 3 where the new model is refused."""
    options = forced(parser()).parse_args(arguments)
    if options.candidate is None:
        print("Say which weights ask to be let in: --candidate WEIGHTS.pt", file=sys.stderr)
        return 2
    return offer(
        options.candidate,
        Registry(options.models),
        sets_of(options),
        image_size_px=options.image_size,
        forced_because=options.force_with_reason,
    )


def forced(options: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add the way to let a model in that the rule refuses."""
    options.add_argument("--force-with-reason", metavar="WHY", help="take it in all the same; goes on record")
    return options


def offer(
    weights: Path,
    registry: Registry,
    sets: Sets,
    *,
    image_size_px: int | None = None,
    forced_because: str | None = None,
) -> int:
    """Measure old and new on the same photos, show both, and put the new model in use if it is better."""
    current = registry.in_use()
    old = measure(current.weights, sets, image_size_px=size_of(current.card))
    new = measure(weights, sets, image_size_px=size_of(current.card, image_size_px))
    verdict = is_better(_with_what_is_known(old, current.card), new)
    print(table(old, new))
    if not verdict.is_better and not (forced_because or "").strip():
        print("\nRefused:\n" + "\n".join(f"- {reason}" for reason in verdict.reasons))
        return REFUSED
    why = "; ".join(verdict.reasons)
    if not verdict.is_better:
        why = f"forced: {forced_because}; the rule said: {why}"
    _take_in(weights, registry, new, why)
    return 0


def _take_in(weights: Path, registry: Registry, card: dict[str, Any], why: str) -> None:
    training = weights.parent / "training.json"
    with tempfile.TemporaryDirectory() as folder:
        onnx = export(weights, Path(folder) / "weights.onnx")
        stages = json.loads(training.read_text()) if training.is_file() else {"stages": []}
        version = registry.add(Candidate(weights, onnx, card, stages))
    registry.use(version, by="gate", why=why)
    files = registry.in_use()
    record(registry, files, {**card, "model": version})
    print(f"\nTaken in and in use: {version}\n{why}")


def _with_what_is_known(measured: dict[str, Any], card: Any) -> dict[str, Any]:
    """Keep the old model's figures on photos that are not here now, so that the new one's are missed."""
    known = {
        part: card[part]
        for part in ("real", "examples")
        if not measured[part]["photos"] and card.get(part, {}).get("photos")
    }
    return {**measured, **known}


if __name__ == "__main__":
    raise SystemExit(main())
