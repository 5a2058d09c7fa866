"""Sums up what the phones of the morning did on bad networks: counts of what the city answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from city_demo.morning.keeping import Kept
from city_demo.morning.walk import Walk


def phones_summary(walks: Sequence[Walk], kept: Kept | None) -> list[str]:
    """Write the lines about queues, photos, acknowledgements and copies."""
    counts = sum((walk.twist.counts for walk in walks), Counter[str]())
    return [
        f"弱网 Phones on bad networks: {_queues(counts)}; {_photos(counts)}",
        f"回执 Messages acknowledged: {_acknowledged(counts)}",
        f"同步 Copies on phones: {_copies(kept)}",
    ]


def _queues(counts: Counter[str]) -> str:
    answers = ", ".join(f"{status} {counts[status]}" for status in ("APPLIED", "HELD", "DUPLICATE"))
    sent = f"{counts['queued']} commands queued, sent again and out of order ({answers})"
    return f"{sent}, {counts['steps']} carried out"


def _photos(counts: Counter[str]) -> str:
    return f"{counts['photos']} photos resumed {counts['resumed']} times ({counts['stored']} stored)"


def _acknowledged(counts: Counter[str]) -> str:
    refused = f"refused {counts['refused']}, colleagues told {counts['told']} (after {counts['told_ms']} ms)"
    return f"delivered {counts['delivered']}, {refused}, accepted {counts['accepted']}"


def _copies(kept: Kept | None) -> str:
    if kept is None:
        return "none was made"
    size = f"{kept.received_bytes / 1000:.1f} KB gzipped in {kept.requests} requests"
    lists = f"differ: {', '.join(kept.differs)}" if kept.differs else "equal to the lists"
    return f"first download {kept.documents} documents, {size}; {kept.compared} cases {lists}"
