"""Inbox messages as phones see them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.enums import NoticeKind
from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored
from city_core.kit.mongo import Row
from city_core.notify.queries import unread_count

if TYPE_CHECKING:
    from city_api.context import Context

TEXTS: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.TASK_ASSIGNED: ("您有新的任务。", "You have a new task."),
    NoticeKind.TASK_WITHDRAWN: ("一项任务已转交他人。", "A task of yours went to somebody else."),
    NoticeKind.CASE_PROGRESS: ("您上报的案件有新进展。", "There is news about what you reported."),
    NoticeKind.PHOTO_REFUSED: (
        "一张照片无法使用，请重新上传。",
        "A photo could not be used; please send it again.",
    ),
    NoticeKind.LIMIT_CHANGED: (
        "您的一项任务的时限已因平急转换而调整。",
        "The limit of a task of yours has changed with an emergency.",
    ),
    NoticeKind.EMERGENCY_STARTED: ("您所在区域已进入应急状态。", "An emergency has begun in your area."),
    NoticeKind.EMERGENCY_ENDED: ("您所在区域已恢复平时状态。", "The emergency in your area is over."),
    NoticeKind.DRILL_STARTED: ("【演练】应急演练开始。", "DRILL: an emergency drill has begun."),
    NoticeKind.DRILL_ENDED: ("【演练】应急演练结束。", "DRILL: the emergency drill is over."),
    NoticeKind.REQUEST_TO_REVIEW: ("有一项申请待您审批。", "A request waits for your review."),
    NoticeKind.REQUEST_DECIDED: ("您的申请已有结果。", "Your request has an outcome."),
    NoticeKind.CASE_UNASSIGNED: ("一件案件无人承办，请安排。", "Nobody has a case yet; please see to it."),
    NoticeKind.CASE_WARNING: ("一件案件即将超时。", "The time of a case is running out."),
    NoticeKind.YELLOW_CARD: ("黄牌：一件案件已到时限。", "Yellow card: the time of a case is up."),
    NoticeKind.RED_CARD: ("红牌：一件案件严重超时。", "Red card: a case is long overdue."),
    NoticeKind.SUPERVISED: (
        "督办：领导督办了一件案件，请签收。",
        "A leader supervises a case of yours; please confirm.",
    ),
    NoticeKind.URGED: ("催办：请尽快办理并签收。", "You are urged to get on with a case; please confirm."),
    NoticeKind.QUESTION_ASKED: ("您上报的案件有一个问题请您答复。", "There is a question about your report."),
    NoticeKind.QUESTION_ANSWERED: ("反映人已答复您的询问。", "The reporter has answered your question."),
    NoticeKind.ROUTING_FAULT: (
        "一件案件没有可执行的派遣规则，请人工派遣。",
        "No rule can dispatch a case; please dispatch it by hand.",
    ),
}


def _text(message: Row, context: Context) -> str:
    return TEXTS[NoticeKind(message["kind"])][context.language == "en"]


@strawberry.type(description="A message 消息 in somebody's inbox; what a push only hints at.")
class InboxMessage:
    id: strawberry.ID = stored("_id")
    kind: NoticeKind = stored("kind")
    text: str = computed(_text)
    case_id: strawberry.ID = stored("case_id", "The case; for EMERGENCY_… and DRILL_… the emergency.")
    seq: int = stored("seq", "The step of the case that it is about.")
    created_at: datetime = stored("created_at")
    read_at: datetime | None = stored("read_at")


async def _unread(_: Any, context: Context) -> int:
    return await unread_count(context.city, context.viewer)


@strawberry.type(description="One page of the inbox 收件箱, the newest first.")
class InboxConnection:
    nodes: list[InboxMessage] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))
    unread_count: int = computed(_unread, later=True)
