"""Each flag as a table of what raises it and what does not; and that no photo is ever refused by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.cases.evidence.flags import Known, Twin, is_after, is_before, raised, with_likeness
from city_core.cases.evidence.given import PhotoRole, TakenWith
from city_core.cases.evidence.rules import EVIDENCE_BOOK, FlagKind, FlagRule

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
HERE, METRE = (118.055, 36.805), 1 / 111_195
RULES = EVIDENCE_BOOK.compile(EVIDENCE_BOOK.first_content)
MEDIA = "a" * 32
PLAIN = Known(MEDIA, "REPORT", None, NOW, NOW, HERE, taken_with=TakenWith.APP_CAMERA)
AFTER = replace(PLAIN, use="HANDLE", role=PhotoRole.AFTER, began_at=NOW - timedelta(hours=2))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def north(metres: float) -> tuple[float, float]:
    return HERE[0], HERE[1] + metres * METRE


@pytest.mark.parametrize(
    ("photo", "flags"),
    [
        (PLAIN, []),
        (replace(PLAIN, taken_place=north(190)), []),
        (replace(PLAIN, taken_place=north(250)), [{"kind": "PLACE_DIFFERS", "distance_m": 250}]),
        (replace(PLAIN, taken_place=north(250), accuracy_m=60.0), []),
        (replace(PLAIN, taken_place=north(900), accuracy_m=1e6),
         [{"kind": "PLACE_DIFFERS", "distance_m": 900}]),
        (replace(PLAIN, taken_place=north(900), role=PhotoRole.REFERENCE), []),
        (replace(PLAIN, taken_at=NOW - 23 * HOUR), []),
        (replace(PLAIN, taken_at=NOW - 49 * HOUR), [{"kind": "TAKEN_LONG_AGO", "hours": 49}]),
        (replace(PLAIN, taken_at=NOW - 49 * HOUR, role=PhotoRole.REFERENCE), []),
        (replace(AFTER, taken_at=NOW - 49 * HOUR, role=PhotoRole.BEFORE), []),
        (replace(AFTER, taken_at=NOW - HOUR), []),
        (replace(AFTER, taken_at=NOW - 2 * HOUR - 4 * MINUTE), []),
        (replace(AFTER, taken_at=NOW - 3 * HOUR), [{"kind": "TAKEN_BEFORE_DISPATCH", "minutes": 60}]),
        (replace(AFTER, taken_at=NOW - 3 * HOUR, began_at=None), []),
        (replace(AFTER, role=None, taken_at=NOW - 3 * HOUR),
         [{"kind": "TAKEN_BEFORE_DISPATCH", "minutes": 60}]),
        (replace(PLAIN, software="Adobe Photoshop 25.1"), [{"kind": "EDITED", "editor": "photoshop"}]),
        (replace(PLAIN, software="美图秀秀"), [{"kind": "EDITED", "editor": "美图"}]),
        (replace(PLAIN, software="17.5.1"), []),
        (replace(PLAIN, software="HDR+ 1.0.641377609zd"), []),
        (replace(PLAIN, taken_at=NOW + 9 * MINUTE), []),
        (replace(PLAIN, taken_at=NOW + 3 * HOUR), [{"kind": "EDITED", "minutes_ahead": 180}]),
        (replace(PLAIN, twin=Twin(2, "case-2", True)),
         [{"kind": "SAME_PICTURE", "bits": 2, "case_id": "case-2", "same_sender": True}]),
        (replace(PLAIN, twin=Twin(4, "case-2", True)), []),
        (replace(AFTER, twin=Twin(0, media_id="b")), [{"kind": "SAME_PICTURE", "bits": 0, "media_id": "b"}]),
        (replace(AFTER, similarity=0.1), [{"kind": "ANOTHER_SCENE", "percent": 10}]),
        (replace(AFTER, similarity=0.25), []),
        (replace(PLAIN, similarity=0.1), []),
        (replace(PLAIN, taken_with=TakenWith.GALLERY), [{"kind": "NOT_FROM_APP_CAMERA", "said": "GALLERY"}]),
        (replace(PLAIN, taken_with=None), [{"kind": "NOT_FROM_APP_CAMERA", "said": "NOTHING"}]),
        (replace(PLAIN, app_mark="b" * 32), [{"kind": "NOT_FROM_APP_CAMERA", "said": "OTHER_MARK"}]),
        (replace(PLAIN, taken_with=None, app_mark=MEDIA), []),
    ],
)  # fmt: skip
def test_what_raises_a_flag(photo: Known, flags: list[dict[str, Any]]) -> None:
    assert raised(photo, RULES) == flags


@pytest.mark.parametrize("kind", FlagKind)
def test_a_flag_that_is_switched_off_is_not_raised(kind: FlagKind) -> None:
    worst = replace(
        AFTER, taken_at=NOW - 90 * HOUR, taken_place=north(5_000), software="GIMP", taken_with=None,
        twin=Twin(0, "case-2"), similarity=0.0, use="CHECK",
    )  # fmt: skip
    assert {flag["kind"] for flag in raised(worst, RULES)} == set(FlagKind)
    off = {**RULES, kind: FlagRule(False, RULES[kind].limit)}
    assert {flag["kind"] for flag in raised(worst, off)} == set(FlagKind) - {kind}


instants = st.none() | st.integers(-100_000, 100_000).map(lambda minutes: NOW + minutes * MINUTE)
knowns = st.builds(
    Known,
    media_id=st.just(MEDIA), use=st.sampled_from(["REPORT", "VERIFY", "HANDLE", "CHECK"]),
    role=st.none() | st.sampled_from(PhotoRole), sent_at=st.just(NOW), received_at=st.just(NOW),
    place=st.just(HERE), accuracy_m=st.none() | st.floats(-10, 1e9), taken_at=instants, began_at=instants,
    taken_place=st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    taken_with=st.none() | st.sampled_from(TakenWith), software=st.none() | st.text(max_size=30),
    app_mark=st.none() | st.just(MEDIA) | st.text(max_size=32), similarity=st.none() | st.floats(0, 1),
    twin=st.none() | st.builds(Twin, st.integers(0, 64), st.none() | st.just("case-2"), st.booleans()),
)  # fmt: skip


@given(knowns, st.sampled_from(FlagKind))
def test_whatever_a_photo_says_it_is_flagged_at_most_and_stricter_rules_flag_no_less(
    photo: Known, kind: FlagKind
) -> None:
    flags = raised(photo, RULES)
    assert len({flag["kind"] for flag in flags}) == len(flags)
    stricter = {FlagKind.SAME_PICTURE: 3, FlagKind.ANOTHER_SCENE: 100}.get(kind, 0)
    more = raised(photo, {**RULES, kind: FlagRule(True, stricter)})
    assert {flag["kind"] for flag in flags} <= {flag["kind"] for flag in more}


@given(knowns, st.floats(0, 1))
def test_a_likeness_that_comes_later_gives_what_weighing_anew_gives(photo: Known, measured: float) -> None:
    after = replace(photo, role=PhotoRole.AFTER, similarity=None)
    row = {"media_id": MEDIA, "similarity": None, "compared_with": [], "flags": raised(after, RULES)}
    later = with_likeness(row, {"b": measured, "c": None}, RULES)
    assert later["flags"] == raised(replace(after, similarity=measured), RULES)
    assert (later["similarity"], later["compared_with"]) == (measured, ["b", "c"])


@pytest.mark.parametrize(
    ("use", "role", "before", "after"),
    [
        ("REPORT", None, True, False), ("VERIFY", "NEAR", True, False), ("REPORT", "REFERENCE", False, False),
        ("HANDLE", None, False, True), ("HANDLE", "BEFORE", True, False), ("HANDLE", "NEAR", False, False),
        ("CHECK", None, False, False), ("CHECK", "AFTER", False, True), ("REPORT", "AFTER", False, True),
    ],
)  # fmt: skip
def test_which_photos_show_before_and_which_after(
    use: str, role: str | None, before: bool, after: bool
) -> None:
    photo = {"use": use, "role": role}
    assert (is_before(photo), is_after(photo)) == (before, after)
    assert is_after({"use": "HANDLE"}), "photos from before there were roles"
