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
    Why.NEAREST: (
        {"own_street": True, "open_tasks": 2, "distance_m": 430, "candidates": 6},
        "本街道，在办2件，距离430米，候选6人",
        "own street, 2 open tasks, 430 m away, of 6",
    ),
    Why.NOBODY: ({}, "无在岗可办人员", "nobody on duty who may do this"),
    Why.BY_HAND: ({}, "派遣员指定", "chosen by the dispatcher"),
    Why.EMERGENCY: ({"emergency_id": "e", "name": "防汛"}, "应急状态：防汛", "emergency: 防汛"),
    Why.EMERGENCY_OVER: (
        {"emergency_id": "e", "name": "防汛"}, "应急状态结束：防汛", "the emergency is over: 防汛",
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
