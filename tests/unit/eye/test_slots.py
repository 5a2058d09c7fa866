"""Which frames fall into one slot, and which finds are the same thing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from city_core.eye.model import SourceKind
from city_core.eye.rules import EYE_RULES
from city_core.eye.sameness import overlap, same_event
from city_core.eye.slots import slot_of

RULES = EYE_RULES.compile(EYE_RULES.first_content)
FIXED, DRONE = RULES[SourceKind.VIDEO_PLATFORM], RULES[SourceKind.DRONE]
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
HERE = (118.055, 36.805)
BOX = {"label": "vendor_stall", "confidence": 0.8, "x": 0.4, "y": 0.4, "width": 0.2, "height": 0.2}
parts = some.floats(0, 0.5)
boxes = some.builds(
    lambda x, y, width, height: {"x": x, "y": y, "width": width, "height": height},
    parts, parts, some.floats(0.01, 0.5), some.floats(0.01, 0.5),
)  # fmt: skip


def test_forty_frames_a_second_of_a_camera_leave_one_in_two_seconds() -> None:
    frames = [NOON + timedelta(milliseconds=25 * number) for number in range(2_400)]
    assert len({slot_of(FIXED, at, HERE, None, None) for at in frames}) == 30


def test_of_a_flight_only_the_same_spot_in_the_same_direction_is_thinned() -> None:
    def slot(lng: float, heading: float | None = None, seconds: float = 0) -> str:
        return slot_of(DRONE, NOON + timedelta(seconds=seconds), (lng, HERE[1]), "f1", heading)

    assert slot(HERE[0]) == slot(HERE[0], seconds=3_000)
    assert slot(HERE[0]) != slot(HERE[0] + 0.0003)
    assert slot(HERE[0], 0) != slot(HERE[0], 90)
    assert slot(HERE[0], 359) == slot(HERE[0], 1)


def test_a_patrol_without_a_flight_keeps_a_spot_again_after_a_while() -> None:
    at = [slot_of(DRONE, NOON + timedelta(seconds=seconds), HERE, None, None) for seconds in (0, 10, 61)]
    assert at[0] == at[1] != at[2]


@given(boxes, boxes)
def test_overlap_is_the_same_from_both_sides_and_never_more_than_whole(
    one: dict[str, float], other: dict[str, float]
) -> None:
    assert 0 <= overlap(one, other) <= 1 + 1e-9
    assert abs(overlap(one, other) - overlap(other, one)) < 1e-9
    assert abs(overlap(one, one) - 1) < 1e-9


def _event(**changed: object) -> dict[str, object]:
    point = {"point": {"type": "Point", "coordinates": list(HERE)}}
    return {
        "_id": "e", "first_seen_at": NOON, "last_seen_at": NOON, "last_box": BOX, "best": {"box": BOX},
        "place": point, **changed,
    }  # fmt: skip


def _frame(minutes: float = 0, lng: float = HERE[0]) -> dict[str, object]:
    point = {"point": {"type": "Point", "coordinates": [lng, HERE[1]]}}
    return {"taken_at": NOON + timedelta(minutes=minutes), "place": point}


def test_the_same_thing_is_where_it_was_and_soon_after() -> None:
    moved = {**BOX, "x": 0.45}
    elsewhere = {**BOX, "x": 0.8}
    assert same_event([_event()], _frame(29), moved, FIXED) is not None
    assert same_event([_event()], _frame(31), moved, FIXED) is None
    assert same_event([_event()], _frame(1), elsewhere, FIXED) is None
    assert same_event([_event()], _frame(-29), moved, FIXED) is not None
    near, far = HERE[0] + 0.0003, HERE[0] + 0.0005  # 27 and 45 metres
    assert same_event([_event()], _frame(1, near), elsewhere, DRONE) is not None
    assert same_event([_event()], _frame(1, far), BOX, DRONE) is None
