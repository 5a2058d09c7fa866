"""What merging does to both cases, and how it is undone exactly; pure rules.

A merged case keeps its own joined reports as they were. The case that takes it in gets copies: the merged
case's own report and all that it held. Each copy names the case that the report was made on or joined
(`merged_case_id`), so that it finds its way back, also through a chain of merges.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from city_core.cases.reports import joined, reporters_of
from city_core.cases.vocabulary import Action
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem

Case = Mapping[str, Any]
# Clocks are not kept: they stand still while the case is merged and are read from the history anew.
_KEPT = (
    "state", "task", "department_id", "handler_id", "assistants", "assisting_department_ids", "requests",
    "handled_at", "suspended_until", "suspended_from", "return_count", "is_decided", "routing_fault", "level",
    "emergency_id", "limit_value", "limit_unit",
)  # fmt: skip
_GOES_ON_WHEN_MERGED = frozenset({"notify", "detect", "weigh", "compare"})  # still told, still looked at
_PLANNED_ANEW = frozenset({"escalate", "upgrade"})  # follows from the clocks, at every write
_NO_PART_OF_ONES_OWN = frozenset({Action.RATE})


def check_mergeable(duplicate: Case, target: Case) -> None:
    """Refuse merges that make no sense: with itself, or with a part of a split case."""
    if duplicate["_id"] == target["_id"]:
        raise CityProblem("MERGE_NOT_POSSIBLE", field="intoCaseId", allowed="another case")
    if duplicate.get("parent_id") is not None or duplicate.get("child_ids"):
        raise CityProblem("MERGE_NOT_POSSIBLE", field="caseId", allowed="a case that was not split")
    if target.get("parent_id") is not None and target["parent_id"] == duplicate["_id"]:
        raise CityProblem("MERGE_NOT_POSSIBLE", field="intoCaseId", allowed="a case that is no part of it")


def merged(duplicate: Case, target_id: str) -> tuple[Row, list[str]]:
    """Say what becomes of the duplicate, and which kinds of pending work are put away until it comes back."""
    stays = _GOES_ON_WHEN_MERGED | _PLANNED_ANEW
    work = [_still_to_do(item) for item in duplicate["work"] if item["kind"] not in stays]
    before = {name: duplicate.get(name) for name in _KEPT} | {"work": work}
    changes = {"merged_into": target_id, "before_merge": before, "task": None}
    return changes, sorted({item["kind"] for item in work})


def taken_in(target: Case, duplicate: Case) -> Row:
    """Say what becomes of the case that takes the duplicate in; its reporters follow it from now on."""
    own = {
        "reporter_id": duplicate["reporter_id"],
        "source": duplicate["source"],
        "description": duplicate["description"],
        "media_ids": [
            photo["media_id"]
            for photo in duplicate["photos"]
            if photo["use"] == "REPORT" and photo["added_by"] == duplicate["reporter_id"]
        ],
        "at": duplicate["reported_at"],
        "merged_case_id": duplicate["_id"],
        "rating": None,
    }
    along = [_along(row, duplicate["_id"]) for row in joined(duplicate)]
    involved = dict.fromkeys([*target["people_involved"], *reporters_of(duplicate)])
    to_blur = sorted({*target.get("to_blur", ()), *duplicate.get("to_blur", ())})
    return {
        "joined_reports": [*joined(target), own, *along],
        "people_involved": list(involved),
        **({"to_blur": to_blur} if to_blur else {}),
    }


def case_ids_within(duplicate: Case) -> set[str]:
    """Name a case and every case that was merged into it, however far down the chain."""
    within = {row["merged_case_id"] for row in joined(duplicate) if row["merged_case_id"] is not None}
    return {duplicate["_id"], *within}


def given_out(holder: Case, case_ids: Collection[str]) -> tuple[Row, list[Row]]:
    """Say what remains of a case when the reports of some merged cases leave it, and which ones leave."""
    leaving = [dict(row) for row in joined(holder) if row["merged_case_id"] in case_ids]
    remaining = [dict(row) for row in joined(holder) if row["merged_case_id"] not in case_ids]
    gone = {row["reporter_id"] for row in leaving} - _with_a_part_of_their_own(holder, remaining)
    involved = [person for person in holder["people_involved"] if person not in gone]
    return {"joined_reports": remaining, "people_involved": involved}, leaving


def restored(duplicate: Case, leaving: Sequence[Mapping[str, Any]]) -> tuple[Row, list[Row]]:
    """Say what the duplicate is again, with the ratings that its reporters gave meanwhile, and its work."""
    before = dict(duplicate["before_merge"])
    work: list[Row] = before.pop("work")
    before.pop("state")
    ratings = {(row["reporter_id"], row["merged_case_id"]): row["rating"] for row in leaving if row["rating"]}
    own = (duplicate["reporter_id"], duplicate["_id"])
    reports = [
        {**row, "rating": ratings.get(_home_of(row, duplicate["_id"]), row["rating"])}
        for row in joined(duplicate)
    ]
    changes = {
        **before,
        "merged_into": None,
        "before_merge": None,
        "joined_reports": reports,
        "rating": ratings.get(own, duplicate.get("rating")),
    }
    return changes, work


def _home_of(row: Mapping[str, Any], case_id: str) -> tuple[str, str]:
    return row["reporter_id"], row["merged_case_id"] or case_id


def _along(row: Mapping[str, Any], case_id: str) -> Row:
    return {**row, "merged_case_id": row["merged_case_id"] or case_id}


def _still_to_do(item: Mapping[str, Any]) -> Row:
    return {name: item[name] for name in ("kind", "key", "due_at", "input")}


def _with_a_part_of_their_own(case: Case, remaining: Sequence[Mapping[str, Any]]) -> set[str]:
    """Name those who stay involved: by a report of their own, or because they did or got something."""
    people = {case["reporter_id"], *(row["reporter_id"] for row in remaining)}
    for step in case["history"]:
        if Action(step["action"]) not in _NO_PART_OF_ONES_OWN:
            people |= {step["person_id"], step["receiver_id"]}
    return people
