"""Smooth, repeating noise that gives rendered ground and walls their grain."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SIDE = 512
Field = NDArray[np.float32]


@lru_cache(maxsize=2)
def _octaves(seed: int = 7) -> tuple[Field, ...]:
    rng = np.random.default_rng(seed)
    return tuple(_upsampled(rng.random((n, n), dtype=np.float32)) for n in (8, 32, 128, 512))


def _upsampled(small: Field) -> Field:
    """Stretch a small random field to the full side, wrapping so that the noise repeats without a seam."""
    n = small.shape[0]
    place = np.arange(SIDE) * n / SIDE
    low = place.astype(int)
    part = (place - low).astype(np.float32)
    high = (low + 1) % n
    rows = small[low] * (1 - part)[:, None] + small[high] * part[:, None]
    stretched: Field = (rows[:, low] * (1 - part) + rows[:, high] * part).astype(np.float32)
    return stretched


def noise(a: Field, b: Field, scale: float, weights: tuple[float, ...] = (0.4, 0.3, 0.2, 0.1)) -> Field:
    """Sample noise of mean about 0.5 at world coordinates; `scale` is the repeats of the field per metre."""
    row = np.mod((a * scale * SIDE), SIDE).astype(np.int32) % SIDE
    column = np.mod((b * scale * SIDE), SIDE).astype(np.int32) % SIDE
    sampled: Field = _mixed(weights)[row, column]
    return sampled


@lru_cache(maxsize=8)
def _mixed(weights: tuple[float, ...]) -> Field:
    layers = [weight * field for field, weight in zip(_octaves(), weights, strict=True)]
    mixed: Field = np.sum(layers, axis=0, dtype=np.float32)
    return mixed


def hashed(a: Field | np.float32, b: Field | float = 0.0) -> Field:
    """A stable pseudo-random 0..1 for whole-number cells, so that a tile or a house keeps its own shade."""
    value = np.sin(a * 127.1 + b * 311.7) * 43758.5453
    return (value - np.floor(value)).astype(np.float32)
