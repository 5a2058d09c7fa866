"""Persons, departments and sign-ins as phones see them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.cases.words import role_name
from city_api.enums import Level, Role
from city_api.rows import computed, stored
from city_core.people.roles import Actor
from city_core.privacy.agree import is_notice_due

if TYPE_CHECKING:
    from city_api.context import Context


@strawberry.type(description="A department 专业部门 that handles cases.")
class Department:
    id: strawberry.ID = stored("_id")
    name_zh: str = stored("name_zh")
    name_en: str = stored("name_en")
    level: Level = computed(lambda row, _: row.get("level") or Level.DISTRICT, description="Level 层级.")
    area_code: str | None = stored("area_code", "The street or community that it answers for.")


def _department(actor: Actor, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.departments.get(actor.department_id or ""))


@strawberry.type(description="Whoever is signed in, in their post 岗位.")
class Me:
    id: strawberry.ID = computed(lambda actor, _: actor.person_id)
    name: str = computed(lambda actor, _: actor.name)
    role: Role = computed(lambda actor, _: actor.role)
    role_name: str = computed(lambda actor, context: role_name(actor.role, context.language))
    department: Department | None = computed(_department)
    level: Level = computed(lambda actor, _: actor.level, description="Level 层级 of a seat or a leader.")
    street_codes: list[str] = computed(lambda actor, _: sorted(actor.street_codes))
    responsibility_grid_ids: list[str] = computed(
        lambda actor, _: sorted(actor.grid_ids), description="Responsibility grids 责任网格."
    )
    privacy_notice_due: bool = computed(
        lambda actor, context: is_notice_due(context.city, actor),
        later=True,
        description="Whether the privacy notice 隐私政策 in force is still to be agreed to.",
    )


@strawberry.type(description="A sign-in 登录: the token to send along as `Authorization: Bearer …`.")
class SignedIn:
    token: str = computed(lambda signed_in, _: signed_in.token)
    expires_at: datetime = computed(lambda signed_in, _: signed_in.expires_at)
    me: Me = computed(lambda signed_in, _: signed_in.actor)
    refresh_token: str | None = computed(
        lambda signed_in, _: signed_in.refresh_token,
        description="For refreshSignIn, once; only for a phone that gave its deviceId.",
    )
    refresh_expires_at: datetime | None = computed(lambda signed_in, _: signed_in.refresh_expires_at)


@strawberry.type(description="A sign-in session 登录会话 on one phone.")
class SignInSession:
    id: strawberry.ID = stored("_id")
    device_id: str = stored("device_id", "As the phone named itself; blank for one that did not.")
    app: str = stored("app")
    since: datetime = stored("created_at")
    last_used_at: datetime = stored("rotated_at", "When it was last refreshed.")
    expires_at: datetime = stored("expires_at")
    is_this_one: bool = stored("is_this_one", "Whether it is the one that asks.")


@strawberry.type(description="It is done.")
class Done:
    ok: bool = computed(lambda _, __: True)
