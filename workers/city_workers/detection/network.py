"""Builds the street model's network: a detector's neck and head on a backbone that already knows pictures.

The backbone is EfficientNet-Lite0 (M. Tan, Q. Le; Google) in the shape of the PyTorch file of ML Illustrated,
both Apache-2.0: sixteen blocks of 1x1, depthwise and 1x1 convolutions, learnt on ImageNet. It is put together
from the detection library's own parts, so that a published file can be opened by that library alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from city_workers.detection.engine import open_library
from city_workers.detection.labels import LABELS

# Per block: channels in, growth, channels out, kernel, stride, and the layer of the network it belongs to.
BLOCKS: tuple[tuple[int, int, int, int, int, int], ...] = (
    (32, 1, 16, 3, 1, 0),
    (16, 6, 24, 3, 2, 0), (24, 6, 24, 3, 1, 0),
    (24, 6, 40, 5, 2, 1), (40, 6, 40, 5, 1, 1),
    (40, 6, 80, 3, 2, 2), (80, 6, 80, 3, 1, 2), (80, 6, 80, 3, 1, 2),
    (80, 6, 112, 5, 1, 2), (112, 6, 112, 5, 1, 2), (112, 6, 112, 5, 1, 2),
    (112, 6, 192, 5, 2, 3), (192, 6, 192, 5, 1, 3), (192, 6, 192, 5, 1, 3), (192, 6, 192, 5, 1, 3),
    (192, 6, 320, 3, 1, 3),
)  # fmt: skip
BACKBONE_LAYERS = 4
LAYERS_LESS_THAN_NANO = 5
ZERO_GREY, SPREAD = 127.0, 128.0  # how the backbone's pictures were scaled when it learnt
PLAN: dict[str, Any] = {
    "nc": len(LABELS), "end2end": True, "reg_max": 1,
    # The first four layers only hold the place (and tell channels and strides) of the backbone's blocks.
    "backbone": [
        [-1, 1, "Conv", [24, 5, 4]], [-1, 1, "Conv", [40, 3, 2]], [-1, 1, "Conv", [112, 3, 2]],
        [-1, 1, "Conv", [320, 3, 2]], [-1, 1, "SPPF", [256, 5, 3, True]], [-1, 1, "C2PSA", [256]],
    ],
    "head": [
        [-1, 1, "nn.Upsample", [None, 2, "nearest"]], [[-1, 2], 1, "Concat", [1]],
        [-1, 1, "C3k2", [128, True]],
        [-1, 1, "nn.Upsample", [None, 2, "nearest"]], [[-1, 1], 1, "Concat", [1]],
        [-1, 1, "C3k2", [64, True]],
        [-1, 1, "Conv", [64, 3, 2]], [[-1, 8], 1, "Concat", [1]], [-1, 1, "C3k2", [128, True]],
        [-1, 1, "Conv", [128, 3, 2]], [[-1, 5], 1, "Concat", [1]], [-1, 1, "C3k2", [256, True, 0.5, True]],
        [[11, 14, 17], 1, "Detect", ["nc"]],
    ],
}  # fmt: skip


def prepare(backbone: Path, output: Path, earlier: Path | None = None) -> Path:
    """Write a network to be trained: the learnt backbone, and the head of earlier weights where it fits."""
    open_library()
    import torch
    from ultralytics.nn.tasks import DetectionModel

    model: Any = DetectionModel(PLAN, ch=3, nc=len(LABELS), verbose=False)
    learnt = torch.load(backbone, map_location="cpu", weights_only=True)
    parts: list[list[Any]] = [[_stem(learnt)], [], [], []]
    for number, shape in enumerate(BLOCKS):
        parts[shape[-1]].append(_block(number, shape, learnt))
    for place, blocks in enumerate(parts):
        layer: Any = torch.nn.Sequential(*blocks)
        layer.i, layer.f, layer.type, layer.np = place, -1, "Blocks", 0
        model.model[place] = layer
    if earlier:
        _take_over(model, torch.load(earlier, map_location="cpu", weights_only=False)["model"])
    model.names = dict(enumerate(LABELS))
    model.args = {"task": "detect", "imgsz": 320}
    output.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": model, "train_args": model.args, "epoch": -1}, output)
    return output


def _stem(learnt: dict[str, Any]) -> Any:
    """The first convolution, which takes the detector's 0..1 for the -1..1 that it learnt with."""
    import torch
    from ultralytics.nn.modules import Conv

    stem = Conv(3, 32, 3, 2, act=torch.nn.ReLU6())
    _fill(stem, learnt, "_conv_stem", "_bn0")
    kernel = stem.conv.weight.data
    stem.bn.running_mean += kernel.sum((1, 2, 3)) * ZERO_GREY / SPREAD
    kernel *= 255.0 / SPREAD
    return stem


def _block(number: int, shape: tuple[int, int, int, int, int, int], learnt: dict[str, Any]) -> Any:
    import torch
    from ultralytics.nn.modules import Bottleneck, Conv

    taken, growth, given, kernel, stride, _ = shape
    wide, path = taken * growth, f"_blocks.{number}."
    deep = Conv(wide, wide, kernel, stride, g=wide, act=torch.nn.ReLU6())
    _fill(deep, learnt, path + "_depthwise_conv", path + "_bn1")
    narrow = Conv(wide, given, 1, act=False)
    _fill(narrow, learnt, path + "_project_conv", path + "_bn2")
    inner = [deep]
    if growth > 1:
        widen = Conv(taken, wide, 1, act=torch.nn.ReLU6())
        _fill(widen, learnt, path + "_expand_conv", path + "_bn0")
        inner = [widen, deep]
    block: Any = Bottleneck(taken, given, shortcut=stride == 1)
    block.cv1, block.cv2 = torch.nn.Sequential(*inner), narrow
    return block


def _fill(part: Any, learnt: dict[str, Any], kernel: str, norm: str) -> None:
    part.conv.weight.data.copy_(learnt[f"{kernel}.weight"])
    for name in ("weight", "bias", "running_mean", "running_var"):
        getattr(part.bn, name).data.copy_(learnt[f"{norm}.{name}"])
    part.bn.eps, part.bn.momentum = 1e-3, 0.03


def _take_over(model: Any, earlier: Any) -> None:
    """Copy what the nano network knows in neck and head, wherever the shapes agree."""
    known = earlier.float().state_dict()
    own = model.state_dict()
    for name, value in own.items():
        _, place, rest = name.split(".", 2)
        other = known.get(f"model.{int(place) + LAYERS_LESS_THAN_NANO}.{rest}")
        if int(place) >= BACKBONE_LAYERS and other is not None and other.shape == value.shape:
            value.copy_(other)
