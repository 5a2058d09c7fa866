"""The ladder as a table, quiet hours, and the words of hints: pure rules."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from city_core.cases.notices import NoticeKind
from city_core.notify.adapters.fcm import _fcm_message
from city_core.notify.ports import PushAddress, PushMessage
from city_core.notify.quiet_hours import quiet_until
from city_core.notify.rungs import DEFAULT, REACHING, rungs_for
from city_core.notify.templates import MOST_CHARACTERS_OF_SMS, sms_text_of
from city_core.notify.urgency import ASK_FOR_ANSWER, MAY_BE_MUTED, URGENCIES
from city_seed.reference import read_reference
from tests.hand_clock import beijing


def row(action: str, step: int = 1, urgency: str = "high", quiet: str = "ignore") -> dict[str, Any]:
    return {
        "urgency": urgency, "step": step, "after_seconds": 0, "action": action, "quiet_hours": quiet,
        "note": "",
    }  # fmt: skip


def test_the_ladder_of_the_seed_is_right_and_says_that_it_is_invented() -> None:
    content = read_reference().reaching
    assert REACHING.check(content) == []
    assert {line["note"] for line in content["rungs"]} == {"invented"}
    rules = REACHING.compile(content)
    assert [rung.action for rung in rules["normal"]] == ["PUSH"]
    assert sum(r.after_seconds for r in rules["emergency"]) < sum(r.after_seconds for r in rules["high"])
    assert "VOICE" in {rung.action for rung in rules["emergency"]}


def test_without_a_published_ladder_a_message_is_pushed_at_once() -> None:
    rules = REACHING.compile(DEFAULT)
    assert REACHING.check(DEFAULT) == []
    for urgency in URGENCIES:
        assert [(rung.action, rung.after_seconds) for rung in rules[urgency]] == [("PUSH", 0)]


def test_only_what_asks_for_an_answer_is_told_to_others() -> None:
    rules = REACHING.compile(read_reference().reaching)
    for kind in NoticeKind:
        actions = {rung.action for rung in rungs_for(rules, "high", kind)}
        assert ("SUPERVISOR" in actions) == (kind in ASK_FOR_ANSWER)


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([row("PUSH", urgency="emergency", quiet="respect")], [(2, "quiet_hours")]),
        ([row("SUPERVISOR")], [(2, "action")]),
        ([row("SMS"), row("PUSH_AGAIN", 2)], [(3, "action")]),
        ([row("PUSH"), row("PUSH_AGAIN", 2), row("NEXT_OFFICER", 3)], []),
        ([row("SMS", 2), row("NEXT_OFFICER", 1)], [(3, "action")]),
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(rows: list[Any], faults: list[Any]) -> None:
    found = REACHING.check({"rungs": rows})
    assert [(fault.row, fault.column) for fault in found] == faults
    assert all(fault.zh and fault.en for fault in found)


@pytest.mark.parametrize(
    ("quiet_from", "quiet_to", "at", "until"),
    [
        ("22:00", "06:30", beijing(3, 23), beijing(4, 6, 30)),
        ("22:00", "06:30", beijing(3, 0), beijing(3, 6, 30)),
        ("22:00", "06:30", beijing(3, 22), beijing(4, 6, 30)),
        ("22:00", "06:30", beijing(3, 6, 30), None),
        ("22:00", "06:30", beijing(3, 21, 59), None),
        ("12:00", "14:00", beijing(3, 13), beijing(3, 14)),
        ("12:00", "14:00", beijing(3, 14), None),
        ("00:00", "23:59", beijing(3, 0), beijing(3, 23, 59)),
        (None, None, beijing(3, 0), None),
    ],
)
def test_quiet_hours_are_local_and_may_span_midnight(
    quiet_from: str | None, quiet_to: str | None, at: datetime, until: datetime | None
) -> None:
    assert quiet_until({"quiet_from": quiet_from, "quiet_to": quiet_to}, at) == until


def test_whoever_said_nothing_is_never_quiet() -> None:
    assert quiet_until(None, beijing(3, 0)) is None


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_text_is_one_text_message_long_and_names_nobody(kind: NoticeKind) -> None:
    for language, most in MOST_CHARACTERS_OF_SMS.items():
        text = sms_text_of(kind, language)
        assert 0 < len(text) <= most
        assert not any(character.isdigit() for character in text)
    assert sms_text_of(kind, "en").isascii() and not sms_text_of(kind, "zh").isascii()


@pytest.mark.parametrize("urgency", URGENCIES)
@pytest.mark.parametrize("kind", NoticeKind)
def test_a_hint_of_every_kind_fits_what_providers_carry(kind: NoticeKind, urgency: Any) -> None:
    message = PushMessage("f" * 32, kind, "f" * 32, 10**9, urgency)
    hint = _fcm_message(PushAddress("token", "t" * 200), message)
    apns = hint.apns
    carried = {
        "data": hint.data, "android": vars(hint.android), "headers": apns.headers,
        "aps": vars(apns.payload.aps),
    }  # fmt: skip
    assert len(json.dumps(carried, default=vars).encode()) <= 4096


def test_what_is_urgent_can_never_be_muted() -> None:
    assert MAY_BE_MUTED.isdisjoint(ASK_FOR_ANSWER | {NoticeKind.EMERGENCY_STARTED, NoticeKind.RED_CARD})
    assert NoticeKind.CASE_PROGRESS in MAY_BE_MUTED
