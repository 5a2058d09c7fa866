"""Averages models that grew from one trunk; run as `python -m city_workers.detection.soup A B --output FILE`.

Two short trainings from the same start err in different places, and their mean errs less than either
(Wortsman and others, "Model soups", 2022), at the cost of one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from city_workers.detection.calibrate import calibrate
from city_workers.detection.dataset import HOLD_OUT, photos_of
from city_workers.detection.engine import open_library
from city_workers.detection.weights_file import CANDIDATE, publish


def main(arguments: list[str] | None = None) -> int:
    """Write the mean of the given checkpoints, in the form that is published."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--output", type=Path, default=CANDIDATE)
    parser.add_argument("--calibrate", type=Path, help="place the threshold anew; with the folder of scenes")
    parser.add_argument("--litter", type=Path, help="the real photos, of which every eighth was held out")
    options = parser.parse_args(arguments)
    publish(average(options.checkpoints, options.output), options.output)
    if options.calibrate:
        kept = photos_of(options.litter)[::HOLD_OUT] if options.litter else []
        calibrate(options.output, options.calibrate, kept)
    return 0


def average(checkpoints: list[Path], output: Path) -> Path:
    """Average every number of the (already averaged over time) models of some checkpoints."""
    open_library()
    import torch

    saved = [torch.load(path, map_location="cpu", weights_only=False) for path in checkpoints]
    models = [(one.get("ema") or one["model"]).float() for one in saved]
    states = [model.state_dict() for model in models]
    with torch.no_grad():
        for name, value in states[0].items():
            if value.is_floating_point():
                value.copy_(torch.stack([state[name] for state in states]).mean(0))
    output.parent.mkdir(parents=True, exist_ok=True)
    kept = {key: saved[0].get(key) for key in ("train_args", "version", "license")}
    torch.save({**kept, "model": models[0], "epoch": -1}, output)
    return output


if __name__ == "__main__":
    raise SystemExit(main())
