"""Counts cases at one instant: open ones as they are, ended ones from the tallies.

What ended and is not in the tallies yet is added by itself, so that the answer is exact at any time. All of
it is read as of one instant, as a case may be folded in between.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from city_core.cases.tallies.counted import counted_as
from city_core.cases.tallies.fold import DUE, FIELDS
from city_core.cases.tallies.model import TALLIED, TALLIES
from city_core.cases.tallies.parts import ASSISTING, PERSON, Part, parts_of, tallied_parts
from city_core.cases.tallies.paths import (
    cases_asked,
    hint_of_ended,
    hint_of_open,
    level_read,
    rows_asked,
    scanned_by,
)
from city_core.cases.tallies.spans import Period, spans_of
from city_core.cases.tallies.wanted import Area, Since, Wanted
from city_core.cases.workflow import State
from city_core.kit.city import City
from city_core.kit.mongo import Row, Session
from city_core.people.roles import Actor
from city_core.places.cells import FINEST, parent_of

WHOLE_CITY = 0  # what everything is counted under where no part of the map is asked for
_MOST_MS = 5_000


@dataclass
class Count:
    """So many cases, and how many of them are late."""

    n: int = 0
    late: int = 0


async def tally_cases(city: City, actor: Actor, wanted: Wanted, area: Area | None = None) -> dict[int, Count]:
    """Count what somebody may see in each cell of an area, or under `WHOLE_CITY` without one."""
    async with await city.database.client.start_session(snapshot=True) as session:
        return await _Tallying(city, actor, wanted, area, session).count()


@dataclass
class _Tallying:
    city: City
    actor: Actor
    wanted: Wanted
    area: Area | None
    session: Session
    counts: dict[int, Count] = field(default_factory=dict)

    async def count(self) -> dict[int, Count]:
        if self.wanted.open_states:
            for part in parts_of(self.actor):
                await self._count_cases(self.wanted.open_states, part, hint_of_open(part))
        if self.wanted.ended_states:
            index = scanned_by(self.actor, self.wanted, self.area)
            await (self._count_tallied() if index is None else self._count_one_by_one(index))
        if self.wanted.own_merged and self.wanted.late is None:
            own = Part((PERSON, [self.actor.person_id]))
            more: Sequence[Row] = [{"reporter_id": self.actor.person_id}]
            await self._count_cases([State.MERGED.value], own, hint_of_ended(own, ""), more=more)
        return {cell: count for cell, count in self.counts.items() if count.n}

    async def _count_one_by_one(self, index: str) -> None:
        for part in parts_of(self.actor):
            await self._count_cases(self.wanted.ended_states, part, hint_of_ended(part, index))

    async def _count_tallied(self) -> None:
        spans = spans_of(self.wanted.reported_from, self.wanted.reported_to, self.city.clock.now())
        if spans.names:
            for part in tallied_parts(self.actor):
                await self._count_rows(spans.names, part)
            await self._count_due(spans.whole)
        for part in parts_of(self.actor):
            is_tallied = part.way is None or part.way[0] not in (PERSON, ASSISTING)
            for period in spans.edges if is_tallied else (None,):
                hint = hint_of_ended(part, "ended_times")
                await self._count_cases(self.wanted.ended_states, part, hint, period)

    async def _count_cases(
        self,
        states: Sequence[str],
        part: Part,
        hint: str,
        period: Since | None = None,
        *,
        more: Sequence[Row] = (),
    ) -> None:
        query = cases_asked(self.wanted, self.area, states, part, hint, period, more)
        group: Row = {"_id": self._cell("$place.cell", FINEST), "n": {"$sum": 1}}
        if states == self.wanted.open_states:
            group["late"] = {"$sum": {"$cond": [is_late(self.city.clock.now()), 1, 0]}}
        pipeline: list[Row] = [{"$match": query}, {"$group": group}]
        await self._add("cases", pipeline, hint)

    async def _count_rows(self, spans: Sequence[str], part: Part) -> None:
        level = level_read(self.wanted, self.area, part)
        query = rows_asked(self.wanted, self.area, part, spans, level)
        of_states = [{"$ifNull": [f"$n.{state}", 0]} for state in self.wanted.ended_states]
        group = {"_id": self._cell("$cell", level), "n": {"$sum": {"$add": of_states}}}
        await self._add(TALLIES, [{"$match": query}, {"$group": group}], TALLIED)

    async def _count_due(self, whole: Period | None) -> None:
        """Correct what the tallies say by the cases that they do not know, or know as something else."""
        parts = tallied_parts(self.actor)
        found = self.city.database.cases.find(DUE, FIELDS, session=self.session, hint="tally_due")
        async for case in found:
            if whole is not None and not whole[0] <= case["reported_at"] < whole[1]:
                continue
            for counted, n in ((case.get("tally"), -1), (counted_as(case), 1)):
                if counted is not None and self._asks_for(counted, parts):
                    level = self.area.counted_level if self.area is not None else FINEST
                    self._take(parent_of(counted["cell"], level) if self.area else WHOLE_CITY, n)

    def _asks_for(self, counted: Row, parts: Collection[Part]) -> bool:
        wanted = self.wanted
        return (
            counted["state"] in wanted.ended_states
            and (wanted.type_codes is None or counted["type_code"] in wanted.type_codes)
            and wanted.street_code in (None, counted["street_code"])
            and wanted.community_code in (None, counted["community_code"])
            and any(part.holds(counted) for part in parts)
        )

    async def _add(self, collection: str, pipeline: list[Row], hint: str) -> None:
        found = self.city.database[collection].aggregate(
            pipeline, hint=hint, session=self.session, maxTimeMS=_MOST_MS
        )
        async for row in found:
            late = row.get("late", 0)
            n = {None: row["n"], True: late, False: row["n"] - late}[self.wanted.late]
            cell = WHOLE_CITY if row["_id"] is None else int(row["_id"])
            self._take(cell, n, 0 if self.wanted.late is False else late)

    def _take(self, cell: int, n: int, late: int = 0) -> None:
        if self.area is not None and not self.area.holds(cell):
            return
        count = self.counts.setdefault(cell, Count())
        count.n += n
        count.late += late

    def _cell(self, name: str, level: int) -> Any:
        if self.area is None:
            return None
        return {"$floor": {"$divide": [name, 4 ** (level - self.area.counted_level)]}}


def is_late(now: datetime) -> Row:
    """An open case is late when it was, or is still to be, handled after its deadline, as in lists."""
    handled: Row = {"$ifNull": ["$handled_at", None]}
    still_waits = [{"$eq": [handled, None]}, {"$gt": ["$deadline_at", None]}, {"$lt": ["$deadline_at", now]}]
    handled_late = [{"$ne": [handled, None]}, {"$gt": ["$handled_at", "$deadline_at"]}]
    return {"$or": [{"$and": still_waits}, {"$and": handled_late}]}
