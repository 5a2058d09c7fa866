"""Writes a network as ONNX, and keeps it only if it finds what torch finds; run as
`python -m city_workers.detection.engines.export`."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from city_workers.detection.engines.with_onnx import FREE_KEY, IN, LABELS_KEY, OUT, WEIGHTS_KEY, OnnxEngine
from city_workers.detection.engines.with_torch import TorchEngine

_OPSET = 17
FURTHEST_APART = 1e-2  # of confidences (0..1); boxes are in pixels, a hundred times as large
_TRIED_SHAPES = ((1, 3, 256, 320), (3, 3, 320, 256), (8, 3, 320, 320), (1, 3, 192, 320))


class NotTheSame(Exception):
    """The exported network does not find what the original finds."""


def export(weights: Path, output: Path) -> Path:
    """Write the ONNX file of some weights beside them; raises NotTheSame, and leaves no file then."""
    original = TorchEngine(weights)
    _write(original, output)
    _note(output, original, weights)
    try:
        _compare(original, OnnxEngine(output), _TRIED_SHAPES)
    except NotTheSame:
        output.unlink()
        raise
    return output


def _write(original: TorchEngine, output: Path) -> None:
    import torch

    sizes = {0: "count", 2: "height", 3: "width"}
    with warnings.catch_warnings():  # of its own future; and of sizes that it follows rightly, see _compare
        warnings.simplefilter("ignore")
        torch.onnx.export(
            original.network, (torch.rand(2, 3, 256, 320),), str(output), dynamo=False, opset_version=_OPSET,
            input_names=[IN], output_names=[OUT], dynamic_axes={IN: sizes, OUT: {0: "count", 2: "places"}},
        )  # fmt: skip


def _note(output: Path, original: TorchEngine, weights: Path) -> None:
    import onnx

    model = onnx.load(str(output))
    notes = {
        LABELS_KEY: json.dumps(original.labels),
        WEIGHTS_KEY: sha256(weights.read_bytes()).hexdigest(),
        FREE_KEY: json.dumps(original.is_free_of_doubles),
    }
    onnx.helper.set_model_props(model, notes)
    _shorten(model)
    for node in model.graph.node:
        node.doc_string = ""  # paths of the machine that wrote it
    onnx.checker.check_model(model)
    output.write_bytes(model.SerializeToString(deterministic=True))


def _shorten(model: Any) -> None:
    """Keep numbers as short floats, as the weights file does: half the size; widened when it is opened."""
    from onnx import TensorProto, helper, numpy_helper

    widening = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < 16:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.short"))
        widening.append(helper.make_node("Cast", [f"{name}.short"], [name], to=TensorProto.FLOAT))
    nodes = [*widening, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _compare(original: TorchEngine, copy: OnnxEngine, shapes: Iterable[tuple[int, ...]]) -> None:
    rng = np.random.default_rng(7)
    for shape in shapes:
        pictures = rng.random(shape, np.float32)
        apart = np.abs(original.run(pictures) - copy.run(pictures))
        if apart[:, 4:].max() > FURTHEST_APART or apart[:, :4].max() > FURTHEST_APART * 100:
            raise NotTheSame(f"torch and ONNX differ by {apart.max():.3f} for pictures of {shape}")


def main(arguments: list[str] | None = None) -> int:
    """Export one weights file."""
    from city_workers.detection.weights_file import WEIGHTS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args(arguments)
    output = options.output or options.weights.with_suffix(".onnx")
    try:
        print(f"{export(options.weights, output)}: {output.stat().st_size / 1e6:.1f} MB")
    except NotTheSame as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
