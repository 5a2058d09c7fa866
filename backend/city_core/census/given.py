"""Commands on components as phones give them, at once or queued: plain values in, the use-case out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.command import Command
from city_core.census.add_component import ComponentDraft, add_component
from city_core.census.change_component import GivenChange, change_record
from city_core.census.check_component import check_component
from city_core.census.departments import GivenDepartments
from city_core.census.move_component import move_component
from city_core.census.retire_component import retire_component
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from city_core.places.locate import GivenPoint

Given = Mapping[str, Any]


async def add(city: City, actor: Actor, command: Command, given: Given) -> Row:
    """Add a component as it was given."""
    draft = ComponentDraft(
        type_code=given["type_code"],
        point=_point(given),
        media_ids=given["media_ids"],
        name_zh=given["name_zh"],
        state=given["state"],
        departments=_departments(given),
        note=given["note"],
        even_so=given["even_so"],
    )
    return await add_component(city, actor, command, draft)


async def move(city: City, actor: Actor, command: Command, given: Given) -> Row:
    """Move a component as it was given."""
    more = {"point": _point(given), "note": given["note"], "media_ids": given["media_ids"]}
    return await move_component(city, actor, given["component_code"], command, **more)


async def change(city: City, actor: Actor, command: Command, given: Given) -> Row:
    """Change a component as it was given."""
    changes = GivenChange(
        name_zh=given["name_zh"],
        state=given["state"],
        departments=_departments(given),
        owner_is_known=given["owner_is_known"],
        note=given["note"],
    )
    return await change_record(
        city, actor, given["component_code"], command, changes, media_ids=given["media_ids"]
    )


async def retire(city: City, actor: Actor, command: Command, given: Given) -> Row:
    """Take a component out of use as it was given."""
    more = {"state": given["state"], "reason": given["reason"], "media_ids": given["media_ids"]}
    return await retire_component(city, actor, given["component_code"], command, **more)


async def check(city: City, actor: Actor, command: Command, given: Given) -> Row:
    """Put a check on record as it was given."""
    more = {"state": given["state"], "note": given["note"], "media_ids": given["media_ids"]}
    return await check_component(city, actor, given["component_code"], command, **more)


def _point(given: Given) -> GivenPoint:
    point = given["point"]
    return GivenPoint(point["lng"], point["lat"], point["datum"], point["accuracy_m"])


def _departments(given: Given) -> GivenDepartments:
    return GivenDepartments(
        authority_department_id=given["authority_department_id"],
        owner_department_id=given["owner_department_id"],
        owner_name_zh=given["owner_name_zh"],
        keeper_department_id=given["keeper_department_id"],
    )
