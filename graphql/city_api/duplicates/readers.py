"""What the fields about duplicates show, from the row of a case and the viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from city_core.cases.reports import joined, own_reports, report_count
from city_core.cases.visibility import sees_first_report
from city_core.kit.mongo import Row
from city_core.policy.parts_of_cases import sees_staff_names

if TYPE_CHECKING:
    from city_api.context import Context


def count_of_reports(case: Row, _: Context) -> int:
    return report_count(case)


def reports_for_viewer(case: Row, context: Context) -> Any:
    """Staff read every report that came to a case, citizens only their own."""
    return joined(case) if sees_staff_names(context.viewer) else own_reports(case, context.viewer.person_id)


def description_for_viewer(case: Row, context: Context) -> Any:
    """Who only joined reads their own words, not those of the first reporter."""
    if sees_first_report(context.viewer, case):
        return case["description"]
    own = own_reports(case, context.viewer.person_id)
    return own[0]["description"] if own else ""


def rating_for_viewer(case: Row, context: Context) -> Any:
    if sees_first_report(context.viewer, case):
        return case.get("rating")
    own = own_reports(case, context.viewer.person_id)
    return next((row["rating"] for row in own if row["rating"]), None)


def place_for_viewer(case: Row, context: Context) -> Any:
    """The address is in the first reporter's words, and the accuracy is that of their phone."""
    place = case["place"]
    return place if sees_first_report(context.viewer, case) else {**place, "address": "", "accuracy_m": None}


def merged_into(case: Row, context: Context) -> Any:
    return context.followed.find(case.get("merged_into"))


def recurrence_of(case: Row, context: Context) -> Any:
    return context.followed.find(case.get("recurrence_of")) if sees_staff_names(context.viewer) else None


def has_recurred(case: Row, context: Context) -> bool | None:
    return bool(case.get("recurrence_ids")) if sees_staff_names(context.viewer) else None
