"""Writes the register as a page for people: `python -m city_core.privacy.page backend/privacy.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from city_core.privacy.notices import notices
from city_core.privacy.register import BASES, KEPT, NOT_BY_DELETION, PURPOSES, RegisteredField, register
from city_core.privacy.retention import RETENTION
from city_core.privacy.stores import STEPS


def privacy_page() -> str:
    """Write the register, the rules of retention and the steps of a deletion as Markdown."""
    return "\n".join([*_head(), *_stores(), *_rules(), *_steps(), *_notices()]) + "\n"


def _head() -> Iterator[str]:
    yield "# What the city keeps about people 个人信息登记"
    yield ""
    yield "Written by `python -m city_core.privacy.page backend/privacy.md` from `register.csv`; "
    yield "a stored field that is not in the register is a red build. Why it is so: decision 0035."
    yield ""


def _stores() -> Iterator[str]:
    yield "## Stores"
    yield ""
    yield "| store | for 目的 | basis 依据 | kept 期限 | personal fields (**sensitive**), taken away by |"
    yield "|---|---|---|---|---|"
    for store, rows in groupby(register(), lambda row: row.store):
        fields = list(rows)
        columns = (
            _texts(PURPOSES[row.purpose][0] for row in fields),
            _texts(BASES[row.basis][0] for row in fields if row.is_personal or row.basis != "NONE"),
            _texts(_kept(row) for row in fields),
            _personal(fields),
        )
        yield f"| `{store}` | " + " | ".join(columns) + " |"
    yield ""


def _texts(texts: Iterator[str]) -> str:
    return "、".join(dict.fromkeys(texts)) or "–"


def _kept(row: RegisteredField) -> str:
    return KEPT[row.kept][0] if row.kept in KEPT else f"{row.kept} 天"


def _personal(fields: Sequence[RegisteredField]) -> str:
    stars = {"sensitive": "**"}
    told = [
        f"{stars.get(row.personal, '')}`{row.field}`{stars.get(row.personal, '')} {row.erased_by}"
        for row in fields
        if row.is_personal
    ]
    return ", ".join(told) or "–"


def _rules() -> Iterator[str]:
    yield "## Rules of retention"
    yield ""
    yield "| rule | days | what |"
    yield "|---|---|---|"
    for rule in RETENTION:
        yield f"| `{rule.name}` | {rule.days:g} | {rule.what_zh} – {rule.what_en} |"
    yield ""


def _steps() -> Iterator[str]:
    yield "## Steps of a copy and of a deletion"
    yield ""
    yield "| step | goes through |"
    yield "|---|---|"
    for step in STEPS:
        yield f"| `{step.name}` | {', '.join(f'`{store}`' for store in step.stores)} |"
    for name, (zh, en) in NOT_BY_DELETION.items():
        yield f"| `{name}` | {zh} – {en} |"
    yield ""


def _notices() -> Iterator[str]:
    yield "## Privacy notice 隐私政策"
    for notice in notices():
        yield ""
        yield f"Version {notice.version}, from {notice.valid_from:%Y-%m-%d}:"
        yield ""
        yield from (f"> {line}" for line in (*notice.text_zh.splitlines(), "", *notice.text_en.splitlines()))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(privacy_page(), encoding="utf-8")
