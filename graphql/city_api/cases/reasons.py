"""The reasons on record in words, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from city_core.cases.ladder import Rung
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


_CARDS: Mapping[str, Words] = {
    "UNASSIGNED": ("无人承办", "nobody has it"),
    "WARNING": ("预警", "warning"),
    "YELLOW": ("黄牌", "yellow card"),
    "RED": ("红牌", "red card"),
}
_CLOCKS: Mapping[str, Words] = {
    "ACCEPT": ("受理", "accepting"),
    "VERIFY": ("核实", "verifying"),
    "DISPATCH": ("派遣", "dispatching"),
    "HANDLE": ("处置", "handling"),
    "CHECK": ("核查", "checking"),
    "CLOSE": ("结案", "closing"),
    "CASE": ("案卷", "the whole case"),
}
_RUNGS: Mapping[str, Words] = {
    Rung.HOLDER: ("承办人", "the holder"),
    Rung.DEPARTMENT: ("承办部门", "the department"),
    Rung.DISPATCHER: ("派遣员", "the dispatcher"),
    Rung.SHIFT_LEADER: ("值班长", "the shift leader"),
    Rung.STREET_LEADER: ("街道领导", "the leader of the street"),
    Rung.DISTRICT_LEADER: ("区领导", "the leader of the district"),
}


def _card(figures: Figures) -> Words:
    kind, clock = _CARDS[figures["kind"]], _CLOCKS[figures["clock"]]
    return (
        f"{clock[0]}{kind[0]}（第{figures['step']}步）",
        f"{kind[1]} for {clock[1]}, step {figures['step']}",
    )


def _passed_over(figures: Figures) -> Words:
    zh = "、".join(_RUNGS[rung][0] for rung in figures["rungs"])
    en = ", ".join(_RUNGS[rung][1] for rung in figures["rungs"])
    return f"{zh}无人在岗，已越级通知", f"nobody on duty as {en}: passed over"


_WORDS: Mapping[Why, Callable[[Figures], Words]] = {
    Why.ANSWERS_FOR: _answers_for,
    Why.NO_DEPARTMENT: _no_department,
    Why.NEAREST: _nearest,
    Why.NOBODY: lambda _: ("无在岗可办人员", "nobody on duty who may do this"),
    Why.BY_HAND: lambda _: ("派遣员指定", "chosen by the dispatcher"),
    Why.CARD: _card,
    Why.PASSED_OVER: _passed_over,
    Why.DETECTION: _detection,
}
