"""Requests about one's own data and the privacy notice, as phones see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from city_api.rows import computed, stored
from city_core.privacy.model import DataRequestKind, DataRequestState
from city_core.privacy.register import PURPOSES

strawberry.enum(DataRequestKind, description="COPY 查阅复制, or DELETION 注销账号.")
strawberry.enum(DataRequestState, description="How far a request about one's own data is.")


def _file_url(row: Any, _: Any) -> str | None:
    return f"/my-data/{row['_id']}.zip" if row["state"] == DataRequestState.READY else None


@strawberry.type(description="What you asked about your own data 个人信息申请.")
class DataRequest:
    id: strawberry.ID = stored("_id")
    kind: DataRequestKind = computed(lambda row, _: DataRequestKind(row["kind"]))
    state: DataRequestState = computed(lambda row, _: DataRequestState(row["state"]))
    asked_at: datetime = stored("asked_at")
    due_at: datetime = stored("due_at", "When it begins; a deletion can be withdrawn until then.")
    ended_at: datetime | None = stored("ended_at")
    file_url: str | None = computed(
        _file_url, description="Where the copy is, a ZIP; send the token along as with every request."
    )
    file_bytes: int | None = stored("file_bytes")
    file_until: datetime | None = stored("file_until", "How long it can be fetched.")


@strawberry.type(description="What data are for.")
class PrivacyPurpose:
    code: str = computed(lambda code, _: code)
    name: str = computed(lambda code, context: PURPOSES[code][context.language == "en"])


@strawberry.type(description="One version of the privacy notice 隐私政策.")
class PrivacyNotice:
    version: int = computed(lambda notice, _: notice.version)
    valid_from: datetime = computed(lambda notice, _: notice.valid_from)
    text: str = computed(
        lambda notice, context: notice.text_en if context.language == "en" else notice.text_zh
    )
    purposes: list[PrivacyPurpose] = computed(lambda notice, _: list(notice.purposes))


@strawberry.type(description="That you agreed to a version of the privacy notice.")
class PrivacyAgreement:
    version: int = stored("version")
    agreed_at: datetime = stored("agreed_at")
