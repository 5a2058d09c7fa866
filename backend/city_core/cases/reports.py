"""The reports that one case holds: its own, those that joined 附议, and those of merged cases 合并."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Case = Mapping[str, Any]


def reporters_of(case: Case) -> list[str]:
    """Name everybody who reported this, each once, the first reporter first."""
    return list(dict.fromkeys([case["reporter_id"], *(row["reporter_id"] for row in joined(case))]))


def citizens_who_reported(case: Case) -> list[str]:
    """Name the citizens among those who reported this, each once."""
    first = [case["reporter_id"]] if case["source"] == "CITIZEN" else []
    others = [row["reporter_id"] for row in joined(case) if row["source"] == "CITIZEN"]
    return list(dict.fromkeys([*first, *others]))


def own_reports(case: Case, person_id: str) -> list[Mapping[str, Any]]:
    """Give the joined or merged reports of one person."""
    return [row for row in joined(case) if row["reporter_id"] == person_id]


def report_count(case: Case) -> int:
    """Count the reports: one case, many reports."""
    return 1 + len(joined(case))


def joined(case: Case) -> Sequence[Mapping[str, Any]]:
    """Give the reports that came to a case beside its own."""
    return case.get("joined_reports") or ()
