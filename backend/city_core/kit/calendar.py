"""The city's time zone: days, working hours and numbers of the day are those of Beijing."""

from __future__ import annotations

from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
