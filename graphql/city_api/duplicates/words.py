"""What two reports have in common, in words, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from city_core.cases.duplicates.scoring import Likeness

Words = tuple[str, str]


def likeness_in_words(reasons: Mapping[Likeness, int], language: str) -> list[str]:
    """Say what was found alike, one sentence each, in one of the two languages."""
    return [LIKENESSES[kind](figure)[language == "en"] for kind, figure in reasons.items()]


def _recent(minutes: int) -> Words:
    if minutes < 120:
        return f"{minutes}分钟前上报", f"reported {minutes} minutes ago"
    return f"{minutes // 60}小时前上报", f"reported {minutes // 60} hours ago"


LIKENESSES: Mapping[Likeness, Callable[[int], Words]] = {
    Likeness.NEAR: lambda _: ("位置相近", "near"),
    Likeness.RECENT: _recent,
    Likeness.SAME_TYPE: lambda _: ("同一小类", "of the same type"),
    Likeness.SAME_MAJOR: lambda _: ("同一大类", "of the same major class"),
    Likeness.SAME_COMPONENT: lambda _: ("同一部件", "about the same component"),
    Likeness.SIMILAR_PHOTO: lambda _: ("照片相似", "with a similar photo"),
}
