"""Refresh tokens: what is accepted, repeated or seen as a copy, also over random histories."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from city_core.people.refresh_tokens import (
    GRACE,
    RefreshToken,
    Verdict,
    first_token,
    judge,
    read_token,
)

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
SESSION, DEVICE = "0190a1b2c3d47000a1b2c3d4e5f60718", "device-0001"
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


class Family:
    """A session as it is stored, brought on by the rules alone."""

    def __init__(self) -> None:
        self.now = NOON
        first = first_token(SESSION)
        self.first = first.written(KEY)
        self.row: dict[str, Any] = {
            "device_id": DEVICE, "generation": 1, "refresh_hash": first.hash, "previous_hash": None,
            "rotated_at": NOON, "expires_at": NOON + timedelta(days=30), "ended_at": None, "ended_why": None,
        }  # fmt: skip

    def show(self, text: str, device: str = DEVICE) -> tuple[Verdict, str | None]:
        token = read_token(KEY, text)
        assert token is not None
        verdict = judge(self.row, token, device, self.now)
        following = token.successor(KEY)
        if verdict is Verdict.ROTATE:
            self.row |= {
                "previous_hash": token.hash, "refresh_hash": following.hash,
                "generation": following.generation, "rotated_at": self.now,
            }  # fmt: skip
        elif verdict in (Verdict.REUSED, Verdict.OTHER_DEVICE):
            self.row |= {"ended_at": self.now, "ended_why": verdict}
        given_next = verdict in (Verdict.ROTATE, Verdict.REPEAT)
        return verdict, following.written(KEY) if given_next else None


def test_a_token_is_read_back_only_under_the_key_that_sealed_it() -> None:
    token = first_token(SESSION)
    written = token.written(KEY)
    assert read_token(KEY, written) == token
    assert read_token(OTHER_KEY, written) is None
    assert len(token.secret) * 8 == 256


def test_what_is_made_up_or_changed_is_no_token() -> None:
    written = first_token(SESSION).written(KEY)
    raw = base64.urlsafe_b64decode(written + "==")
    for place in (0, 17, 20, len(raw) - 1):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert read_token(KEY, base64.urlsafe_b64encode(changed).decode().rstrip("=")) is None
    for text in ("", "x", "令牌", "A" * 10_000, written[:-2], written + "AAAA", "!" * 91):
        assert read_token(KEY, text) is None


def test_the_successor_is_always_the_same_and_shows_nothing_of_its_parent() -> None:
    token = first_token(SESSION)
    following = token.successor(KEY)
    assert following == token.successor(KEY)
    assert following.generation == 2
    assert following.secret != token.secret != first_token(SESSION).secret
    assert token.successor(OTHER_KEY).secret != following.secret


def test_the_same_token_within_the_grace_gets_the_same_answer_and_later_ends_the_family() -> None:
    family = Family()
    verdict, second = family.show(family.first)
    assert verdict is Verdict.ROTATE
    family.now += GRACE
    assert family.show(family.first) == (Verdict.REPEAT, second)
    family.now += timedelta(milliseconds=1)
    assert family.show(family.first) == (Verdict.REUSED, None)
    assert second is not None
    assert family.show(second) == (Verdict.REUSED, None)


def test_a_token_two_generations_old_is_a_copy_at_once() -> None:
    family = Family()
    _, second = family.show(family.first)
    assert second is not None
    assert family.show(second)[0] is Verdict.ROTATE
    assert family.show(family.first)[0] is Verdict.REUSED


def test_another_phone_an_end_and_silence_are_told_apart() -> None:
    family = Family()
    assert judge(None, first_token(SESSION), DEVICE, NOON) is Verdict.UNKNOWN
    token = read_token(KEY, family.first)
    assert token is not None
    assert judge(family.row, token, "device-0002", NOON) is Verdict.OTHER_DEVICE
    late = NOON + timedelta(days=30)
    assert judge(family.row, token, DEVICE, late) is Verdict.EXPIRED
    ended = {**family.row, "ended_at": NOON, "ended_why": "SIGNED_OUT"}
    assert judge(ended, token, DEVICE, NOON) is Verdict.ENDED
    from_a_lost_future = RefreshToken(SESSION, 9, b"s" * 32)
    assert judge(family.row, from_a_lost_future, DEVICE, NOON) is Verdict.UNKNOWN


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["refresh", "lose", "steal", "thief"]), st.just(0)),
        st.tuples(st.just("wait"), st.sampled_from([1, 20, 59, 61, 3_600])),
    ),
    max_size=40,
)


@settings(max_examples=400, deadline=None)
@given(_STEPS)
def test_an_honest_phone_stays_signed_in_and_a_thief_never_lasts(steps: list[tuple[str, int]]) -> None:
    """A phone that repeats lost refreshes in time stays, unless a copy was used; a copy ends with its use."""
    family = Family()
    honest, stolen, lost_since, copies_used = family.first, None, None, 0
    for step, seconds in steps:
        if step == "wait":
            # An honest phone that waits for an answer asks again before the grace is over.
            then = family.now + timedelta(seconds=seconds)
            if lost_since is None or then - lost_since <= GRACE:
                family.now = then
        elif step == "steal":
            stolen = honest
        elif step == "thief" and stolen is not None:
            copies_used += 1
            stolen = family.show(stolen)[1]
        elif step in ("refresh", "lose"):
            verdict, following = family.show(honest)
            if following is None:
                assert copies_used > 0, verdict
                honest = "dead"
                break
            lost_since = (lost_since or family.now) if step == "lose" else None
            honest = following if step == "refresh" else honest
    if honest != "dead" and copies_used == 0:
        assert family.show(honest)[0] in (Verdict.ROTATE, Verdict.REPEAT)
    _nobody_else_lasts(family, honest, stolen)


def _nobody_else_lasts(family: Family, honest: str, stolen: str | None) -> None:
    """Once both go on, a minute apart, the family is over for the thief, whoever goes first."""
    for _ in range(3):
        for_honest = family.show(honest)[1] if honest != "dead" else None
        honest = for_honest or "dead"
        family.now += GRACE + timedelta(seconds=1)
        stolen = family.show(stolen)[1] if stolen is not None else None
        family.now += GRACE + timedelta(seconds=1)
    assert stolen is None
