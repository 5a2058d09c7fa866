"""Who may read the original of a photo, and who may look at what was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from city_core.cases.visibility import FIELDS_ASKED, is_theirs
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role

FIELDS_JUDGED = (*FIELDS_ASKED, "task")
Judge = Callable[[Actor, Row], bool]


def _holds_the_check(actor: Actor, case: Row) -> bool:
    task = case.get("task")
    return task is not None and task["kind"] == "CHECK" and task["assignee_id"] == actor.person_id


def _always(_: Actor, __: Row) -> bool:
    return True


# Who judges whether a photo proves what it seems to. Dispatchers choose a department and officers work on
# the spot: the copies tell them all that they need. The three administrations see no case. Citizens never.
READERS: Mapping[Role, Judge] = {
    Role.ACCEPTOR: _always,  # takes reports in
    Role.SHIFT_LEADER: _always,  # files and closes
    Role.LEADER: _always,  # decides what the seats cannot agree on
    Role.INSPECTOR: _holds_the_check,  # only of the case that they check at this moment
}
# 三员分立: what was read is for the auditor and for whoever leads the readers. Who keeps the rules sees no
# case, and no record of cases either.
WATCH_READERS = frozenset({Role.LEADER, Role.AUDITOR})


def may_read_original(actor: Actor, case: Row) -> bool:
    """Tell whether somebody may read the originals of a case; that an emergency shows it is not enough."""
    judge = READERS.get(actor.role)
    return judge is not None and is_theirs(actor, case) and judge(actor, case)


def readings_filter(actor: Actor) -> Row:
    """Give the filter of the readings that somebody may look through.

    Leaders see those in their streets; the auditor, who sees no case, sees all of them, also the leaders'.
    """
    if actor.role not in WATCH_READERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(WATCH_READERS)))
    return {} if actor.role is Role.AUDITOR else {"street_code": {"$in": sorted(actor.street_codes)}}
