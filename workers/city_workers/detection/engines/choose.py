"""Chooses the engine: a graphics card where there is one, else ONNX where it was exported, else torch."""

from __future__ import annotations

from pathlib import Path

import structlog

from city_workers.detection.engines.port import Engine

log = structlog.get_logger()


class EngineMissing(Exception):
    """The engine that is wanted cannot run this model."""


_TRACES_OF_A_CARD = ("/dev/nvidiactl", "/dev/nvidia0", "/dev/dxg")


def open_engine(weights: Path, onnx: Path | None, *, wanted: str = "auto", threads: int = 1) -> Engine:
    """Open the network with the engine that is wanted: `auto`, `torch` or `onnx`.

    An exported file that was made of other weights is not used: its finds would go by the wrong name.
    """
    if wanted != "onnx" and (wanted == "torch" or _may_have_card()):
        from city_workers.detection.engines.with_torch import TorchEngine

        engine = TorchEngine(weights, threads=threads, use_card=True)
        if wanted == "torch" or engine.name != "torch on cpu":
            return engine
    exported = _open_onnx(weights, onnx, threads)
    if exported is not None:
        return exported
    if wanted == "onnx":
        raise EngineMissing("there is no ONNX file made of these very weights")
    from city_workers.detection.engines.with_torch import TorchEngine

    return TorchEngine(weights, threads=threads)


def _open_onnx(weights: Path, onnx: Path | None, threads: int) -> Engine | None:
    if onnx is None or not onnx.is_file():
        return None
    from city_workers.detection.engines.with_onnx import OnnxEngine, is_made_of

    engine = OnnxEngine(onnx, threads=threads)
    if is_made_of(engine, weights):
        return engine
    log.warning("onnx_of_other_weights")
    return None


def _may_have_card() -> bool:
    """Tell whether it is worth loading torch to ask for a card: it takes 200 MB and seconds."""
    return any(Path(trace).exists() for trace in _TRACES_OF_A_CARD)
