"""Rules of components and censuses that need no city: what a check makes of one, how far a census is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from city_core.census.campaigns.coverage import Coverage
from city_core.census.campaigns.model import CampaignState
from city_core.census.campaigns.queries import GridProgress
from city_core.census.campaigns.running import state_of
from city_core.census.changing import changed_parts
from city_core.census.check_component import as_seen
from city_core.places.components.record import Deed, change_row

BEGINS = datetime(2026, 11, 1, 16, tzinfo=UTC)
CAMPAIGN = {
    "starts_at": BEGINS,
    "ends_at": BEGINS + timedelta(days=10),
    "ended_at": None,
    "goal": "CHECK_ALL",
}
NOON = BEGINS + timedelta(hours=20)


@pytest.mark.parametrize(
    ("days", "ended_at", "state"),
    [
        (-0.1, None, CampaignState.PLANNED),
        (0, None, CampaignState.RUNNING),
        (9.9, None, CampaignState.RUNNING),
        (10, None, CampaignState.ENDED),
        (5, BEGINS + timedelta(days=4), CampaignState.ENDED),
        (-1, BEGINS - timedelta(days=2), CampaignState.ENDED),
    ],
)
def test_a_census_is_as_far_as_its_days(days: float, ended_at: Any, state: CampaignState) -> None:
    assert state_of({**CAMPAIGN, "ended_at": ended_at}, BEGINS + timedelta(days=days)) is state


@pytest.mark.parametrize(
    ("goal", "checked", "days", "task", "is_done", "is_behind"),
    [
        ("CHECK_ALL", 10, 1, None, True, False),
        ("CHECK_ALL", 5, 4, None, False, False),
        ("CHECK_ALL", 5, 6, None, False, True),
        ("CHECK_ALL", 9, 11, None, False, True),
        ("CHECK_ALL", 9, -1, None, False, False),
        ("FIND", 0, 6, None, False, False),
        ("FIND", 10, 6, None, False, False),
        ("FIND", 0, 11, None, False, True),
        ("FIND", 0, 11, {"done_at": NOON}, True, False),
        ("CHECK_ALL", 5, 6, {"done_at": None}, False, True),
    ],
)
def test_a_grid_is_behind_where_less_is_checked_than_of_the_days_has_passed(
    goal: str, checked: int, days: float, task: Any, is_done: bool, is_behind: bool
) -> None:
    now = BEGINS + timedelta(days=days)
    one = GridProgress({**CAMPAIGN, "goal": goal}, {}, task, Coverage(10, checked), now)
    assert (one.is_done, one.is_behind) == (is_done, is_behind)


def test_where_nothing_stands_nothing_is_left() -> None:
    assert (Coverage().share, Coverage().left) == (1.0, 0)
    assert Coverage(2, 1, 1) + Coverage(3, 3, 0, 1, 1) == Coverage(5, 4, 1, 1, 1)


@pytest.mark.parametrize(
    ("checked_at", "changed_at", "state", "becomes"),
    [
        (None, None, "IN_USE", {"checked_at": NOON}),
        (None, None, "DAMAGED", {"checked_at": NOON, "state": "DAMAGED", "changed_on": "2026-11-02"}),
        (NOON + timedelta(hours=1), None, "DAMAGED", {}),
        (None, NOON + timedelta(hours=1), "DAMAGED", {"checked_at": NOON}),
    ],
)
def test_what_a_check_makes_of_a_component(
    checked_at: Any, changed_at: Any, state: str, becomes: dict[str, Any]
) -> None:
    history = [{"at": changed_at, "after": {"state": "IN_USE"}}] if changed_at else []
    component = {"state": "IN_USE", "checked_at": checked_at, "history": history}
    assert as_seen(component, state, NOON) == becomes


def test_a_row_of_the_history_holds_what_differs() -> None:
    deed = Deed("CHANGED", "p", "c", "m", "说明", ["photo"])
    row = change_row(
        deed, 2, NOON, {"state": "IN_USE", "name_zh": "井盖"}, {"state": "DAMAGED", "name_zh": "井盖"}
    )
    assert (row["before"], row["after"]) == ({"state": "IN_USE"}, {"state": "DAMAGED"})
    assert changed_parts(row) == ["state"]
    assert changed_parts({"after": {"point": {}, "owner_is_known": False, "checked_at": NOON}}) == [
        "point",
        "departments",
    ]
