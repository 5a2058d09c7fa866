"""Clocks, lamps and the lines of an explanation in words, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from city_api.cases.words import STATE_NAMES, Words
from city_core.cases.clocks.explain import Line
from city_core.cases.clocks.stages import ClockName, Holder
from city_core.cases.clocks.ticking import Lamp
from city_core.cases.vocabulary import State
from city_core.kit.calendar import BEIJING

Figures = Mapping[str, Any]

CLOCK_NAMES: dict[ClockName, Words] = {
    ClockName.ACCEPT: ("受理时限", "Accepting"),
    ClockName.VERIFY: ("核实时限", "Verifying"),
    ClockName.DISPATCH: ("派遣时限", "Dispatching"),
    ClockName.HANDLE: ("处置时限", "Handling"),
    ClockName.CHECK: ("核查时限", "Checking"),
    ClockName.CLOSE: ("结案时限", "Closing"),
    ClockName.CASE: ("案卷时限", "The case"),
    ClockName.LEVEL: ("层级时限", "The level"),
}
HOLDER_NAMES: dict[Holder, Words] = {
    Holder.ACCEPTOR: ("受理", "accepting"),
    Holder.VERIFIER: ("核实", "verifying"),
    Holder.DISPATCHER: ("派遣", "dispatching"),
    Holder.DEPARTMENT: ("处置单位", "handling department"),
    Holder.CHECKER: ("核查", "checking"),
    Holder.CLOSER: ("结案", "closing"),
    Holder.LEADER: ("领导裁定", "leader's decision"),
    Holder.NOBODY: ("无（挂账或合并）", "nobody: suspended or merged"),
}
LAMP_NAMES: dict[Lamp, Words] = {
    Lamp.GREEN: ("绿灯（未到80%）", "green, up to 80 %"),
    Lamp.YELLOW: ("黄灯（已过80%）", "yellow, past 80 %"),
    Lamp.RED: ("红灯（已超时）", "red, overdue"),
}
UNIT_NAMES: dict[str, Words] = {
    "urgent_minute": ("紧急分钟", "urgent minutes"),
    "urgent_hour": ("紧急工作时", "urgent hours"),
    "urgent_day": ("紧急工作日", "urgent days"),
    "work_minute": ("工作分钟", "work minutes"),
    "work_hour": ("工作时", "work hours"),
    "work_day": ("工作日", "work days"),
    "natural_day": ("自然日", "natural days"),
    "season_day": ("季节工作日", "work days in season"),
}
_SOURCES: dict[str, Words] = {
    "CASE": ("立案条件", "the filing condition"),
    "STAGE": ("环节时限规则", "the rules for this stage"),
    "LEVEL": ("层级时限规则", "the rules for this level"),
}


def line_in_words(line: Figures, language: str) -> str:
    """Say one line of an explanation in one of the two languages."""
    return _WORDS[line["kind"]](line)[language == "en"]


def _at(instant: datetime) -> str:
    return instant.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def _limit(row: Figures) -> Words:
    zh, en = UNIT_NAMES[row["unit"]]
    of_zh, of_en = (f"（{row['season']}）", f" ({row['season']})") if row.get("season") else ("", "")
    return f"{row['value']}{zh}{of_zh}", f"{row['value']} {en}{of_en}"


def _given(line: Figures) -> Words:
    (zh, en), (from_zh, from_en) = _limit(line), _SOURCES[line["source"]]
    return f"时限{zh}，依据{from_zh}", f"limit {en}, from {from_en}"


def _stood(zh: str, en: str) -> Callable[[Figures], Words]:
    def say(line: Figures) -> Words:
        state_zh, state_en = STATE_NAMES[State(line["state"])]
        since = _at(line["at"])
        until_zh, until_en = ("今", "now") if line["until"] is None else (_at(line["until"]),) * 2
        return (
            f"{since}至{until_zh}{zh}（{state_zh}）",
            f"{en} from {since} to {until_en} ({state_en.lower()})",
        )

    return say


def _extended(line: Figures) -> Words:
    zh, en = _limit(line)
    return f"{_at(line['at'])}批准延期{zh}", f"extended by {en} at {_at(line['at'])}"


def _switched(line: Figures) -> Words:
    (zh, en), at = _limit(line["limit"]), _at(line["at"])
    if line["emergency_id"] is None:
        return f"{at}恢复常态，剩余部分按{zh}折算", f"back to normal at {at}: what is left follows {en}"
    return f"{at}转入应急，剩余部分按{zh}折算", f"emergency from {at}: what is left follows {en}"


def _refiled(line: Figures) -> Words:
    (zh, en), at = _limit(line["limit"]), _at(line["at"])
    return f"{at}重新立案，时限改为{zh}，已用比例不变", f"filed again at {at} with {en}; the used share stays"


def _rested(line: Figures) -> Words:
    days, dates = line["days"], line["dates"]
    more = " …" if days > len(dates) else ""
    return (
        f"跳过{days}个休息日：{'、'.join(dates)}{more}",
        f"{days} rest days not counted: {', '.join(dates)}{more}",
    )


def _spent(seconds: int) -> Words:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}小时{minutes}分", f"{hours} h {minutes} min"


def _used(line: Figures) -> Words:
    (used_zh, used_en), (all_zh, all_en) = _spent(line["used_s"]), _spent(line["budget_s"])
    return f"已计{used_zh}，共{all_zh}", f"{used_en} of {all_en} counted"


def _due(line: Figures) -> Words:
    at = _at(line["due_at"])
    return f"截止{at}", f"due {at}"


_WORDS: Mapping[str, Callable[[Figures], Words]] = {
    Line.NOT_STARTED: lambda _: ("尚未开始计时", "this clock has not begun"),
    Line.STARTED: lambda line: (f"{_at(line['at'])}开始", f"begun {_at(line['at'])}"),
    Line.WAITED: lambda line: (
        f"非工作时间开始，自{_at(line['begins_at'])}起计时",
        f"begun outside working time, so it counts from {_at(line['begins_at'])}",
    ),
    Line.LIMIT: _given,
    Line.PAUSED: _stood("暂停计时", "paused"),
    Line.STOPPED: _stood("不计时", "stood still"),
    Line.EXTENDED: _extended,
    Line.SWITCHED: _switched,
    Line.REFILED: _refiled,
    Line.RESTED: _rested,
    Line.PROVISIONAL: lambda line: (
        f"{line['year']}年放假安排尚未公布，截止时间可能变化",
        f"the holidays of {line['year']} are not announced yet: the due date may move",
    ),
    Line.USED: _used,
    Line.DUE: _due,
    Line.OPEN: lambda _: ("暂停期间无截止时间", "no due date while it is paused"),
    Line.LAMP: lambda line: LAMP_NAMES[Lamp(line["lamp"])],
}
