"""Reasons on record are said in both languages, whatever their kind."""

from __future__ import annotations

from typing import Any

import pytest

from city_api.cases.reasons import reasons_in_words
from city_core.cases.reasons import Why, reason

REASONS: dict[Why, tuple[dict[str, Any], str, str]] = {
    Why.ANSWERS_FOR: (
        {"type_prefix": "E1", "own_street": True}, "负责E1类事项（本街道）", "answers for E1 in this street",
    ),
    Why.NO_DEPARTMENT: (
        {"type_code": "C0101", "street_code": "s"}, "C0101无责任部门", "no department answers for C0101",
    ),
    Why.ROUTED: (
        {"position": 3, "name_zh": "夜市", "name_en": "Night", "version": 2},
        "派遣规则第3条“夜市”（第2版）",
        "routing rule 3, Night (version 2)",
    ),
    Why.DEPARTMENT_GONE: (
        {"position": 3, "name_zh": "夜市", "name_en": "Night", "version": 2, "department_id": "x"},
        "派遣规则第3条“夜市”（第2版）失效：没有部门x",
        "routing rule 3, Night (version 2) failed: there is no department x",
    ),
    Why.CONDITION_SAYS: (
        {"condition_id": "C0101-1"},
        "立案条件C0101-1的默认部门",
        "default department of the condition C0101-1",
    ),
    Why.CONDITION_WITHOUT_DEPARTMENT: (
        {"condition_id": "C0101-1", "department_ids": ["water", "gas"]},
        "立案条件C0101-1的默认部门均不存在：water、gas",
        "no default department of the condition C0101-1 is there: water, gas",
    ),
    Why.NAMED_ABSENT: (
        {"officer_ids": ["a", "b"]},
        "规则指定的2人均不能办理，改派他人",
        "none of the 2 named by the rule can come",
    ),
    Why.NEAREST: (
        {"own_street": True, "open_tasks": 2, "distance_m": 430, "candidates": 6},
        "本街道，在办2件，距离430米，候选6人",
        "own street, 2 open tasks, 430 m away, of 6",
    ),
    Why.NOBODY: ({}, "无在岗可办人员", "nobody on duty who may do this"),
    Why.LEADER_OF: ({"streets": 1}, "分管1个街道的领导", "a leader who answers for 1 street(s)"),
    Why.DECIDED: ({"returns": 3}, "3次回退后领导裁定", "decided by a leader after 3 returns"),
    Why.ASSISTS: ({"department_id": "water"}, "协办：water", "assists: water"),
    Why.NOBODY_AT_LEVEL: ({"level": "STREET"}, "街道无承接单位", "nobody at the street has it"),
    Why.LEVEL_TIME_USED: (
        {"level": "COMMUNITY"}, "社区时限已用完", "the community's own time is used up",
    ),
    Why.BY_HAND: ({}, "派遣员指定", "chosen by the dispatcher"),
    Why.CARD: (
        {"kind": "RED", "clock": "HANDLE", "step": 5},
        "处置时限：红牌（第5步）",
        "red card: Handling, step 5",
    ),
    Why.PASSED_OVER: (
        {"rungs": ["HOLDER", "DISPATCHER"]},
        "承办人、派遣员无人在岗，已越过",
        "passed over, as nobody is on duty: holder, dispatcher",
    ),
    Why.EMERGENCY: ({"emergency_id": "e", "name": "防汛"}, "应急状态：防汛", "emergency: 防汛"),
    Why.EMERGENCY_OVER: (
        {"emergency_id": "e", "name": "防汛"}, "应急状态结束：防汛", "the emergency is over: 防汛",
    ),
    Why.FILED_ON_ADVICE: (
        {"label": "litter", "confidence": 0.9, "model": "m", "precision": 0.95, "samples": 300},
        "识别自动立案（m, litter，置信度90%，300例实测准确率95%）",
        "filed on detection's advice (m, litter, 90 % sure, right 95 % of 300 times)",
    ),
    Why.CLOSED_ON_ADVICE: (
        {"label": "litter", "confidence": 0.9, "model": "m", "precision": 0.95, "samples": 300},
        "识别自动结案（m, litter，置信度90%，300例实测准确率95%）",
        "closed on detection's advice (m, litter, 90 % sure, right 95 % of 300 times)",
    ),
    Why.DETECTION: ({"models": ["m"], "labels": []}, "m：未发现", "m: nothing found"),
}  # fmt: skip


@pytest.mark.parametrize("why", list(Why))
def test_each_kind_in_both_languages(why: Why) -> None:
    figures, zh, en = REASONS[why]
    assert reasons_in_words([reason(why, **figures)], "zh") == zh
    assert reasons_in_words([reason(why, **figures)], "en") == en


def test_several_reasons_and_none() -> None:
    both = [reason(Why.BY_HAND), reason(Why.NOBODY)]
    assert reasons_in_words(both, "zh") == "派遣员指定；无在岗可办人员"
    assert reasons_in_words(both, "en") == "chosen by the dispatcher; nobody on duty who may do this"
    assert reasons_in_words([], "en") is None
