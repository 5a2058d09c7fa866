"""When two reports count as the same thing, and how likely that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.cases.duplicates.rules import DuplicateRule
from city_core.cases.duplicates.scoring import Likeness, Sighting, score

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
HERE = (118.055, 36.805)
METRE = 1 / 111_195  # of latitude, degrees
LOOKS = "f0e1d2c3b4a59687"
RULE = DuplicateRule()
REPORT = Sighting(HERE, NOW, "E0110", None, [LOOKS])


def seen(metres: float = 0, minutes: int = 0, type_code: str | None = "E0110", **more: object) -> Sighting:
    point = (HERE[0], HERE[1] + metres * METRE)
    return replace(Sighting(point, NOW - timedelta(minutes=minutes), type_code), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("candidate", "found"),
    [
        (seen(12, 30), {Likeness.NEAR: 12, Likeness.RECENT: 30, Likeness.SAME_TYPE: 1}),
        (seen(type_code="E0112"), {Likeness.NEAR: 0, Likeness.RECENT: 0, Likeness.SAME_MAJOR: 1}),
        (seen(type_code=None), {Likeness.NEAR: 0, Likeness.RECENT: 0}),
        (seen(type_code="C0102", looks=["f0e1d2c3b4a59684"]),
         {Likeness.NEAR: 0, Likeness.RECENT: 0, Likeness.SIMILAR_PHOTO: 2}),
    ],
)  # fmt: skip
def test_what_is_near_recent_and_alike_is_a_candidate_with_its_reasons(
    candidate: Sighting, found: dict[Likeness, int]
) -> None:
    likeness = score(candidate, REPORT, RULE)
    assert likeness is not None and likeness.reasons == found


@pytest.mark.parametrize(
    "candidate",
    [
        seen(51),
        seen(minutes=24 * 60 + 1),
        seen(type_code="C0102"),
        seen(type_code="C0102", looks=["0f1e2d3c4b5a6978"]),
    ],
)
def test_what_is_far_old_or_another_thing_is_none(candidate: Sighting) -> None:
    assert score(candidate, REPORT, RULE) is None


def test_the_same_component_counts_wherever_and_whenever() -> None:
    report = replace(REPORT, component_code="LAMP-7", type_code="C0102")
    likeness = score(seen(400, 9_000, component_code="LAMP-7"), report, RULE)
    assert likeness is not None
    assert (likeness.reasons, likeness.score) == ({Likeness.SAME_COMPONENT: 1}, 60)


def test_pictures_without_looks_resemble_nothing() -> None:
    blank = seen(type_code="C0102", looks=["0" * 16])
    assert score(blank, replace(REPORT, looks=["0" * 16]), RULE) is None


@given(st.floats(0, 50), st.floats(0, 50), st.integers(0, 1440), st.integers(0, 1440))
def test_nearer_and_newer_never_scores_less(one: float, other: float, old: int, young: int) -> None:
    near, far = sorted((one, other))
    new, aged = sorted((old, young))
    best, worst = score(seen(near * 0.99, new), REPORT, RULE), score(seen(far * 0.99, aged), REPORT, RULE)
    assert best is not None and worst is not None
    assert 0 <= worst.score <= best.score <= 100
