"""Why an officer is near, in words; and what can be done at a point."""

from __future__ import annotations

from city_api.cases.words import Words
from city_core.cases.nearest_officers_rules import Ranked, Skill
from city_core.places.points.model import PointState

POINT_STATE_NAMES: dict[PointState, Words] = {
    PointState.IN_USE: ("开放", "In use"),
    PointState.CLOSED: ("暂停开放", "Closed for the time being"),
    PointState.REMOVED: ("已移除", "Removed"),
}

SKILL_NAMES: dict[Skill, Words] = {
    Skill.OF_CASE: ("本案处置部门", "their department has this case"),
    Skill.ANSWERS: ("负责本类", "their department answers for this type"),
    Skill.ANSWERS_TOO: ("兼管本类", "their department answers for this type as well"),
}


def why_near(one: Ranked, language: str) -> str:
    """Say why an officer stands where they stand in the list, in one of the two languages."""
    index, separator = (1, ", ") if language == "en" else (0, "，")
    weighed = (_way(one), _age(one), _tasks(one), _street(one), SKILL_NAMES[one.skill])
    return separator.join(words[index] for words in weighed if words is not None)


def _way(one: Ranked) -> Words:
    metres = one.way.distance_m
    if metres is None:
        return "位置未知", "place unknown"
    shown = round(metres, -1) if metres >= 100 else round(metres)
    return f"距离 {shown:.0f} m", f"{shown:.0f} m away"


def _age(one: Ranked) -> Words | None:
    minutes = one.way.age_minutes
    if minutes is None:
        return None if one.way.distance_m is None else ("按常驻位置", "by their usual place")
    if minutes < 1:
        return "刚刚定位", "seen just now"
    return f"定位 {minutes:.0f} 分钟前", f"seen {minutes:.0f} min ago"


def _tasks(one: Ranked) -> Words:
    return f"在办 {one.open_tasks} 件", f"{one.open_tasks} open task{'' if one.open_tasks == 1 else 's'}"


def _street(one: Ranked) -> Words | None:
    return None if one.own_street else ("其他街道", "another street")
