"""How long the city keeps what it keeps: one table of rules, each with its job and its dry run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from city_core.kit.city import City
from city_core.kit.duties import Duty
from city_core.kit.logs import failure
from city_core.people.devices import FRESH_FOR
from city_core.privacy.coarsen import (
    TRACK_DAYS,
    blur_unknown,
    coarsen_captures,
    count_captures,
    count_unknown,
)
from city_core.privacy.copies import count_copies, forget_copies
from city_core.privacy.forget import Forgetting, counts, forgets

log = structlog.get_logger()
Count = Callable[[City], Awaitable[int]]
_DATE = {"$type": "date"}
_UNDECIDED = {"state": {"$in": ["GLIMPSED", "DISMISSED", "EXPIRED"]}}
_NO_DEVICE: Mapping[str, Any] = {"$set": {"address": "", "device_id": "", "session_id": "", "origin": ""}}


@dataclass(frozen=True)
class RetentionRule:
    """One rule of retention: what goes after how many days, the job that does it, and its dry run."""

    name: str
    days: float
    what_zh: str
    what_en: str
    do: Count
    count: Count


def _rule(name: str, what_zh: str, what_en: str, forgetting: Forgetting) -> RetentionRule:
    days = forgetting.days
    return RetentionRule(name, days, what_zh, what_en, forgets(forgetting), counts(forgetting))


RETENTION: tuple[RetentionRule, ...] = (
    _rule("forget_messages", "站内消息", "messages in inboxes",
          Forgetting("inbox_messages", "created_at", 400, {})),
    _rule("forget_events", "未成案的城市之眼事件", "events of the city eye that became no case",
          Forgetting("eye_events", "last_seen_at", 180, _UNDECIDED)),
    _rule("forget_devices", "不再推送的手机地址", "phones that nothing is pushed to any more",
          Forgetting("devices", "registered_at", FRESH_FOR.days, {})),
    _rule("forget_subscribe_consents", "微信订阅许可", "unused consents in WeChat",
          Forgetting("subscribe_consents", "changed_at", 400, {})),
    _rule("forget_addresses", "原图查阅记录中的网络地址与设备", "addresses and phones of who read originals",
          Forgetting("original_readings", "read_at", 180, {"address": {"$gt": ""}}, _NO_DEVICE)),
    _rule("forget_bad_rows", "导入文件的错误行", "bad rows of imported files",
          Forgetting("place_imports", "at", 180, {"bad_rows.0": {"$exists": True}},
                     {"$set": {"bad_rows": []}})),
    _rule("forget_reasons_of_absences", "请假事由", "reasons of absences",
          Forgetting("absences", "ends_at", 365, {"reason": {"$gt": ""}}, {"$set": {"reason": ""}})),
    _rule("forget_absences", "请假记录", "absences", Forgetting("absences", "ends_at", 730, {})),
    _rule("forget_shifts", "班次", "shifts", Forgetting("shifts", "starts_at", 730, {})),
    _rule("forget_elements", "已停用的人员要素", "people among the elements of grids that are in use no more",
          Forgetting("grid_elements", "updated_at", 365, {"kind": "PERSON", "state": {"$ne": "IN_USE"}})),
    _rule("forget_device_times", "案卷留痕中手机自报的时间", "what phones' clocks said, in histories",
          Forgetting("cases", "updated_at", TRACK_DAYS, {"history.device_time": _DATE},
                     {"$set": {"history.$[].device_time": None, "history.$[].made_at": None}})),
    _rule("forget_data_requests", "个人信息申请记录", "requests about one's own data",
          Forgetting("data_requests", "ended_at", 1095, {"ended_at": _DATE})),
    RetentionRule("coarsen_captures", TRACK_DAYS, "照片拍摄位置（留到约一公里）",
                  "where photos were taken, kept to a kilometre", coarsen_captures, count_captures),
    RetentionRule("blur_unknown", 0, "已结案卷中匿名人的确切时间（留到小时）",
                  "exact times of unknown reporters in ended cases, kept to the hour",
                  blur_unknown, count_unknown),
    RetentionRule("forget_copies", 7, "个人信息副本文件", "copies of one's own data",
                  forget_copies, count_copies),
)  # fmt: skip

# Rules whose jobs are duties of the features themselves, by the name of the duty, see `workers/duties.py`.
BY_FEATURES = frozenset({
    "drop_originals", "forget_finds", "forget_frames", "forget_positions", "sweep_files",
    "sweep_import_files", "sweep_uploads",
})  # fmt: skip


async def run_retention(city: City, *, dry_run: bool) -> dict[str, int]:
    """Do every rule once; dry, nothing is written: answers by rule how many rows it is about.

    A rule that fails is noted and does not stop the others; it comes again with the next turn.
    """
    done: dict[str, int] = {}
    for rule in RETENTION:
        try:
            done[rule.name] = await (rule.count if dry_run else rule.do)(city)
        except Exception as error:
            log.error("retention_failed", kind=rule.name, **failure(error))
    return done


async def keep_no_longer(city: City) -> int:
    """Do every rule of retention once; answers how many rows that was."""
    return sum((await run_retention(city, dry_run=False)).values())


RETENTION_DUTY = Duty("retention", timedelta(hours=1), keep_no_longer)
