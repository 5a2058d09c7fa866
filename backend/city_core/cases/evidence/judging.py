"""What people make of flags and of advice: kept in the facts of their step, and counted from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from city_core.cases.evidence.known import evidence_of
from city_core.cases.evidence.rules import FlagKind
from city_core.cases.evidence.seen import sees_evidence_of
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

JudgementRow = Mapping[str, Any]  # as a phone gives it: media_id, flag, holds
MOST_JUDGEMENTS = 100


def read_judgements(given: Sequence[JudgementRow] | None) -> list[Row]:
    """Accept what a person says of flags, each flag of a photo once."""
    rows = [
        {"media_id": checked_client_id(row["media_id"], "flagJudgements"), "flag": _kind(row["flag"]),
         "holds": bool(row["holds"])}
        for row in given or ()
    ]  # fmt: skip
    if len(rows) > MOST_JUDGEMENTS or len({_key(row) for row in rows}) < len(rows):
        allowed = f"each flag of a photo once, at most {MOST_JUDGEMENTS}"
        raise CityProblem("FLAG_UNKNOWN", field="flagJudgements", allowed=allowed)
    return sorted(rows, key=_key)


def flags_judged(case: Row, actor: Actor, judged: Sequence[Row], *, passed: bool, now: datetime) -> Row:
    """Write down the flags that were shown at a check, with what was said of each; nothing where none was.

    A flag is overruled when it is said not to hold, or when the case is passed though nothing is said of it.
    """
    shown = [
        {"media_id": row["media_id"], "flag": flag["kind"]}
        for row in evidence_of(case)
        if sees_evidence_of(actor, case, row["media_id"])
        for flag in row["flags"]
    ]
    said = {_key(row): row["holds"] for row in judged}
    if said.keys() - {_key(row) for row in shown}:
        raise CityProblem("FLAG_UNKNOWN", field="flagJudgements", allowed="flags that the case shows you")
    if not shown:
        return {}
    flags = [{**row, "holds": said.get(_key(row))} for row in shown]
    overruled = [row for row in flags if row["holds"] is False or (row["holds"] is None and passed)]
    counts = {
        "shown": len(flags),
        "overruled": len(overruled),
        "held": sum(row["holds"] is True for row in flags),
    }
    return {"judged": {"at": now, "passed": passed, "flags": flags, **counts}}


def advice_judged(case: Row, advice: Row | None, now: datetime) -> Row:
    """Write down what a person made of detection's advice; nothing where they said nothing new of it."""
    if advice is None or advice["outcome"] == "OPEN" or advice == case["advice"]:
        return {}
    return {"judged": {"at": now, "advice": advice["outcome"]}}


def _kind(word: Any) -> str:
    if word not in list(FlagKind):
        raise CityProblem("FLAG_UNKNOWN", field="flag", allowed=", ".join(FlagKind))
    return FlagKind(word).value


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["media_id"], row["flag"]
