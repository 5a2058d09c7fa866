"""What a hint says in words, in Chinese and in English: nothing personal, no place, no case.

A push shows the text, a text message adds where to look; 70 characters are one text message in Chinese.
"""

from __future__ import annotations

from collections.abc import Mapping

from city_core.cases.notices import NoticeKind

MOST_CHARACTERS_OF_SMS = {"zh": 70, "en": 160}
_LOOK_INTO_THE_APP = ("请打开应用查看。", "Please open the app.")
TEXTS: Mapping[NoticeKind, tuple[str, str]] = {
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
    NoticeKind.CENSUS_STARTED: ("部件普查开始，请查看您的普查任务。", "A census has begun; see your tasks."),
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
    NoticeKind.ROUTING_FAULT: (
        "一件案件没有可执行的派遣规则，请人工派遣。",
        "No rule can dispatch a case; please dispatch it by hand.",
    ),
    NoticeKind.QUESTION_ASKED: ("您上报的案件有一个问题请您答复。", "There is a question about your report."),
    NoticeKind.QUESTION_ANSWERED: ("反映人已答复您的询问。", "The reporter has answered your question."),
    NoticeKind.COLLEAGUE_UNREACHED: (
        "一位同事未回应一件案件，请留意并协助。",
        "A colleague does not answer about a case; please look after it.",
    ),
    NoticeKind.RECEIVER_UNREACHED: (
        "一件案件的承办人未回应，请处理。",
        "Whoever has a case does not answer; please see to it.",
    ),
}


def text_of(kind: str, language: str) -> str:
    """Give the text of a message in somebody's language."""
    return TEXTS[NoticeKind(kind)][language == "en"]


def sms_text_of(kind: str, language: str) -> str:
    """Give what a text message or a call says about a message: one text message long."""
    is_english = language == "en"
    return text_of(kind, language) + " " * is_english + _LOOK_INTO_THE_APP[is_english]
