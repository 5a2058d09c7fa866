"""The refusals about trust, row by row: code, status, whether asking again can help, Chinese, English."""

from __future__ import annotations

TRUST_ROWS: tuple[tuple[str, int, bool, str, str], ...] = (
    ("DATA_REQUEST_UNKNOWN", 404, False, "没有这项个人信息申请，或已过期。",
     "There is no such request about your data, or its time is over."),
    ("PRIVACY_NOTICE_UNKNOWN", 409, False, "隐私政策已更新，请阅读最新版本。",
     "This is not the privacy notice in force; please read that one."),
)  # fmt: skip
