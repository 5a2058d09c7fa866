"""Opens models in onnxruntime, on one thread each."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def open_session(model: Path | bytes) -> Any:
    """Open a model on the CPU."""
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # photos wait beside each other; each takes one core for a second
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # pictures differ in size
    options.log_severity_level = 3
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def without_fixed_size(path: Path) -> bytes:
    """Give a model that was written down for one size of picture in a form that takes any.

    Weights listed as inputs are taken off that list too: only then does onnxruntime fold them.
    """
    import onnx

    model = onnx.load(str(path))
    weights = {weight.name for weight in model.graph.initializer}
    inputs = [given for given in model.graph.input if given.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(inputs)
    for value in [*model.graph.input, *model.graph.output]:
        for place in (0, 2, 3):
            value.type.tensor_type.shape.dim[place].dim_param = f"{value.name}_{place}"
    return bytes(model.SerializeToString())
