"""The value types of a rendered street scene."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True)
class SceneBox:
    """Where one problem shows in a rendered photo: top-left corner and size, relative (0..1)."""

    label: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Scene:
    """One rendered street photo with every problem that shows in it."""

    image: Image.Image
    boxes: tuple[SceneBox, ...]


Color = tuple[int, int, int]
Point = tuple[float, float, float]
