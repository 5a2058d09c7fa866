"""A file is brought into its registry: batch by batch, and on from where a broken-off worker left it."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.mongo import NoFile, PyMongoError, Row, photo_store
from city_core.kit.work import Claim
from city_core.places.registries.checks import check_rows
from city_core.places.registries.faults import MOST_FAULTS_KEPT, BadFile, Fault
from city_core.places.registries.given import Checked, Given, read_row
from city_core.places.registries.known import Known, Outside, Terms, known_of
from city_core.places.registries.model import FILES, IMPORTS, ImportState
from city_core.places.registries.read import rows_of
from city_core.places.registries.retire import retire_missing, scope_of
from city_core.places.registries.survey import Survey, survey
from city_core.places.registries.tables import REGISTRIES, Registry
from city_core.places.registries.write_batch import Importing, Settled, write_batch

BATCH = 1_000
_MOST_NAMES = 50
_GIVEN_UP = Fault(0, "file", "多次尝试后仍未完成", "the import was broken off again and again")
_GONE = Fault(0, "file", "文件已不存在", "the file is no longer there")


class LeaseLost(Exception):
    """Somebody else does this import by now."""


@dataclass
class _Run:
    """One run over a file: what is asked, what the file is checked against, and the codes seen in it."""

    city: City
    held: Claim
    asked: Row
    registry: Registry
    terms: Terms
    known: Known
    surveyed: Survey
    importing: Importing
    seen: dict[str, int] = field(default_factory=dict)
    count: int = 0
    nameless: int = 0


async def bring_in(city: City, held: Claim, outside: Outside) -> bool:
    """Bring a file into its registry; answers True, as the last write takes the work off the list.

    Rows that were settled before are passed over; a file that cannot be read ends the import with its reason.
    """
    asked = await city.database[IMPORTS].find_one({"_id": held.owner_id, **held.filter})
    if asked is None or asked["state"] in (ImportState.DONE, ImportState.FAILED):
        return False
    known = await known_of(city, outside)
    try:
        await _bring_to_its_end(city, held, asked, known)
    except LeaseLost:
        return True  # the file stays: it is whoever does this import now that still reads it
    with contextlib.suppress(NoFile):
        await photo_store(city.database, FILES).delete(asked["file_id"])
    return True


async def _bring_to_its_end(city: City, held: Claim, asked: Row, known: Known) -> None:
    try:
        async with _lease_kept(city, held), _file_of(city, asked) as path:
            await _bring(city, held, asked, known, path)
    except BadFile as bad:
        await _end(city, held, ImportState.FAILED, {"failure": bad.fault.stored()})
    except NoFile:
        await _end(city, held, ImportState.FAILED, {"failure": _GONE.stored()})


async def give_up(city: City, held: Claim) -> bool:
    """End an import that its worker did not survive again and again."""
    with contextlib.suppress(LeaseLost):
        await _end(city, held, ImportState.FAILED, {"failure": _GIVEN_UP.stored()})
    return True


async def _bring(city: City, held: Claim, asked: Row, known: Known, path: Path) -> None:
    registry = REGISTRIES[asked["registry"]]
    terms = Terms(asked["datum"], asked["layer"], known.day)
    surveyed = await asyncio.to_thread(lambda: survey(registry, rows_of(path), known, terms))
    now = city.clock.now()
    begun = {
        "state": ImportState.RUNNING,
        "rows_total": surveyed.rows,
        "passed_over": surveyed.passed_over[:_MOST_NAMES],
        "began_at": asked["began_at"] or now,
    }
    await _note(city, held, {"$set": begun})
    importing = Importing(asked["_id"], asked["by"], now, asked["dry_run"], partial(_hold_on, city, held))
    run = _Run(city, held, asked, registry, terms, known, surveyed, importing)
    rows = rows_of(path)
    try:
        while batch := await asyncio.to_thread(lambda: list(islice(rows, BATCH))):
            await _batch(run, batch)
    finally:
        await asyncio.to_thread(rows.close)  # type: ignore[attr-defined]
    retired = 0
    if asked["retire_missing"] and not run.nameless:
        scope = (await city.database[IMPORTS].find_one({"_id": asked["_id"]}, {"scope": 1}) or {})["scope"]
        retired = await retire_missing(city, registry, scope, run.seen.keys(), importing, known.day)
    await _end(city, held, ImportState.DONE, {"retired": retired})


async def _batch(run: _Run, batch: list[Given]) -> None:
    """Settle the rows of a batch that were not settled before."""
    done_before: int = run.asked["rows_done"]
    passed = max(0, done_before - run.count)
    fresh = await asyncio.to_thread(lambda: _checked(run, batch, passed))
    run.count += len(batch)
    if not fresh:
        return
    settled = await write_batch(run.city, run.registry, fresh, run.known, run.terms, run.importing)
    await point("import.batch_written")
    await _note(run.city, run.held, _progress(settled, run.count, scope_of(run.registry, fresh)))


def _checked(run: _Run, batch: list[Given], passed: int) -> list[Checked]:
    """Read a batch, and check all but the first rows of it, which were settled before."""
    rows = [read_row(run.registry, given, run.terms) for given in batch]
    for row in rows:
        first = run.seen.setdefault(row.id, row.row) if row.id is not None else None
        run.nameless += row.id is None
        if first is not None and first != row.row:
            row.fault("code", f"与第{first}行编码重复", f"row {first} has the same code")
        row.faults += run.surveyed.faults.get(row.row, [])
    check_rows(run.registry, rows[passed:], run.known, run.terms, run.surveyed.divisions)
    return rows[passed:]


def _progress(settled: Settled, rows_done: int, scope: list[str]) -> Row:
    faults = sorted(settled.faults, key=lambda fault: fault.row)
    counts = {name: getattr(settled, name) for name in ("new", "changed", "unchanged", "refused", "kept")}
    return {
        "$set": {"rows_done": rows_done, "work.$.attempts": 0},
        "$inc": counts,
        "$push": {"bad_rows": {"$each": [fault.stored() for fault in faults[:MOST_FAULTS_KEPT]],
                               "$slice": MOST_FAULTS_KEPT}},
        "$addToSet": {"scope": {"$each": scope}},
    }  # fmt: skip


async def _note(city: City, held: Claim, update: Row) -> None:
    result = await city.database[IMPORTS].update_one({"_id": held.owner_id, **held.filter}, update)
    if not result.matched_count:
        raise LeaseLost


async def _end(city: City, held: Claim, state: ImportState, more: Row) -> None:
    """Write how an import ended and take its work off the list, in one write."""
    ended = {"state": state, "ended_at": city.clock.now(), **more}
    done = {"work": {"key": held.key, "token": held.token}}
    await _note(city, held, {"$set": ended, "$pull": done})


@contextlib.asynccontextmanager
async def _file_of(city: City, asked: Row) -> AsyncIterator[Path]:
    """Lay the file of an import on disk for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="places-") as folder:
        path = Path(folder) / "file"
        source = await photo_store(city.database, FILES).open_download_stream(asked["file_id"])
        with path.open("wb") as target:
            while piece := await source.readchunk():
                target.write(piece)
        yield path


async def _hold_on(city: City, held: Claim) -> None:
    """Have the work for the length of one more lease; raises LeaseLost where somebody else has it by now."""
    due_at = city.clock.now() + timedelta(seconds=city.settings.work_lease_seconds)
    await _note(city, held, {"$set": {"work.$.due_at": due_at}})


@contextlib.asynccontextmanager
async def _lease_kept(city: City, held: Claim) -> AsyncIterator[None]:
    """Hold on to the work while it is done: it lasts longer than a lease."""
    lease = city.settings.work_lease_seconds

    async def hold_on() -> None:
        while True:
            await asyncio.sleep(lease / 3)
            with contextlib.suppress(PyMongoError):
                await _hold_on(city, held)

    holding = asyncio.create_task(hold_on())
    try:
        yield
    finally:
        holding.cancel()
        with contextlib.suppress(asyncio.CancelledError, LeaseLost):
            await holding
