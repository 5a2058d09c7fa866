"""Steps on several cases at once (merging, splitting, joint closing): all of them are taken, or none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from city_core.cases.command import Command
from city_core.cases.record import (
    COLLECTION,
    TRIES,
    Change,
    Planned,
    is_repeated,
    load_case,
    plan,
    refuse_id_of_other_case,
    wake_after,
    write,
)
from city_core.kit.city import City
from city_core.kit.mongo import Row, Session, in_transaction
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim, WorkItem
from city_core.people.roles import Actor

NewCases = Callable[[Sequence[Row]], Awaitable[Sequence[Row]]]


class _SomebodyWasFaster(Exception):
    pass


async def change_together(
    city: City,
    actor: Actor,
    changes: Sequence[Change],
    *,
    command: Command | None = None,
    mark: str | None = None,
    finishes: Claim | None = None,
    new_cases: NewCases | None = None,
) -> list[Row]:
    """Take one step on each of several cases in one transaction, and add new cases if there are any.

    The first case is the one that the command is about: it answers for repetition. `finishes` is work of the
    first case. `new_cases` is asked with the cases as loaded.
    """
    for _ in range(TRIES):
        cases = [await load_case(city, actor, change.case_id) for change in changes]
        if command is not None:
            if is_repeated(cases[0], actor, command, mark):
                return cases
            await refuse_id_of_other_case(city, changes[0].case_id, actor, command)
        planned = [
            await plan(city, actor, case, change, command if change is changes[0] else None, mark)
            for case, change in zip(cases, changes, strict=True)
        ]
        added = list(await new_cases(cases)) if new_cases is not None else []
        try:
            changed = await in_transaction(city.database, _writing(city, planned, added, finishes))
        except _SomebodyWasFaster:
            continue
        _wake_all(city, changed, planned, added)
        return changed
    raise CityProblem("CASE_BUSY")


def _writing(
    city: City, planned: Sequence[Planned], added: Sequence[Row], finishes: Claim | None
) -> Callable[[Session], Coroutine[Any, Any, list[Row]]]:
    async def write_all(session: Session) -> list[Row]:
        written = []
        for position, step in enumerate(planned):
            row = await write(city, step, finishes if position == 0 else None, session)
            if row is None:
                raise _SomebodyWasFaster
            written.append(row)
        if added:
            await city.database[COLLECTION].insert_many(list(added), session=session)
        return written

    return write_all


def _wake_all(city: City, changed: Sequence[Row], planned: Sequence[Planned], added: Sequence[Row]) -> None:
    for case, step in zip(changed, planned, strict=True):
        wake_after(city, case, step.work)
    for case in added:
        wake_after(city, case, [WorkItem(row["kind"], row["key"], row["due_at"]) for row in case["work"]])
