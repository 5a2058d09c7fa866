"""What the phones' feed has written about the cases: in whose scope each lies, and what left whose map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from city_core.cases.workflow import OPEN_STATES
from city_core.sync.model import FEED
from city_core.sync.scopes import SCHEME, keys_of_case
from tests.bench.places.records import NOW, SEQ_A_CASE

Row = dict[str, Any]
REMEMBERED = timedelta(days=30)  # tombstones of what ended before are left out


def entries_of(case: Mapping[str, Any], number: int) -> Iterator[Row]:
    """Give the entries of a case; their numbers go up from report to report."""
    keys = sorted(keys_of_case(case))
    is_open = case["state"] in OPEN_STATES
    left: set[str] = set()
    if not is_open and NOW - case["closed_at"] < REMEMBERED:
        left = keys_of_case({**case, "state": "IN_PROGRESS"}) - set(keys)
    for turn, scope in enumerate([*keys, *sorted(left)]):
        yield {
            "_id": f"{scope}|{case['_id']}", "scope": scope, "document_id": case["_id"],
            "seq": number * SEQ_A_CASE + turn, "deleted": scope in left,
            "deleted_at": case["closed_at"] if scope in left else None,
        }  # fmt: skip


def feed_row(cases: int) -> Row:
    """Give the feed as it stands after so many cases."""
    return {
        "_id": FEED, "epoch": "bench", "seq": cases * SEQ_A_CASE, "token": None, "is_complete": True,
        "scheme": SCHEME, "holder": "", "fence": 1, "leased_until": NOW, "days": [],
    }  # fmt: skip
