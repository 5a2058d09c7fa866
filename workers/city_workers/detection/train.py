"""Trains the city's street model; run as `python -m city_workers.detection.train --litter DIR`."""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from city_workers.detection.calibrate import calibrate
from city_workers.detection.dataset import HOLD_OUT, TrainingSet, gather
from city_workers.detection.engine import open_library
from city_workers.detection.examples_data import add_examples
from city_workers.detection.gate import forced, offer
from city_workers.detection.measure import Sets
from city_workers.detection.network import prepare
from city_workers.detection.registry import Registry
from city_workers.detection.training_log import note_stage
from city_workers.detection.weights_file import CANDIDATE, MODELS, publish

NO_LITTER = (
    "No litter photos found: give their folder with --litter or LITTER_DATA, or pass --without-litter to "
    "train on rendered streets only (litter on real photos will then hardly be found)."
)
AUGMENTATION: dict[str, Any] = {
    "mosaic": 0.4, "mixup": 0.0, "scale": 0.4, "translate": 0.1, "degrees": 6.0, "fliplr": 0.5,
    "erasing": 0.0, "hsv_h": 0.02, "hsv_s": 0.6, "hsv_v": 0.4,
}  # fmt: skip
HABITS: dict[str, Any] = {
    "optimizer": "AdamW", "lrf": 0.03, "cos_lr": True, "warmup_epochs": 0.5, "warmup_bias_lr": 0.0,
    "weight_decay": 0.001, "patience": 0, "device": "cpu", "workers": 0, "cache": "ram", "amp": False,
    "val": False, "plots": False, "save": True, "save_period": 1, "deterministic": True,
}  # fmt: skip
BACKBONE_PACE = 0.25


def main(arguments: list[str] | None = None) -> int:
    """Gather pictures, train, and with --offer let the model in if it is better than the one in use."""
    options = _parser().parse_args(arguments)
    litter = options.litter if options.litter and (options.litter / "images" / "train").is_dir() else None
    if litter is None and not options.without_litter:
        print(NO_LITTER, file=sys.stderr)
        return 2
    if litter is None:
        print("Training without real litter photos, as asked.", file=sys.stderr)
    if options.backbone:
        earlier = Path(options.start_from) if options.start_from.endswith(".pt") else None
        options.start_from = str(prepare(options.backbone, options.folder / "start.pt", earlier))
    gathered = gather(
        options.folder,
        litter,
        rendered=options.rendered,
        validation=options.validation,
        litter_repeats=options.litter_repeats,
        collages=options.collages,
        hold_out=options.hold_out,
        hard_every=options.hard_every,
    )
    examples = add_examples(options.folder, options.examples) if options.examples else 0
    if not options.gather_only:
        start = time.monotonic()
        last, epochs = train(gathered, options)
        publish(last, options.output)
        calibrate(options.output, options.folder, gathered.held_out)
        note_stage(
            options.output.parent,
            gathered,
            goes_on=options.start_from.endswith(".pt"),
            frozen=options.frozen,
            backbone=options.backbone is not None,
            epochs=epochs,
            image_size=options.image_size,
            seconds=time.monotonic() - start,
            examples=examples,
        )
    return _offer(options, litter) if options.offer else 0


def _offer(options: argparse.Namespace, litter: Path | None) -> int:
    return offer(
        options.output,
        Registry(options.models),
        Sets(options.folder, options.validation, litter, options.examples),
        image_size_px=options.image_size,
        forced_because=options.force_with_reason,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--litter",
        type=Path,
        default=Path(os.environ["LITTER_DATA"]) if "LITTER_DATA" in os.environ else None,
    )
    parser.add_argument("--without-litter", action="store_true")
    parser.add_argument("--folder", type=Path, default=Path(".local/training"))
    parser.add_argument("--rendered", type=int, default=2000)
    parser.add_argument("--validation", type=int, default=200)
    parser.add_argument("--litter-repeats", type=int, default=2)
    parser.add_argument("--hold-out", type=int, default=HOLD_OUT, help="keep each so-manieth photo back")
    parser.add_argument("--hard-every", type=int, default=4, help="make every so-manieth picture harder")
    parser.add_argument("--frozen", type=int, default=0, help="how many of the first layers stay as they are")
    parser.add_argument("--collages", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--minutes", type=float, help="fit the number of epochs into this time instead")
    parser.add_argument("--image-size", type=int, default=320)
    parser.add_argument("--rate", type=float, default=0.002)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--start-from", default="yolo26n.yaml", help="an architecture, or weights to go on from"
    )
    parser.add_argument("--backbone", type=Path, help="learnt EfficientNet-Lite0 to begin anew with")
    parser.add_argument("--name", default="run")
    parser.add_argument("--output", type=Path, default=CANDIDATE)
    parser.add_argument("--gather-only", action="store_true")
    parser.add_argument("--examples", type=Path, help="a folder that `make labels` wrote")
    parser.add_argument("--offer", action="store_true", help="let the model in if it is better")
    parser.add_argument("--models", type=Path, default=Path(os.environ.get("DETECTION_MODELS") or MODELS))
    return forced(parser)


def train(gathered: TrainingSet, options: argparse.Namespace) -> tuple[Path, int]:
    """Run the training; return the averaged weights of the last epoch, and how many there were."""
    os.environ["YOLO_VERBOSE"] = "true"
    library = open_library()
    model = library.YOLO(options.start_from)
    model.add_callback("on_train_batch_start", lambda _: _share_cores(options.threads))
    model.add_callback("on_train_start", _use_short_floats)
    model.add_callback("on_train_batch_start", _slow_down)
    model.train(trainer=_trainer(), **_settings(gathered, options))
    return Path(model.trainer.last), int(model.trainer.epoch) + 1


def _settings(gathered: TrainingSet, options: argparse.Namespace) -> dict[str, Any]:
    pace: dict[str, Any] = {"epochs": options.epochs, "lr0": options.rate, "imgsz": options.image_size}
    if options.minutes:
        pace["time"] = options.minutes / 60
    place = {"project": str((options.folder / "runs").resolve()), "name": options.name, "exist_ok": True}
    plain_end = max(1, options.epochs // 4)
    return {
        "data": str(gathered.description), "close_mosaic": plain_end, "freeze": options.frozen,
        "seed": options.seed, "batch": options.batch, "nbs": options.batch,
        **pace, **place, **AUGMENTATION, **HABITS,
    }  # fmt: skip


def _trainer() -> type:
    from ultralytics.models.yolo.detect import DetectionTrainer

    class StreetTrainer(DetectionTrainer):
        """Leaves out the library's validation: it needs torchvision, and ours measures what is shipped."""

        def get_model(self, cfg: Any = None, weights: Any = None, verbose: bool = True) -> Any:
            """Go on with the given network itself: the library would plan it anew and lose its backbone."""
            return weights or super().get_model(cfg, weights, verbose)

        def build_optimizer(self, model: Any, *args: Any, **kwargs: Any) -> Any:
            optimizer = super().build_optimizer(model, *args, **kwargs)
            return _spare_the_backbone(optimizer, model)

        def get_validator(self) -> SimpleNamespace:
            self.loss_names = ("box_loss", "cls_loss", "dfl_loss")  # type: ignore[assignment]
            return SimpleNamespace(metrics=SimpleNamespace(keys=[]))

        def validate(self) -> tuple[dict[str, float], float]:
            return {}, float(self.epoch)

        def final_eval(self) -> None:
            return None

    return StreetTrainer


def _spare_the_backbone(optimizer: Any, model: Any) -> Any:
    """Let a learnt backbone change more slowly than the head, which would otherwise unteach it at first."""
    learnt = [part for part in model.model if part.type == "Blocks"]
    spared = {id(parameter) for part in learnt for parameter in part.parameters()}
    for group in list(optimizer.param_groups) if spared else []:
        slow = [parameter for parameter in group["params"] if id(parameter) in spared]
        group["params"] = [parameter for parameter in group["params"] if id(parameter) not in spared]
        if slow:
            optimizer.add_param_group({**group, "params": slow, "lr": group["lr"] * BACKBONE_PACE})
    return optimizer


def _slow_down(trainer: Any) -> None:
    """Let the rate fall with every step (half a cosine), where the library would lower it once an epoch."""
    trainer.street_steps = getattr(trainer, "street_steps", -1) + 1
    done = trainer.street_steps / (trainer.epochs * len(trainer.train_loader))
    if trainer.args.time:
        done = (time.time() - trainer.train_time_start) / (trainer.args.time * 3600)
    left = trainer.args.lrf + (1 - trainer.args.lrf) * (1 + math.cos(math.pi * min(1.0, done))) / 2
    for group in trainer.optimizer.param_groups:
        group["lr"] = group["initial_lr"] * left


def _share_cores(threads: int) -> None:
    """Take the given number of threads while the machine is free, and a single one while others compute.

    Threads of low priority wait for each other at every layer, so that beside a busy neighbour two of them
    are many times slower than one. The library's own choice is all cores but one, whatever goes on.
    """
    import torch

    load = Path("/proc/loadavg")
    computing = int(load.read_text().split()[3].split("/")[0]) if load.exists() else 1
    torch.set_num_threads(threads if computing <= 1 else 1)


def _use_short_floats(trainer: Any) -> None:
    """Let the network (not the loss) count in bfloat16: nearly half the time on a CPU that knows it."""
    import torch

    model = trainer.model
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return
    model.to(memory_format=torch.channels_last)
    plain = model.predict

    def predict(x: Any, *args: Any, **kwargs: Any) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = plain(x.contiguous(memory_format=torch.channels_last), *args, **kwargs)
        return _long_floats(found)

    model.predict = predict


def _long_floats(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _long_floats(value) for name, value in found.items()}
    if isinstance(found, (list, tuple)):
        return type(found)(_long_floats(value) for value in found)
    return found.float() if hasattr(found, "float") else found


if __name__ == "__main__":
    raise SystemExit(main())
