"""The reasons on record in words, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from city_core.cases.reasons import Why

Figures = Mapping[str, Any]
Words = tuple[str, str]


def reasons_in_words(reasons: Sequence[Figures], language: str) -> str | None:
    """Say why in one of the two languages; nothing where nothing is on record."""
    index, separator = (1, "; ") if language == "en" else (0, "；")
    return separator.join(_WORDS[Why(reason["why"])](reason)[index] for reason in reasons) or None


def _answers_for(figures: Figures) -> Words:
    zh, en = ("（本街道）", " in this street") if figures["own_street"] else ("", "")
    return f"负责{figures['type_prefix']}类事项{zh}", f"answers for {figures['type_prefix']}{en}"


def _no_department(figures: Figures) -> Words:
    return f"{figures['type_code']}无责任部门", f"no department answers for {figures['type_code']}"


def _nearest(figures: Figures) -> Words:
    own = figures["own_street"]
    metres = figures["distance_m"]
    zh_way = "位置未知" if metres is None else f"距离{metres}米"
    en_way = "place unknown" if metres is None else f"{metres} m away"
    tasks, candidates = figures["open_tasks"], figures["candidates"]
    return (
        f"{'本街道' if own else '其他街道'}，在办{tasks}件，{zh_way}，候选{candidates}人",
        f"{'own street' if own else 'another street'}, {tasks} open tasks, {en_way}, of {candidates}",
    )


def _detection(figures: Figures) -> Words:
    models, labels = ", ".join(figures["models"]), ", ".join(figures["labels"])
    return f"{models}：{labels or '未发现'}", f"{models}: {labels or 'nothing found'}"


def _emergency(figures: Figures) -> Words:
    return f"应急状态：{figures['name']}", f"emergency: {figures['name']}"


def _emergency_over(figures: Figures) -> Words:
    return f"应急状态结束：{figures['name']}", f"the emergency is over: {figures['name']}"


_WORDS: Mapping[Why, Callable[[Figures], Words]] = {
    Why.ANSWERS_FOR: _answers_for,
    Why.NO_DEPARTMENT: _no_department,
    Why.NEAREST: _nearest,
    Why.NOBODY: lambda _: ("无在岗可办人员", "nobody on duty who may do this"),
    Why.BY_HAND: lambda _: ("派遣员指定", "chosen by the dispatcher"),
    Why.EMERGENCY: _emergency,
    Why.EMERGENCY_OVER: _emergency_over,
    Why.DETECTION: _detection,
}
