"""The refusals of limits and trust: code, HTTP status, whether asking again can help, Chinese, English."""

from __future__ import annotations

TRUST_ROWS: tuple[tuple[str, int, bool, str, str], ...] = (
    ("DOCUMENT_INVALID", 400, False, "该操作文档无效。", "This operation document is not valid."),
    ("OPERATION_TOO_COSTLY", 400, False, "一次请求的内容过多，请减少每页数量。",
     "The operation asks for too much at once; ask for smaller pages."),
    ("OPERATION_TOO_LONG", 503, True, "办理时间过长，已中止，请稍后重试。",
     "The operation took too long and was ended; please try again shortly."),
    ("TOO_MANY_REQUESTS", 429, True, "请求过于频繁，请稍后再试。",
     "Too many requests came from you; please wait and try again."),
    ("TOO_MANY_REPORTS", 429, True, "您近期上报过多，请稍后再报。",
     "You have reported very much lately; please report again later."),
    ("DATA_REQUEST_UNKNOWN", 404, False, "没有这项个人信息申请，或已过期。",
     "There is no such request about your data, or its time is over."),
    ("PRIVACY_NOTICE_UNKNOWN", 409, False, "隐私政策已更新，请阅读最新版本。",
     "This is not the privacy notice in force; please read that one."),
)  # fmt: skip
