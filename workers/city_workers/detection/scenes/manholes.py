"""Sets manholes into the ground: sound covers, and broken, shifted, sunken or missing ones."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from city_workers.detection.scenes.model import Point
from city_workers.detection.scenes.painter import Painter

SIDE = 224


def sound_cover(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    """A cover lying flush in its frame: nothing to report."""
    patch = _blank()
    _rim(patch, rng)
    _cover(patch, rng)
    _lay(painter, patch, at, float(rng.uniform(0.3, 0.42)), rng)


def damaged_manhole(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    """A manhole that someone can fall into: cover missing, shifted or broken."""
    kind = str(rng.choice(["missing", "shifted", "broken", "sunken"], p=[0.3, 0.34, 0.28, 0.08]))
    radius = float(rng.uniform(0.3, 0.42))
    with painter.problem("damaged_manhole"):
        patch = _blank()
        _rim(patch, rng)
        _hole(patch, rng)
        if kind == "broken":
            patch = _broken(patch, rng)
        if kind == "sunken":
            patch = _sunken(patch, rng)
        _lay(painter, patch, at, radius, rng)
        if kind == "shifted" or (kind == "missing" and rng.random() < 0.25):
            _lay_cover_aside(painter, at, radius, rng, near=kind == "shifted")
    if rng.random() < 0.12:
        _branch(painter, at)


def _blank() -> Image.Image:
    return Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))


def _circle(part: float) -> tuple[float, float, float, float]:
    gap = SIDE / 2 * (1 - part)
    return gap, gap, SIDE - 1 - gap, SIDE - 1 - gap


def _rim(patch: Image.Image, rng: np.random.Generator) -> None:
    ink = ImageDraw.Draw(patch)
    grey = int(rng.uniform(84, 150))
    ink.ellipse(_circle(1.0), fill=(grey, grey - 4, grey - 10, 255))
    ink.ellipse(_circle(0.9), fill=(grey // 2, grey // 2, grey // 2, 255))


def _cover(patch: Image.Image, rng: np.random.Generator) -> None:
    """A cast-iron (or round concrete) cover with its pattern."""
    ink = ImageDraw.Draw(patch)
    grey = rng.uniform(62, 140)
    rust = rng.uniform(0, 26)
    base = (int(grey + rust), int(grey), int(grey - rust * 0.6), 255)
    raised = (*(int(min(255, part * 1.32)) for part in base[:3]), 255)
    ink.ellipse(_circle(0.87), fill=base)
    for part in (0.78, 0.4):
        ink.ellipse(_circle(part), outline=raised, width=4)
    if rng.random() < 0.55:
        step = int(rng.integers(14, 24))
        for a in range(step, SIDE, step):
            for b in range(step, SIDE, step):
                if (a - SIDE / 2) ** 2 + (b - SIDE / 2) ** 2 < (SIDE * 0.34) ** 2:
                    ink.rectangle((a, b, a + step // 2, b + step // 3), fill=raised)
    else:
        for angle in np.linspace(0, np.pi, 7)[:-1]:
            dx, dy = SIDE * 0.38 * np.cos(angle), SIDE * 0.38 * np.sin(angle)
            ink.line((SIDE / 2 - dx, SIDE / 2 - dy, SIDE / 2 + dx, SIDE / 2 + dy), fill=raised, width=5)
    for side in (-1, 1):
        x = SIDE / 2 + side * SIDE * 0.28
        ink.ellipse((x - 5, SIDE / 2 - 5, x + 5, SIDE / 2 + 5), fill=(24, 24, 24, 255))


def _hole(patch: Image.Image, rng: np.random.Generator) -> None:
    """The open shaft: black below, with a lit crescent of its far wall."""
    ink = ImageDraw.Draw(patch)
    brick = (int(rng.uniform(70, 120)), int(rng.uniform(62, 96)), int(rng.uniform(54, 84)), 255)
    ink.ellipse(_circle(0.88), fill=brick)
    drop = SIDE * rng.uniform(0.08, 0.24)
    left, top, right, bottom = _circle(0.86)
    deep = int(rng.uniform(4, 22))
    shaft = Image.new("L", patch.size, 0)
    ImageDraw.Draw(shaft).ellipse((left, top + drop, right, bottom + drop), fill=255)
    inside = Image.new("L", patch.size, 0)
    ImageDraw.Draw(inside).ellipse((left, top, right, bottom), fill=255)
    both = Image.composite(shaft, Image.new("L", patch.size, 0), inside)
    patch.paste((deep, deep, deep + 2, 255), (0, 0), both)


def _broken(patch: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Leave a part of the cover in place and let the shaft show through the rest."""
    cover = _blank()
    _cover(cover, rng)
    keep = Image.new("L", cover.size, 255)
    ink = ImageDraw.Draw(keep)
    around = float(rng.uniform(0, 2 * np.pi))
    reach = SIDE * rng.uniform(0.0, 0.3)
    centre = (SIDE / 2 + reach * np.cos(around), SIDE / 2 + reach * np.sin(around))
    teeth = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(6, 11))))
    ink.polygon(
        [
            (
                centre[0] + SIDE * rng.uniform(0.14, 0.42) * np.cos(a),
                centre[1] + SIDE * rng.uniform(0.14, 0.42) * np.sin(a),
            )
            for a in teeth
        ],
        fill=0,
    )
    for _ in range(int(rng.integers(2, 5))):
        path = [centre]
        heading = float(rng.uniform(0, 2 * np.pi))
        for _ in range(5):
            heading += float(rng.normal(0, 0.5))
            path.append((path[-1][0] + 26 * np.cos(heading), path[-1][1] + 26 * np.sin(heading)))
        ink.line(path, fill=0, width=int(rng.integers(3, 7)))
    patch.paste(cover, (0, 0), Image.composite(cover.getchannel("A"), Image.new("L", cover.size, 0), keep))
    return patch


def _sunken(patch: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A cover that has tipped into its shaft."""
    cover = _blank()
    _cover(cover, rng)
    cover = cover.resize((SIDE, int(SIDE * rng.uniform(0.5, 0.72)))).rotate(
        float(rng.uniform(0, 360)), expand=True
    )
    patch.alpha_composite(
        cover.resize((int(SIDE * 0.84), int(SIDE * 0.8))), (int(SIDE * 0.08), int(SIDE * 0.1))
    )
    return patch


def _corners(at: Point, radius: float) -> list[Point]:
    x, _, z = at
    return [
        (x - radius, 0.0, z + radius),
        (x + radius, 0.0, z + radius),
        (x + radius, 0.0, z - radius),
        (x - radius, 0.0, z - radius),
    ]


def _lay(painter: Painter, patch: Image.Image, at: Point, radius: float, rng: np.random.Generator) -> None:
    painter.sticker(patch, _corners(at, radius), float(rng.uniform(0.85, 1.1)))


def _lay_cover_aside(
    painter: Painter, at: Point, radius: float, rng: np.random.Generator, *, near: bool
) -> None:
    away = radius * float(rng.uniform(0.45, 1.3) if near else rng.uniform(1.8, 2.6))
    around = float(rng.uniform(0, 2 * np.pi))
    spot = (at[0] + away * float(np.cos(around)), 0.0, at[2] + away * float(np.sin(around)))
    painter.darken(_corners((spot[0] + 0.04, 0.0, spot[2] - 0.05), radius * 0.8), 0.35)
    patch = _blank()
    _cover(patch, rng)
    _lay(painter, patch, spot, radius, rng)


def _branch(painter: Painter, at: Point) -> None:
    """What people put into an open hole as a warning."""
    painter.stroke(at, (at[0] + 0.15, 1.1, at[2] + 0.1), 0.03, (90, 66, 40))
    for lift in (0.7, 0.9, 1.05):
        painter.ball((at[0] + 0.12, lift, at[2] + 0.08), 0.1, (70, 110, 50))
