"""Keeps the audit log sealed: a moment after something was put on record it is part of the chain."""

from __future__ import annotations

import asyncio

import structlog

from city_core.audit.head import export_head
from city_core.audit.seal import seal_entries
from city_core.kit.city import City
from city_core.kit.logs import failure

log = structlog.get_logger()
_PAUSE_SECONDS = 2.0


async def keep_sealing(city: City) -> None:
    """Seal what waits, again and again; beside others who try, only one does."""
    while True:
        try:
            await seal_entries(city)
        except Exception as error:
            log.error("sealing_failed", **failure(error))
        await asyncio.sleep(_PAUSE_SECONDS)


async def note_audit_head(city: City) -> int:
    """Write the signed head of the chain to the log of the process, which lies outside the database."""
    head = await export_head(city)
    log.info("audit_head", seq=head.seq, hash=head.hash, time=head.time, key_id=head.key_id,
             signature=head.signature)  # fmt: skip
    return 0
