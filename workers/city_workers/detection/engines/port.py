"""What every engine can do: run one network on a batch of prepared pictures."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Engine(Protocol):
    """A loaded network.

    `run` takes pictures (count, 3, height, width; red, green, blue from 0 to 1) whose sides are multiples of
    32, and gives one table for each (4 + labels, places). The first four rows are a box in pixels: its
    corners where `is_free_of_doubles`, else centre and size, with many boxes about one thing. The
    others are the confidence for each label.
    """

    name: str
    labels: tuple[str, ...]
    is_free_of_doubles: bool

    def run(self, pictures: Floats) -> Floats: ...
