"""A command of a phone is carried out once, however often it arrives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from city_core.cases.command import Command
from city_core.cases.queries import find_case
from city_core.commands.log import COLLECTION, KEPT, carry_out, claim, log_row, running
from city_core.commands.outcomes import problem_in, reused
from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row, quickly
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

Work = Callable[[], Awaitable[Any]]


async def run_once(city: City, actor: Actor, command: Command, name: str, mark: str, work: Work) -> Any:
    """Carry a command out, or tell what became of it when it came before.

    `mark` is the hash of its input without id, times and base version. A refusal is told again word by
    word; what succeeded is shown as it is now, as far as the person may see it now. Another input under the
    same id is refused, one that is still being carried out is to be asked for again.
    """
    now = city.clock.now()
    # Whoever never asks again, after their process was killed, leaves nothing for ever.
    until = {"expires_at": now + KEPT}
    row: Row | None = {**log_row(actor, command, name, mark, now), **running(city), **until}
    assert row is not None
    try:
        await quickly(city.database[COLLECTION]).insert_one(row)
    except DuplicateKeyError:
        known = await quickly(city.database[COLLECTION]).find_one({"_id": row["_id"]})
        if known is not None and known["input_hash"] != mark:
            raise reused() from None
        if known is not None and known["state"] == "DONE":
            return await _shown_again(city, actor, known, work)
        row = None if known is None or known["state"] == "HELD" else await claim(city, known)
        if row is None:
            raise CityProblem(
                "COMMAND_IN_PROGRESS", field="clientId", allowed="the same again, later"
            ) from None
    return await carry_out(city, row, work)


async def _shown_again(city: City, actor: Actor, known: Row, work: Work) -> Any:
    problem = problem_in(known["outcome"])
    if problem is not None:
        raise problem
    if known.get("is_just_done"):  # done again it could undo what came after it
        return True
    if known["case_id"] is None:  # no case: the use-case knows its own command and answers as it did
        return await work()
    case = await find_case(city, actor, known["case_id"])
    if case is None:
        raise CityProblem("CASE_NOT_FOUND")
    return case
