"""The duties of the city's workers: every so often, by whichever process comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta

import structlog

from city_core.cases.photos import needed_until, photos_in_cases
from city_core.cases.tallies.fold import fold_tallies
from city_core.commands.queries import photos_in_commands
from city_core.detection.forget_finds import forget_finds
from city_core.eye.forget import expire_events, forget_frames, photos_in_frames
from city_core.kit.city import City
from city_core.kit.duties import Duty, take_turn
from city_core.kit.logs import failure
from city_core.media.ask_for_veils import ask_for_veils
from city_core.media.drop_originals import drop_originals
from city_core.media.sweep_orphans import sweep_files, sweep_photos, sweep_uploads
from city_core.people.report_position import forget_old_positions
from city_core.places.components.fold import fold_components
from city_core.places.components.queries import photos_of_components
from city_core.places.registries.imports import sweep_import_files
from city_core.privacy.retention import RETENTION_DUTY
from city_workers.sealing import note_audit_head

log = structlog.get_logger()
_LOOK_SECONDS = 60


async def _sweep_photos(city: City) -> int:
    return await sweep_photos(city, _in_use, _expected)


async def _in_use(city: City, media_ids: Collection[str]) -> set[str]:
    """Tell which photos are held by a case or show a component."""
    return await photos_in_cases(city, media_ids) | await photos_of_components(city, media_ids)


async def _expected(city: City, media_ids: Collection[str]) -> set[str]:
    """Tell which photos are waited for: a command that is still held names them, or they are kept frames."""
    return await photos_in_commands(city, media_ids) | await photos_in_frames(city, media_ids)


async def _drop_originals(city: City) -> int:
    return await drop_originals(city, needed_until)


DUTIES = (
    Duty("forget_frames", timedelta(minutes=10), forget_frames),
    Duty("expire_events", timedelta(minutes=1), expire_events),
    Duty("sweep_photos", timedelta(minutes=10), _sweep_photos),
    Duty("sweep_uploads", timedelta(minutes=10), sweep_uploads),
    Duty("sweep_files", timedelta(minutes=10), sweep_files),
    Duty("forget_finds", timedelta(minutes=10), forget_finds),
    Duty("drop_originals", timedelta(hours=1), _drop_originals),
    Duty("forget_positions", timedelta(minutes=10), forget_old_positions),
    Duty("sweep_import_files", timedelta(hours=1), sweep_import_files),
    Duty("ask_for_veils", timedelta(minutes=10), ask_for_veils),
    Duty("fold_tallies", timedelta(minutes=1), fold_tallies),
    Duty("fold_components", timedelta(minutes=1), fold_components),
    Duty("note_audit_head", timedelta(hours=1), note_audit_head),
    RETENTION_DUTY,
)


async def do_duties(city: City, duties: Sequence[Duty] = DUTIES) -> None:
    """Do the duties that are due, one after the other; one that fails does not stop the others."""
    for duty in duties:
        try:
            if await take_turn(city, duty):
                done = await duty.do(city)
                if done:
                    log.info("duty_done", duty=duty.name, done=done)
        except Exception as error:
            log.error("duty_failed", duty=duty.name, **failure(error))


async def keep_doing_duties(city: City, duties: Sequence[Duty] = DUTIES) -> None:
    """Look every minute which duty is due."""
    while True:
        await do_duties(city, duties)
        await asyncio.sleep(_LOOK_SECONDS)
