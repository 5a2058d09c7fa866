"""Emergencies as phones and desks see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.cases.words import role_name, state_name
from city_api.enums import Role, State
from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored
from city_core.cases.emergency.in_force import with_profile
from city_core.cases.emergency.model import EmergencyState
from city_core.cases.emergency.queries import preview_of, progress_of
from city_core.kit.mongo import Row

if TYPE_CHECKING:
    from city_api.context import Context

STATE_WORDS: Mapping[EmergencyState, tuple[str, str]] = {
    EmergencyState.PLANNED: ("待启动", "planned"),
    EmergencyState.ON: ("进行中", "on"),
    EmergencyState.ENDED: ("已结束", "ended"),
}
strawberry.enum(EmergencyState, name="EmergencyState", description="How far an emergency 应急状态 is.")
for _value in EmergencyState.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = "{}: {}.".format(*STATE_WORDS[EmergencyState[_value.name]])


@strawberry.type(description="A limit 时限 as it is written down.")
class EmergencyLimit:
    value: int = computed(lambda limit, _: limit.value)
    unit: str = computed(lambda limit, _: limit.unit, description="Such as urgent_minute or work_hour.")


@strawberry.type(description="A kind of emergency 应急预案.")
class EmergencyProfile:
    name: str = computed(lambda profile, _: profile.name)
    name_zh: str = computed(lambda profile, _: profile.name_zh)
    name_en: str = computed(lambda profile, _: profile.name_en)
    pushes_first: bool = computed(
        lambda profile, _: profile.is_urgent, description="Its tasks are pushed before all others."
    )
    needs_photos: int = computed(
        lambda profile, _: profile.needs_photos, description="Least photos of an inspector's report."
    )
    widened_to: list[Role] = computed(
        lambda profile, _: sorted(profile.widened_to), description="Posts that see all cases of the area."
    )
    note: str = computed(lambda profile, _: profile.note)


@strawberry.type(description="How far the switching of the clocks is.")
class EmergencyProgress:
    switched: int = computed(lambda progress, _: progress.switched, description="Cases with its clock.")
    to_switch: int = computed(lambda progress, _: progress.to_switch, description="Cases that still wait.")


@strawberry.type(description="A case that an emergency would switch.")
class EmergencyPreviewCase:
    case_id: strawberry.ID = computed(lambda case, _: case.case_id)
    number: str = computed(lambda case, _: case.number)
    type_code: str = computed(lambda case, _: case.type_code)
    state: State = computed(lambda case, _: case.state)
    state_name: str = computed(lambda case, context: state_name(case.state, context.language))
    normal_limit: EmergencyLimit = computed(lambda case, _: case.normal)
    emergency_limit: EmergencyLimit = computed(lambda case, _: case.emergency)


@strawberry.type(description="How many people of a post would be told.")
class EmergencyTold:
    role: Role = computed(lambda told, _: told[0])
    role_name: str = computed(lambda told, context: role_name(told[0], context.language))
    count: int = computed(lambda told, _: told[1])


@strawberry.type(description="What switching to emergency would change now; nothing is written.")
class EmergencyPreview:
    case_count: int = computed(lambda preview, _: preview.case_count)
    cases: list[EmergencyPreviewCase] = computed(
        lambda preview, _: preview.cases, description="The first fifty that you may see."
    )
    told: list[EmergencyTold] = computed(lambda preview, _: sorted(preview.told.items()))


@strawberry.type(description="One step of an emergency on record: START, BEGIN (planned), EXTEND, END.")
class EmergencyStep:
    action: str = stored("action")
    at: datetime = stored("at")
    person_name: str = stored("person_name")
    note: str = stored("note")
    ends_at: datetime = stored("ends_at", "Until when it lasted from this step on.")


def _is_state(row: Row, context: Context) -> str:
    zh, en = STATE_WORDS[EmergencyState(row["state"])]
    return en if context.language == "en" else zh


async def _profile(row: Row, context: Context) -> Any:
    return (await with_profile(context.city, row)).profile


async def _progress(row: Row, context: Context) -> Any:
    return await progress_of(context.city, row)


async def _preview(row: Row, context: Context) -> Any:
    would_be = row["is_drill"] and row["state"] != "ENDED"
    return await preview_of(context.city, context.viewer, row) if would_be else None


@strawberry.type(description="An emergency 应急状态: a named overlay over an area and a time 平急转换.")
class Emergency:
    id: strawberry.ID = stored("_id")
    version: int = stored("version")
    name: str = stored("name")
    state: EmergencyState = stored("state")
    state_name: str = computed(_is_state)
    profile: EmergencyProfile = computed(_profile, later=True)
    area_codes: list[str] = stored("area_codes", "Districts, streets and communities.")
    starts_at: datetime = stored("starts_at")
    ends_at: datetime = stored("ends_at", "When it ends by itself.")
    ended_at: datetime | None = stored("ended_at", "When it ended, by hand or by itself.")
    authority: str = stored("authority", "Who ordered it, and the number of the document 依据.")
    is_drill: bool = stored("is_drill", "A drill 演练 changes nothing.")
    progress: EmergencyProgress = computed(_progress, later=True)
    would_switch: EmergencyPreview | None = computed(
        _preview, later=True, description="What a drill would change now; nothing for a real emergency."
    )
    history: list[EmergencyStep] = stored("history")


@strawberry.type(description="One page of emergencies, the newest first.")
class EmergencyConnection:
    nodes: list[Emergency] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))
