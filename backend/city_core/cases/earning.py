"""Which steps earn citizens points 积分, and whom; how many is a rule of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from city_core.cases.reports import citizens_who_reported
from city_core.cases.vocabulary import Action
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor, Role

GRANT_POINTS = "grant_points"


class Merit(StrEnum):
    """What a citizen earns points for."""

    REPORT_FILED = "REPORT_FILED"  # 立案奖励
    REPORT_CLOSED = "REPORT_CLOSED"  # 办结奖励
    QUESTION_ANSWERED = "QUESTION_ANSWERED"  # 配合答复
    CASE_RATED = "CASE_RATED"  # 参与评价


@dataclass(frozen=True)
class Earned:
    """One person's merit by one step."""

    person_id: str
    merit: Merit


_EARNS_REPORTERS = {Action.FILE: Merit.REPORT_FILED, Action.CLOSE: Merit.REPORT_CLOSED}
_EARNS_ITS_DOER = {Action.ANSWER_QUESTION: Merit.QUESTION_ANSWERED, Action.RATE: Merit.CASE_RATED}


def earned_by(after: Mapping[str, Any], action: Action, actor: Actor) -> list[Earned]:
    """List the citizens who earn points by a step; the parts of a split case earn nothing of their own."""
    if after.get("parent_id") is not None:
        return []
    if action in _EARNS_REPORTERS:
        merit = _EARNS_REPORTERS[action]
        return [Earned(person_id, merit) for person_id in citizens_who_reported(after)]
    if action in _EARNS_ITS_DOER and actor.role is Role.CITIZEN:
        return [Earned(actor.person_id, _EARNS_ITS_DOER[action])]
    return []


def work_of_earning(earned: list[Earned], seq: int, now: datetime) -> list[WorkItem]:
    """Plan that points are granted after a step."""
    if not earned:
        return []
    rows = [{"person_id": one.person_id, "merit": one.merit.value} for one in earned]
    return [WorkItem(GRANT_POINTS, f"{GRANT_POINTS}:{seq}", now, {"earned": rows})]
