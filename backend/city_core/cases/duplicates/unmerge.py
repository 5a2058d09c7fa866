"""A seat undoes a merge (撤销合并): the duplicate is again exactly what it was, at any time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from city_core.cases.command import Command, input_hash
from city_core.cases.duplicates.merging import case_ids_within, given_out, restored
from city_core.cases.record import TRIES, Change, Step, load_case
from city_core.cases.together import change_together
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor

_LONGEST_CHAIN = 40


class _ChainChanged(Exception):
    pass


async def unmerge_case(city: City, actor: Actor, case_id: str, command: Command, *, reason: str) -> Row:
    """Take a case out of the one that it was merged into, and its reports out of every case up the chain.

    The ratings that its reporters gave there meanwhile come back with them.
    """
    said = checked_opinion(reason)
    mark = input_hash("unmerge", {"reason": said})
    for _ in range(TRIES):
        chain = await _chain_of(city, actor, case_id)
        try:
            changes = _changes(city, chain, said)
            return (await change_together(city, actor, changes, command=command, mark=mark))[0]
        except _ChainChanged:
            continue
    raise CityProblem("CASE_BUSY")


async def _chain_of(city: City, actor: Actor, case_id: str) -> list[str]:
    """Name the merged case, the one that it was merged into, and so on to the one that is worked on."""
    chain = [case_id]
    while len(chain) <= _LONGEST_CHAIN:
        case = await load_case(city, actor, chain[-1])
        if case["merged_into"] is None:
            break
        chain.append(case["merged_into"])
    return chain


def _changes(city: City, chain: Sequence[str], said: str) -> list[Change]:
    seen: dict[str, Row] = {}

    async def come_back(duplicate: Row) -> Step:
        if [duplicate["merged_into"]] != chain[1:2]:
            raise _ChainChanged
        seen["duplicate"] = duplicate
        holder = await city.database.cases.find_one({"_id": chain[-1]}, {"joined_reports": 1})
        ids = case_ids_within(duplicate)
        leaving = [row for row in (holder or {})["joined_reports"] if row["merged_case_id"] in ids]
        changes, waiting = restored(duplicate, leaving)
        state = State(duplicate["before_merge"]["state"])
        work = [WorkItem(row["kind"], row["key"], row["due_at"], row["input"]) for row in waiting]
        return Step(changes, opinion=said, to=state, work=work, facts={"from": chain[1]})

    async def give_out(position: int, holder: Row) -> Step:
        duplicate = seen["duplicate"]
        following = chain[position + 1] if position + 1 < len(chain) else None
        if holder["merged_into"] != following:
            raise _ChainChanged
        changes, _ = given_out(holder, case_ids_within(duplicate))
        return Step(changes, opinion=said, facts={"merged_case_id": duplicate["_id"]})

    holders = [
        Change(holder, Action.GIVE_OUT, partial(give_out, position))
        for position, holder in enumerate(chain)
        if position > 0
    ]
    return [Change(chain[0], Action.UNMERGE, come_back), *holders]
