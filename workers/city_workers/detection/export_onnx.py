"""Writes a model in ONNX beside its weights, for runtimes that look faster on a CPU.

Run as `python -m city_workers.detection.export_onnx WEIGHTS.pt MODEL.onnx`. The network is written as it was
trained, with its numbers in the short floats that the weights file holds, and is half as large for it; a
runtime widens and fuses them when it opens the file, and counts in the same long floats as the library does.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from city_workers.detection.engine import open_library

INPUT, OUTPUT = "images", "finds"
MOST_FINDS = 100  # a picture of 320 by 32 px has no more than 210 places to find something in
OPSET = 17


def export_onnx(weights: Path, output: Path) -> Path:
    """Write the network: images (n, 3, high, wide; RGB, 0 to 1, sides multiples of 32) in, finds out.

    Finds are (n, 100, 6): left, top, right, bottom in pixels of the input, confidence, number of the class;
    the surest first, none dropped for its confidence. The classes' names are in the metadata, `names`.
    """
    import onnx
    import torch

    network, names = _network(weights)
    raw = io.BytesIO()
    torch.onnx.export(
        network,
        (torch.zeros(1, 3, 320, 256),),
        raw,  # type: ignore[arg-type]  # takes an open file too, as its own documentation says
        opset_version=OPSET,
        input_names=[INPUT],
        output_names=[OUTPUT],
        dynamic_axes={INPUT: {0: "photos", 2: "high", 3: "wide"}, OUTPUT: {0: "photos"}},
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
        dynamo=False,
    )
    model = onnx.load_from_string(raw.getvalue())
    _shorten(model)
    onnx.checker.check_model(model)
    onnx.helper.set_model_props(model, {"names": ",".join(names), "most_finds": str(MOST_FINDS)})
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(model.SerializeToString(deterministic=True))
    return output


def _network(weights: Path) -> tuple[Any, list[str]]:
    network = open_library().YOLO(str(weights), task="detect", verbose=False).model.float().eval()
    head = network.model[-1]
    head.export, head.dynamic, head.end2end, head.max_det = True, True, True, MOST_FINDS
    for parameter in network.parameters():
        parameter.requires_grad = False
    return network, [network.names[number] for number in sorted(network.names)]


def _shorten(model: Any) -> None:
    """Keep the numbers as the short floats that they were, and widen them when the file is opened."""
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    widening = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        short = values.astype(np.float16)
        if values.dtype != np.float32 or values.size < 16 or not np.array_equal(short, values):
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(short, f"{name}.short"))
        widening.append(helper.make_node("Cast", [f"{name}.short"], [name], to=TensorProto.FLOAT))
    nodes = [*widening, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    for node in model.graph.node:
        node.doc_string = ""


def main(arguments: list[str] | None = None) -> int:
    """Write the file and say how large it is."""
    weights, output = map(Path, sys.argv[1:] if arguments is None else arguments)
    print(f"{export_onnx(weights, output)}: {output.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
