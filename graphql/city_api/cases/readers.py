"""What the computed fields of a case show, from its row and the context."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from city_api.catalogue.dictionary import condition_of_case
from city_api.evidence.types import evidence_by_photo
from city_core.cases.evidence.seen import sees_evidence
from city_core.cases.workflow import Action, State, possible_actions
from city_core.kit.mongo import Row
from city_core.policy.may import Kind, Verb, may
from city_core.policy.parts_of_cases import name_in_history, photos_of_step, sees_staff_names, sees_step

if TYPE_CHECKING:
    from city_api.context import Context


def case_type(case: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.types.get(case.get("type_code") or ""))


def condition(case: Row, context: Context) -> Any:
    return condition_of_case(context.city, case)


def department(case: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.departments.get(case.get("department_id") or ""))


def proposed_type(advice: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.types.get(advice["type_code"]))


def seconds_left(case: Row, context: Context) -> int | None:
    deadline = case.get("deadline_at")
    if deadline is None or case.get("handled_at") is not None:
        return None
    return int((deadline - context.now).total_seconds())


def late(case: Row, context: Context) -> bool:
    deadline: datetime | None = case.get("deadline_at")
    return deadline is not None and (case.get("handled_at") or context.now) > deadline


def steps(case: Row, context: Context) -> list[Row]:
    """Show the steps on record, with the names that the viewer may read."""
    viewer = context.viewer
    return [
        {
            **step,
            "name": name_in_history(viewer, case, step),
            "media_ids": photos_of_step(viewer, step),
        }
        for step in case.get("history", ())
        if sees_step(viewer, step)
        and (step["action"] != Action.WEIGH_EVIDENCE or sees_evidence(viewer, case))
    ]


def photos(case: Row, context: Context) -> list[Row]:
    """Show the photos that the viewer may see, with what they may read of their worth as evidence."""
    worth = evidence_by_photo(case, context)
    return [
        {**photo, "evidence": worth.get(photo["media_id"])}
        for photo in case.get("photos", ())
        if may(context.viewer, Verb.READ, Kind.CASE_PHOTO, photo)
    ]


def detections(case: Row, context: Context) -> list[Row]:
    shown = {photo["media_id"] for photo in photos(case, context)}
    return [row for row in case.get("detections", ()) if row["media_id"] in shown]


def sign(case: Row, context: Context) -> Row | None:
    return case.get("sign") if sees_staff_names(context.viewer) else None


def after_advice(case: Row, context: Context) -> Row | None:
    return case.get("after_advice") if sees_staff_names(context.viewer) else None


def actions_of_viewer(case: Row, context: Context) -> list[Action]:
    return possible_actions(State(case["state"]), context.viewer.role)


def holder_name(case: Row, context: Context) -> Any:
    task = case.get("task")
    if task and task["assignee_id"] and sees_staff_names(context.viewer):
        return context.names.name(task["assignee_id"])
    zh_or_en = "name_en" if context.language == "en" else "name_zh"
    department_id = case.get("department_id") or ""
    return context.dictionary.then(lambda book: (book.departments.get(department_id) or {}).get(zh_or_en))


def assignee_id(task: Row, context: Context) -> str | None:
    return task["assignee_id"] if sees_staff_names(context.viewer) else None


def assignee_name(task: Row, context: Context) -> Any:
    return context.names.name(assignee_id(task, context))


def receiver_name(step: Row, context: Context) -> Any:
    return context.names.name(step["receiver_id"]) if sees_staff_names(context.viewer) else None


def receiving_department(step: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.departments.get(step["receiver_department_id"] or ""))


def photo_url(photo: Mapping[str, Any], context: Context) -> str:
    return f"{context.city.settings.public_url.rstrip('/')}/media/{photo['media_id']}"


def photo_state(photo: Mapping[str, Any], context: Context) -> Any:
    return context.photos.look_up(photo["media_id"], "state")


def photo_refusal(photo: Mapping[str, Any], context: Context) -> Any:
    return context.photos.look_up(photo["media_id"], "refusal")


def wgs84(index: int) -> Any:
    def show(place: Row, _: Context) -> float:
        return float(place["point"]["coordinates"][index])

    return show
