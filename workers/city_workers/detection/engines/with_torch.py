"""The network in torch: on a graphics card where there is one, else on the processor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from city_workers.detection.engine import open_library
from city_workers.detection.engines.port import Floats


class TorchEngine:
    """Any detection model that ultralytics can open; its torchvision is never needed, nor imported."""

    def __init__(self, weights: Path, *, threads: int = 1, use_card: bool = False) -> None:
        library = open_library()
        import torch

        torch.set_grad_enabled(False)
        self._torch = torch
        self._threads = threads
        self._device = "cuda" if use_card and torch.cuda.is_available() else "cpu"
        opened = library.YOLO(str(weights), task="detect", verbose=False)
        self.labels: tuple[str, ...] = tuple(opened.names[number] for number in sorted(opened.names))
        self.network, self.is_free_of_doubles = _made_ready(opened.model)
        self.network.to(self._device)
        self.name = f"torch on {self._device}"

    def run(self, pictures: Floats) -> Floats:
        # Counted per calling thread; and the library, when it starts, sets its own number.
        self._torch.set_num_threads(self._threads)
        with self._torch.inference_mode():
            tables: Floats = (
                self.network(self._torch.from_numpy(pictures).to(self._device)).float().cpu().numpy()
            )
        return tables


def _made_ready(model: Any) -> tuple[Any, bool]:
    """Fuse a network for looking, with its head that needs no clearing of doubles where it has one."""
    head = model.model[-1]
    has_free_head = getattr(head, "one2one_cv2", None) is not None
    if has_free_head:
        model.end2end = True
        head.postprocess = _as_table
    network = model.float().fuse(verbose=False).eval()
    network.model[-1].export = True  # the tables alone, without what training needs
    network.model[-1].dynamic = True
    for parameter in network.parameters():
        parameter.requires_grad = False
    return network, has_free_head


def _as_table(places: Any) -> Any:
    return places.permute(0, 2, 1)
