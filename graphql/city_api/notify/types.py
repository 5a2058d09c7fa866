"""Inbox messages as phones see them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.enums import Acknowledgement, NoticeKind, RungAction, RungOutcome
from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored
from city_core.kit.mongo import Row
from city_core.notify.queries import unread_count
from city_core.notify.templates import text_of
from city_core.notify.urgency import MAY_BE_MUTED, asks_for_answer

if TYPE_CHECKING:
    from city_api.context import Context


def _text(message: Row, context: Context) -> str:
    return text_of(message["kind"], context.language)


@strawberry.type(description="One acknowledgement 回执 of a message of yours.")
class MessageAcknowledgement:
    state: Acknowledgement = stored("state")
    at: datetime = stored("at")
    device_time: datetime | None = stored("device_time", "When the phone says that it was.")
    reason: str = stored("reason", "Why it was refused; else blank.")


@strawberry.type(description="A rung 触达阶梯 that was climbed to reach you.")
class MessageRung:
    action: RungAction = stored("action")
    at: datetime = stored("at")
    outcome: RungOutcome = stored("outcome")


def _rows(name: str) -> Any:
    return computed(lambda message, _: message.get(name, []), needs={name})


@strawberry.type(description="A message 消息 in somebody's inbox; what a push only hints at.")
class InboxMessage:
    id: strawberry.ID = stored("_id")
    kind: NoticeKind = stored("kind")
    text: str = computed(_text)
    case_id: strawberry.ID = stored(
        "case_id", "The case; for EMERGENCY_… and DRILL_… the emergency; for CENSUS_STARTED the census."
    )
    seq: int = stored("seq", "The step of the case that it is about.")
    created_at: datetime = stored("created_at")
    read_at: datetime | None = stored("read_at")
    asks_for_answer: bool = computed(
        lambda message, _: asks_for_answer(message["kind"]),
        needs={"kind"},
        description="Whether it is to be accepted or refused; all others are to be read.",
    )
    acknowledgement: Acknowledgement | None = stored("answer", "How far it has come with you.")
    acknowledgements: list[MessageAcknowledgement] = _rows("acknowledgements")
    rungs: list[MessageRung] = _rows("rungs")


async def _unread(_: Any, context: Context) -> int:
    return await unread_count(context.city, context.viewer)


@strawberry.type(description="One page of the inbox 收件箱, the newest first.")
class InboxConnection:
    nodes: list[InboxMessage] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))
    unread_count: int = computed(_unread, later=True)


@strawberry.type(description="How and when hints may reach you 通知设置.")
class NotificationPreferences:
    quiet_from: str | None = stored("quiet_from", "Quiet hours 免打扰 begin, Beijing time, such as 22:00.")
    quiet_to: str | None = stored("quiet_to", "Quiet hours end, such as 06:30.")
    muted_kinds: list[NoticeKind] = stored("muted_kinds", "Kinds that come to the inbox without a hint.")
    may_be_muted: list[NoticeKind] = computed(
        lambda _, __: sorted(MAY_BE_MUTED), description="The kinds that can be muted: none that is urgent."
    )
    language: str | None = stored("language", "zh or en, of texts and calls; null: as in your profile.")
    updated_at: datetime | None = stored("updated_at")
