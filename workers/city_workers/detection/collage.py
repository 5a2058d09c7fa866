"""Makes more litter photos of few: cut-out pieces, real and rendered, laid on real and rendered ground."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from city_workers.detection.scenes import Scene, SceneBox
from city_workers.detection.scenes.floor import floor
from city_workers.detection.scenes.litter import litter_patch

Rng = np.random.Generator
Frame = tuple[float, float, float, float]
SIDE = 480
SMALLEST_CUTOUT_PX = 36


@dataclass(frozen=True)
class Photo:
    """One real photo with the pixel frames (left, top, right, bottom) of its litter."""

    image: Image.Image
    frames: tuple[Frame, ...]


def read_photos(paths: Iterable[Path], labels: Path) -> list[Photo]:
    """Read real photos to learn from, with the boxes of their litter."""
    photos = []
    for path in paths:
        with Image.open(path) as opened:
            image = opened.convert("RGB")
        lines = (labels / f"{path.stem}.txt").read_text().splitlines()
        photos.append(Photo(image, tuple(_frame(line, image.size) for line in lines if line.strip())))
    return photos


def _frame(line: str, size: tuple[int, int]) -> Frame:
    x, y, w, h = (float(part) for part in line.split()[1:5])
    wide, high = size
    return (x - w / 2) * wide, (y - h / 2) * high, (x + w / 2) * wide, (y + h / 2) * high


def cut_out(photos: list[Photo]) -> list[Image.Image]:
    """Free every large enough piece of litter from its ground."""
    pieces = (_cut(photo.image, frame) for photo in photos for frame in photo.frames)
    return [piece for piece in pieces if piece is not None]


def _cut(image: Image.Image, frame: Frame) -> Image.Image | None:
    import cv2

    left, top, right, bottom = (int(part) for part in frame)
    if min(right - left, bottom - top) < SMALLEST_CUTOUT_PX:
        return None
    gap = max(8, (right - left + bottom - top) // 8)
    outer = (
        max(0, left - gap),
        max(0, top - gap),
        min(image.width, right + gap),
        min(image.height, bottom + gap),
    )
    crop = np.asarray(image.crop(outer))
    mask = np.zeros(crop.shape[:2], np.uint8)
    inner = (left - outer[0], top - outer[1], right - left, bottom - top)
    if inner[2] >= crop.shape[1] - 4 or inner[3] >= crop.shape[0] - 4:
        return None
    cv2.setRNGSeed(7)
    cv2.grabCut(
        np.ascontiguousarray(crop[..., ::-1]),
        mask,
        inner,
        np.zeros((1, 65)),
        np.zeros((1, 65)),
        4,
        cv2.GC_INIT_WITH_RECT,
    )
    kept: NDArray[np.bool_] = (mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)
    if not 0.25 < kept.sum() / (inner[2] * inner[3]) < 0.97:
        return None
    alpha = (
        Image.fromarray((kept * 255).astype(np.uint8))
        .filter(ImageFilter.MedianFilter(5))
        .filter(ImageFilter.GaussianBlur(1))
    )
    piece = Image.fromarray(crop).convert("RGBA")
    piece.putalpha(alpha)
    bounds = alpha.point(lambda value: 255 if value > 127 else 0).getbbox()
    return piece.crop(bounds) if bounds else None


def compose_collage(seed: int, photos: list[Photo], pieces: list[Image.Image]) -> Scene:
    """Lay litter on a piece of ground; the same seed and photos give the same collage."""
    rng = np.random.default_rng([seed, 77])
    real_ground = bool(photos) and rng.random() < 0.62
    if real_ground:
        image, frames = _real_ground(photos[int(rng.integers(len(photos)))], rng)
        brush = None
    else:
        image, brush = floor((SIDE, SIDE), rng)
        frames = []
    for _ in range(int(rng.choice([0, 1, 2, 3, 4], p=[0.05, 0.4, 0.3, 0.15, 0.1]))):
        from_real = bool(pieces) and rng.random() < 0.7
        piece = pieces[int(rng.integers(len(pieces)))] if from_real else litter_patch(rng)[0]
        frame = _lay(image, piece, frames, rng)
        if frame and brush and rng.random() < 0.4:
            brush(image, tuple(int(part) for part in frame))  # type: ignore[arg-type]
        frames += [frame] if frame else []
    image = _snapped(image, rng)
    return Scene(
        image,
        tuple(
            SceneBox("litter", a / SIDE, b / SIDE, (c - a) / SIDE, (d - b) / SIDE) for a, b, c, d in frames
        ),
    )


def _real_ground(photo: Photo, rng: Rng) -> tuple[Image.Image, list[Frame]]:
    """A square of a real photo, turned by quarters; litter cut by its edge is avoided where it can be."""
    shortest = min(photo.image.size)
    for _ in range(12):
        side = float(rng.uniform(0.55, 1.0)) * shortest
        left, top = rng.uniform(0, photo.image.width - side), rng.uniform(0, photo.image.height - side)
        cut = [_clipped(frame, left, top, side) for frame in photo.frames]
        if all(share == 0 or share > 0.75 for _, share in cut):
            break
    zoom = SIDE / side
    image = photo.image.crop((int(left), int(top), int(left + side), int(top + side))).resize((SIDE, SIDE))
    frames = [tuple(part * zoom for part in frame) for frame, share in cut if share > 0.3]
    for _ in range(int(rng.integers(4))):
        image = image.transpose(Image.Transpose.ROTATE_90)
        frames = [(b, SIDE - c, d, SIDE - a) for a, b, c, d in frames]
    return image, frames  # type: ignore[return-value]


def _clipped(frame: Frame, left: float, top: float, side: float) -> tuple[Frame, float]:
    a, b, c, d = frame
    seen = (max(0.0, a - left), max(0.0, b - top), min(side, c - left), min(side, d - top))
    area = max(0.0, seen[2] - seen[0]) * max(0.0, seen[3] - seen[1])
    return seen, area / max(1e-6, (c - a) * (d - b))


def _lay(image: Image.Image, piece: Image.Image, taken: list[Frame], rng: Rng) -> Frame | None:
    long = float(np.exp(rng.uniform(np.log(0.06), np.log(0.42)))) * SIDE
    zoom = long / max(piece.size)
    zoom = min(zoom, 2.2)
    laid = piece.resize(
        (max(6, int(piece.width * zoom)), max(6, int(piece.height * zoom))), Image.Resampling.LANCZOS
    )
    laid = laid.rotate(float(rng.uniform(0, 360)), expand=True, resample=Image.Resampling.BICUBIC)
    bounds = laid.getchannel("A").point(lambda value: 255 if value > 100 else 0).getbbox()
    if bounds is None:
        return None
    laid = _relit(laid.crop(bounds), rng)
    left, top = int(rng.uniform(0, SIDE - laid.width)), int(rng.uniform(0, SIDE - laid.height))
    frame = (float(left), float(top), float(left + laid.width), float(top + laid.height))
    if any(_touch(frame, other) for other in taken):
        return None
    shadow = (
        laid.getchannel("A")
        .filter(ImageFilter.GaussianBlur(max(1, long / 30)))
        .point(lambda value: int(value * 0.45))
    )
    image.paste((14, 12, 12), (left + int(rng.integers(-4, 7)), top + int(rng.integers(0, 7))), shadow)
    image.paste(laid.convert("RGB"), (left, top), laid.getchannel("A"))
    return frame


def _relit(piece: Image.Image, rng: Rng) -> Image.Image:
    alpha = piece.getchannel("A")
    body = ImageEnhance.Color(piece.convert("RGB")).enhance(float(rng.uniform(0.6, 1.2)))
    body = ImageEnhance.Brightness(body).enhance(float(rng.uniform(0.65, 1.15)))
    return Image.merge("RGBA", (*body.split(), alpha))


def _touch(one: Frame, other: Frame) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])


def _snapped(image: Image.Image, rng: Rng) -> Image.Image:
    if rng.random() < 0.4:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.1))))
    image = ImageEnhance.Contrast(image).enhance(float(rng.uniform(0.8, 1.2)))
    noisy = np.asarray(image, np.float32) + rng.normal(0, rng.uniform(0.5, 5), (SIDE, SIDE, 3))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
