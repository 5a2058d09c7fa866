"""The table of fault points: what is there before, what the process does, who makes good, what must hold."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from city_core.audit.seal import LEASE, seal_entries
from city_core.audit.verify import verify_audit
from city_core.kit.city import City
from city_core.kit.clock import SystemClock
from city_core.kit.mongo import Row
from city_core.media.files import read_file
from city_core.media.sweep_orphans import sweep_files
from city_core.places.registries.model import IMPORTS
from city_core.sync.lease import LEASE_SECONDS
from tests.audit_entries import written
from tests.faults import deeds
from tests.faults.deeds import DEEDS, PUSHED, Given
from tests.faults.givens import (
    People,
    ended_case,
    new_photo,
    new_report,
    nothing,
    signed_in,
    to_feed,
    to_import,
    to_notify,
    to_push,
    to_seal,
    to_triage,
)
from tests.hand_clock import HandClock
from tests.work_by_hand import do_due_work

Prepare = Callable[[City, People, Path], Awaitable[Given]]
Step = Callable[[City, Given], Awaitable[Any]]
STEPS = ["SUBMIT", "ADMIT", "FILE", "DISPATCH"]


@dataclass(frozen=True)
class Trial:
    """One point: `prepare` gives what the deed is about, `mend` is what others do after the process died."""

    point: str
    deed: str
    prepare: Prepare
    mend: Step
    check: Step

    @property
    def has_village(self) -> bool:
        """Imports have a town of their own."""
        return not self.point.startswith("import.")


def later(city: City, seconds: float) -> City:
    """See the city as it is a while after now."""
    return replace(city, clock=HandClock(SystemClock().now() + timedelta(seconds=seconds)))


def _after_the_lease(city: City) -> City:
    return later(city, city.settings.work_lease_seconds + 5)


def again(name: str) -> Step:
    """The phone repeats itself, or another process takes the same up, once the lease has ended."""

    async def mend(city: City, given: Given) -> None:
        await DEEDS[name](_after_the_lease(city), given)

    return mend


async def swept(city: City, given: Given) -> None:
    """Nobody was woken: what is due is found by those who look for it."""
    await do_due_work(_after_the_lease(city))


async def reported_again(city: City, given: Given) -> None:
    await deeds.submit(city, given)
    await do_due_work(later(city, 1))


async def one_case_went_its_way(city: City, given: Given) -> None:
    [case] = await city.database.cases.find({}).to_list(None)
    assert [row["action"] for row in case["history"]] == STEPS
    assert [row["seq"] for row in case["history"]] == [1, 2, 3, 4]
    assert [item["kind"] for item in case["work"] if item["kind"] != "escalate"] == []
    messages = await city.database.inbox_messages.find({}).to_list(None)
    assert [row["person_id"] for row in messages] == [case["task"]["assignee_id"]]


async def one_hint_is_on_record(city: City, given: Given) -> None:
    """The hint went twice under one id, by which phones and push services know it again; it counts once."""
    [message] = await city.database.inbox_messages.find({}).to_list(None)
    assert [push["outcome"] for push in message["pushes"]] == ["DELIVERED"]
    assert await city.database[PUSHED].distinct("message_id") == [message["_id"]]
    assert await city.database[PUSHED].count_documents({}) == 2


async def rows_came_in_once(city: City, given: Given) -> None:
    done = await city.database[IMPORTS].find_one({"_id": given["owner_id"]})
    assert (done["state"], done["new"], done["unchanged"], done["work"]) == ("DONE", 3, 0, [])
    once = {"version": 1, "history": {"$size": 1}}
    assert await city.database.components.count_documents(once) == 3


async def counted_once(city: City, given: Given) -> None:
    case = await city.database.cases.find_one({})
    assert case["tally_due"] is False and case["tally"] is not None
    rows: list[Row] = await city.database.case_tallies.find({}).to_list(None)
    assert rows and {tuple(row["n"].values()) for row in rows} == {(1,)}


async def photo_again(city: City, given: Given) -> None:
    await deeds.photograph(city, given)
    await sweep_files(later(city, 86_400))


async def one_photo_with_one_file(city: City, given: Given) -> None:
    [photo] = await city.database.photos.find({}).to_list(None)
    assert photo["sha256"] == hashlib.sha256(given["data"]).hexdigest()
    assert await read_file(city, photo, "original_file") == given["data"]
    assert await city.database["photo_originals.files"].count_documents({}) == 1
    assert await city.database.begun_files.count_documents({}) == 0


async def one_photo_of_an_upload(city: City, given: Given) -> None:
    await one_photo_with_one_file(city, given)
    left = await city.database.upload_parts.find({}).to_list(None)
    assert all(part["expires_at"] is not None for part in left), "what a dead process left expires"
    upload = await city.database.uploads.find_one({})
    assert upload["done"] and upload["parts"] == [] and upload["work"] == []


async def queue_goes_on(city: City, given: Given) -> None:
    """The phone hands the same command over once more, and then the next one."""
    after = _after_the_lease(city)
    await deeds.hand_over_queue(after, given)
    await deeds.hand_over_queue(after, {"client_id": uuid.uuid4().hex, "sequence": 2})


async def each_command_of_the_queue_is_one_case(city: City, given: Given) -> None:
    logged = await city.database.command_log.find({}).sort("sequence", 1).to_list(None)
    assert [(row["state"], row["outcome"]["status"]) for row in logged] == [("DONE", "APPLIED")] * 2
    cases = await city.database.cases.find({}).sort("_id", 1).to_list(None)
    assert [case["_id"] for case in cases] == [row["case_id"] for row in logged]


async def renewed_twice(city: City, given: Given) -> None:
    """The phone asks once more as it got no answer, and then goes on with what it was given."""
    following = await deeds.renew(city, given)
    await deeds.renew(city, {**given, "token": following.refresh_token})


async def one_session_goes_on(city: City, given: Given) -> None:
    [session] = await city.database.sessions.find({}).to_list(None)
    assert session["ended_at"] is None and session["generation"] == 3


async def fed_by_the_next(city: City, given: Given) -> None:
    await deeds.feed_one(later(city, LEASE_SECONDS + 1), given)


async def fed_once_without_gap(city: City, given: Given) -> None:
    seqs = [row["seq"] async for row in city.database.sync_entries.find({}).sort("seq", 1)]
    assert seqs and seqs == list(range(1, len(seqs) + 1))
    [stored] = await city.database.sync_feed.find({}).to_list(None)
    assert stored["seq"] == len(seqs) and stored["fence"] == 2


async def sealed_by_the_next(city: City, given: Given) -> None:
    """One more entry comes, and another process seals what waits once the lease has ended."""
    await written(city)
    await seal_entries(later(city, LEASE.total_seconds() + 1), holder="next")


async def one_chain_without_gap(city: City, given: Given) -> None:
    found = await verify_audit(city)
    assert (found.rows, found.waiting, found.bad) == (4, 0, None)


async def next_turn(city: City, given: Given) -> None:
    assert not await deeds.duty(city, given), "the turn that was taken is gone"
    assert await deeds.duty(later(city, 61), given), "the next one is somebody else's"


async def one_duty(city: City, given: Given) -> None:
    assert await city.database.duties.count_documents({}) == 1


_T = Trial
TRIALS = (
    _T("report.written", "submit", new_report, reported_again, one_case_went_its_way),
    _T("step.written", "work", to_triage, swept, one_case_went_its_way),
    _T("work.claimed", "work", to_triage, swept, one_case_went_its_way),
    _T("work.done", "work", to_notify, swept, one_case_went_its_way),
    _T("push.sent", "work", to_push, again("work"), one_hint_is_on_record),
    _T("import.rows_read", "work", to_import, again("work"), rows_came_in_once),
    _T("import.batch_written", "work", to_import, again("work"), rows_came_in_once),
    _T("tallies.half_folded", "fold", ended_case, again("fold"), counted_once),
    _T("upload.part_kept", "append", new_photo, again("append"), one_photo_of_an_upload),
    _T("photo.bytes_kept", "photograph", new_photo, photo_again, one_photo_with_one_file),
    _T("command.carried_out", "hand_over_queue", new_report, queue_goes_on,
       each_command_of_the_queue_is_one_case),
    _T("tokens.rotated", "renew", signed_in, renewed_twice, one_session_goes_on),
    _T("feed.half_fed", "feed_one", to_feed, fed_by_the_next, fed_once_without_gap),
    _T("seal.half_sealed", "seal", to_seal, sealed_by_the_next, one_chain_without_gap),
    _T("seal.batch_sealed", "seal", to_seal, sealed_by_the_next, one_chain_without_gap),
    _T("duty.taken", "duty", nothing, next_turn, one_duty),
)  # fmt: skip
