"""Job: a model looks at the photos of a case; what it saw is written down as advice."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import structlog

from city_core.cases.record_detections import photos_to_look_at, record_detections
from city_core.kit.city import City
from city_core.kit.work import Claim, Job
from city_core.media.serve import read_rendition
from city_workers.detection.detector import Box, Detector, UnreadablePicture

log = structlog.get_logger()


def with_model(detector: Detector) -> Job:
    """Make the job that looks through this model, one photo at a time, off the event loop."""
    looking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="detector")

    def look(data: bytes) -> list[Box]:
        try:
            return detector.look(data)
        except UnreadablePicture:
            log.warning("picture_unreadable")
            return []

    async def do(city: City, held: Claim) -> bool:
        loop = asyncio.get_running_loop()
        detections: list[dict[str, Any]] = []
        for media_id in await photos_to_look_at(city, held.owner_id):
            picture = await read_rendition(city, {"_id": media_id}, "small")
            boxes = await loop.run_in_executor(looking, look, picture.data)
            detections.append({
                "media_id": media_id,
                "model_version": detector.model_version,
                "boxes": [asdict(box) for box in boxes],
                "looked_at": city.clock.now(),
            })  # fmt: skip
        return bool(detections) and await record_detections(city, held, detections) is not None

    return do
