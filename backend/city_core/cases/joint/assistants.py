"""Several departments on one case: a host 主办 and its assistants 协办, done when all have answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import WorkItem


def unanswered(case: Mapping[str, Any]) -> list[Row]:
    """List the assistants of a case who have not answered yet."""
    return [row for row in case["assistants"] if row["answered_at"] is None]


def unanswered_of(case: Mapping[str, Any], department_id: str | None) -> Row:
    """Find what a department is asked as an assistant, or refuse: it is not asked, or has answered."""
    for row in unanswered(case):
        if row["department_id"] == department_id:
            return row
    if any(row["department_id"] == department_id for row in case["assistants"]):
        raise CityProblem("ALREADY_ANSWERED", allowed="one answer for each time that a department is asked")
    raise CityProblem("NOT_ALLOWED", field="departmentId", allowed="a department that assists on this case")


def replaced(case: Mapping[str, Any], old: Row, new: Row | None) -> Row:
    """Give the fields of a case in which one assistant's row is another, or gone."""
    rows = [new if row is old else row for row in case["assistants"]]
    return assistant_fields([row for row in rows if row is not None])


def assistant_fields(rows: list[Row]) -> Row:
    """Give the fields of a case that say who assists on it."""
    return {
        "assistants": rows,
        "assisting_department_ids": list(dict.fromkeys(row["department_id"] for row in rows)),
    }


def without_host(case: Mapping[str, Any], host_id: str | None) -> Row:
    """Give the fields of a case whose new host assisted on it: what it was asked is now its own to handle."""
    if not any(row["department_id"] == host_id for row in unanswered(case)):
        return {}
    return assistant_fields(
        [
            row
            for row in case["assistants"]
            if row["department_id"] != host_id or row["answered_at"] is not None
        ]
    )


def check_work(case: Mapping[str, Any], now: datetime) -> list[WorkItem]:
    """Ask for the check of a handled case, once every assistant has answered."""
    if unanswered(case):
        return []
    return [WorkItem("request_check", f"request_check:{case['version'] + 1}", now)]


def refuse_unanswered(case: Mapping[str, Any]) -> None:
    """Keep a case from being closed while an assistant still owes an answer."""
    waiting = [row["department_id"] for row in unanswered(case)]
    if waiting:
        raise CityProblem("ASSISTANTS_PENDING", allowed=f"when these have answered: {', '.join(waiting)}")
