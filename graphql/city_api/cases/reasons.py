"""The reasons on record in words, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from city_api.cases.words import Words
from city_api.deadlines.words import CLOCK_NAMES
from city_api.supervision.words import CARD_NAMES, RUNG_NAMES
from city_core.cases.clocks.stages import ClockName
from city_core.cases.escalation import CardKind
from city_core.cases.ladder import Rung
from city_core.cases.reasons import Why

Figures = Mapping[str, Any]


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


def _routed(figures: Figures) -> Words:
    at, version = figures["position"], figures["version"]
    return (
        f"派遣规则第{at}条“{figures['name_zh']}”（第{version}版）",
        f"routing rule {at}, {figures['name_en']} (version {version})",
    )


def _department_gone(figures: Figures) -> Words:
    zh, en = _routed(figures)
    gone = figures["department_id"]
    return f"{zh}失效：没有部门{gone}", f"{en} failed: there is no department {gone}"


def _condition_without_department(figures: Figures) -> Words:
    of, gone = figures["condition_id"], figures["department_ids"]
    return (
        f"立案条件{of}的默认部门均不存在：{'、'.join(gone)}",
        f"no default department of the condition {of} is there: {', '.join(gone)}",
    )


def _named_absent(figures: Figures) -> Words:
    count = len(figures["officer_ids"])  # who they are stands on record, and not before every reader
    return f"规则指定的{count}人均不能办理，改派他人", f"none of the {count} named by the rule can come"


def _detection(figures: Figures) -> Words:
    models, labels = ", ".join(figures["models"]), ", ".join(figures["labels"])
    return f"{models}：{labels or '未发现'}", f"{models}: {labels or 'nothing found'}"


def _on_advice(zh: str, en: str) -> Callable[[Figures], Words]:
    def words(figures: Figures) -> Words:
        sure, right = round(100 * figures["confidence"]), round(100 * figures["precision"])
        of = f"{figures['model']}, {figures['label']}"
        return (
            f"{zh}（{of}，置信度{sure}%，{figures['samples']}例实测准确率{right}%）",
            f"{en} ({of}, {sure} % sure, right {right} % of {figures['samples']} times)",
        )

    return words


def _card(figures: Figures) -> Words:
    kind, clock = CARD_NAMES[CardKind(figures["kind"])], CLOCK_NAMES[ClockName(figures["clock"])]
    step = figures["step"]
    return f"{clock[0]}：{kind[0]}（第{step}步）", f"{kind[1]}: {clock[1]}, step {step}"


def _passed_over(figures: Figures) -> Words:
    names = [RUNG_NAMES[Rung(rung)] for rung in figures["rungs"]]
    zh, en = "、".join(name[0] for name in names), ", ".join(name[1] for name in names)
    return f"{zh}无人在岗，已越过", f"passed over, as nobody is on duty: {en}"


_LEVELS = {
    "COMMUNITY": ("社区", "community"), "STREET": ("街道", "street"), "DISTRICT": ("区", "district"),
}  # fmt: skip


def _emergency(figures: Figures) -> Words:
    return f"应急状态：{figures['name']}", f"emergency: {figures['name']}"


def _emergency_over(figures: Figures) -> Words:
    return f"应急状态结束：{figures['name']}", f"the emergency is over: {figures['name']}"


_WORDS: Mapping[Why, Callable[[Figures], Words]] = {
    Why.ANSWERS_FOR: _answers_for,
    Why.NO_DEPARTMENT: _no_department,
    Why.ROUTED: _routed,
    Why.DEPARTMENT_GONE: _department_gone,
    Why.CONDITION_SAYS: lambda figures: (
        f"立案条件{figures['condition_id']}的默认部门",
        f"default department of the condition {figures['condition_id']}",
    ),
    Why.CONDITION_WITHOUT_DEPARTMENT: _condition_without_department,
    Why.NAMED_ABSENT: _named_absent,
    Why.NEAREST: _nearest,
    Why.NOBODY: lambda _: ("无在岗可办人员", "nobody on duty who may do this"),
    Why.BY_HAND: lambda _: ("派遣员指定", "chosen by the dispatcher"),
    Why.CARD: _card,
    Why.PASSED_OVER: _passed_over,
    Why.EMERGENCY: _emergency,
    Why.EMERGENCY_OVER: _emergency_over,
    Why.DETECTION: _detection,
    Why.FILED_ON_ADVICE: _on_advice("识别自动立案", "filed on detection's advice"),
    Why.CLOSED_ON_ADVICE: _on_advice("识别自动结案", "closed on detection's advice"),
    Why.LEADER_OF: lambda figures: (
        f"分管{figures['streets']}个街道的领导",
        f"a leader who answers for {figures['streets']} street(s)",
    ),
    Why.DECIDED: lambda figures: (
        f"{figures['returns']}次回退后领导裁定",
        f"decided by a leader after {figures['returns']} returns",
    ),
    Why.ASSISTS: lambda figures: (
        f"协办：{figures['department_id']}",
        f"assists: {figures['department_id']}",
    ),
    Why.NOBODY_AT_LEVEL: lambda figures: (
        f"{_LEVELS[figures['level']][0]}无承接单位",
        f"nobody at the {_LEVELS[figures['level']][1]} has it",
    ),
    Why.LEVEL_TIME_USED: lambda figures: (
        f"{_LEVELS[figures['level']][0]}时限已用完",
        f"the {_LEVELS[figures['level']][1]}'s own time is used up",
    ),
}
