"""Paints cars, vans and lorries, well parked or not: a side profile drawn out to the car's width."""

from __future__ import annotations

import numpy as np

from city_workers.detection.scenes.model import Color, Point
from city_workers.detection.scenes.painter import Painter

PAINTS: tuple[Color, ...] = (
    (228, 228, 226),
    (36, 38, 42),
    (150, 154, 158),
    (152, 34, 36),
    (44, 70, 128),
    (92, 66, 48),
    (196, 176, 130),
    (70, 104, 88),
    (214, 216, 220),
    (90, 94, 100),
)
GLASS: Color = (44, 54, 62)
Outline = tuple[tuple[float, float], ...]
PROFILES: dict[str, tuple[Outline, tuple[int, int], float, float]] = {
    "sedan": (
        (
            (-2.25, 0.32),
            (-2.28, 0.78),
            (-1.6, 0.92),
            (-1.0, 1.42),
            (0.45, 1.45),
            (1.15, 0.98),
            (2.15, 0.8),
            (2.25, 0.32),
        ),
        (2, 4),
        1.78,
        0.31,
    ),
    "suv": (
        ((-2.2, 0.38), (-2.25, 1.0), (-2.05, 1.68), (0.4, 1.72), (1.0, 1.12), (2.1, 1.0), (2.2, 0.38)),
        (1, 3),
        1.86,
        0.36,
    ),
    "van": (
        ((-2.1, 0.35), (-2.15, 1.1), (-2.05, 1.86), (1.35, 1.86), (1.95, 1.1), (2.1, 0.9), (2.1, 0.35)),
        (1, 3),
        1.68,
        0.31,
    ),
    "hatchback": (
        ((-1.8, 0.3), (-1.85, 0.85), (-1.5, 1.48), (0.35, 1.5), (1.0, 0.98), (1.7, 0.82), (1.8, 0.3)),
        (1, 3),
        1.65,
        0.29,
    ),
}


class Car:
    """One car with its place, heading and paint, ready to be painted."""

    def __init__(self, at: Point, heading: float, rng: np.random.Generator) -> None:
        self.at, self.cos, self.sin = at, float(np.cos(heading)), float(np.sin(heading))
        kind = str(rng.choice(list(PROFILES), p=[0.42, 0.26, 0.16, 0.16]))
        self.outline, self.glazed, self.wide, self.wheel = PROFILES[kind]
        self.paint = PAINTS[int(rng.integers(len(PAINTS)))]
        self.plate: Color = (40, 80, 190) if rng.random() < 0.6 else (120, 200, 130)
        self.shine = float(rng.uniform(0.9, 1.1))

    def spot(self, along: float, up: float, side: float) -> Point:
        return (
            self.at[0] + along * self.sin + side * self.cos,
            up,
            self.at[2] + along * self.cos - side * self.sin,
        )

    def draw(self, painter: Painter) -> None:
        self._shadow(painter)
        near = min((-1.0, 1.0), key=lambda s: painter.camera.depth(self.spot(0, 0.8, s * self.wide / 2)))
        self._side(painter, -near)
        pairs = list(enumerate(zip(self.outline, self.outline[1:], strict=False)))
        pairs.sort(key=lambda item: -painter.camera.depth(self._centre(item[1])))
        for number, edge in pairs:
            self._skin(painter, number, edge)
        self._ends(painter)
        self._side(painter, near)
        self._windows(painter, near)
        self._wheels(painter, near)

    def _shadow(self, painter: Painter) -> None:
        half, long = self.wide / 2 + 0.1, 2.35
        corners = [self.spot(a * long, 0.0, b * half) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        painter.darken(corners, 0.55)

    def _centre(self, edge: tuple[tuple[float, float], tuple[float, float]]) -> Point:
        (a, up), (b, higher) = edge
        return self.spot((a + b) / 2, (up + higher) / 2, 0.0)

    def _skin(
        self, painter: Painter, number: int, edge: tuple[tuple[float, float], tuple[float, float]]
    ) -> None:
        (a, up), (b, higher) = edge
        half = self.wide / 2
        level = abs(b - a) / (abs(b - a) + abs(higher - up) + 1e-6)
        ring = [
            self.spot(a, up, -half),
            self.spot(a, up, half),
            self.spot(b, higher, half),
            self.spot(b, higher, -half),
        ]
        painter.face(ring, self.paint, (0.72 + 0.4 * level) * self.shine)
        if number in self.glazed:
            inset = half * 0.86
            pane = [self._between(edge, t, s * inset) for t, s in ((0.1, -1), (0.1, 1), (0.9, 1), (0.9, -1))]
            painter.face(pane, GLASS, 1.2)

    def _between(
        self, edge: tuple[tuple[float, float], tuple[float, float]], part: float, side: float
    ) -> Point:
        (a, up), (b, higher) = edge
        return self.spot(a + (b - a) * part, up + (higher - up) * part, side)

    def _side(self, painter: Painter, side: float) -> None:
        painter.face(
            [self.spot(a, up, side * self.wide / 2) for a, up in self.outline], self.paint, 0.9 * self.shine
        )

    def _windows(self, painter: Painter, side: float) -> None:
        edge = side * self.wide / 2 * 1.005
        top = max(up for _, up in self.outline)
        upper = [a for a, up in self.outline if up > top - 0.1]
        lower = [a for a, up in self.outline if up > top * 0.6 - 0.02]
        low = top * 0.68
        split = (min(upper) + max(upper)) / 2
        back, front = (min(upper) + min(lower)) / 2 + 0.12, (max(upper) + max(lower)) / 2 - 0.1
        for start, end, top_start, top_end in (
            (back, split - 0.05, min(upper) + 0.08, split - 0.05),
            (split + 0.05, front, split + 0.05, max(upper) - 0.05),
        ):
            painter.face(
                [
                    self.spot(start, low, edge),
                    self.spot(end, low, edge),
                    self.spot(top_end, top - 0.09, edge),
                    self.spot(top_start, top - 0.09, edge),
                ],
                GLASS,
            )
        painter.stroke(self.spot(split, low, edge), self.spot(split, 0.45, edge), 0.02, (30, 30, 32))

    def _wheels(self, painter: Painter, side: float) -> None:
        long = max(a for a, _ in self.outline)
        edge = side * self.wide / 2 * 1.01
        for hub in (-long * 0.62, long * 0.64):
            for radius, color in (
                (self.wheel * 1.15, (22, 22, 24)),
                (self.wheel, (36, 36, 38)),
                (self.wheel * 0.6, (165, 168, 170)),
                (self.wheel * 0.2, (70, 70, 72)),
            ):
                ring = np.linspace(0, 2 * np.pi, 18, endpoint=False)
                painter.face(
                    [
                        self.spot(
                            hub + radius * float(np.cos(a)), self.wheel + radius * float(np.sin(a)), edge
                        )
                        for a in ring
                    ],
                    color,
                )

    def _ends(self, painter: Painter) -> None:
        (back, _), (front, _) = self.outline[0], self.outline[-1]
        camera = painter.camera
        nose = camera.depth(self.spot(front, 0.6, 0)) < camera.depth(self.spot(back, 0.6, 0))
        x, lamp = (front + 0.02, (238, 236, 214)) if nose else (back - 0.06, (176, 30, 30))
        for side in (-1, 1):
            self._panel(painter, x, side * self.wide * 0.36, 0.17, (0.6, 0.76), lamp)
        self._panel(painter, x, 0.0, 0.24, (0.42, 0.55), self.plate)
        if nose:
            self._panel(painter, x, 0.0, 0.45, (0.6, 0.72), (24, 24, 26))

    def _panel(
        self, painter: Painter, x: float, side: float, half: float, rise: tuple[float, float], color: Color
    ) -> None:
        low, high = rise
        painter.face(
            [
                self.spot(x, low, side - half),
                self.spot(x, low, side + half),
                self.spot(x, high, side + half),
                self.spot(x, high, side - half),
            ],
            color,
        )
