"""Expected refusals: one documented list of codes, each with a text in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from city_core.kit.problem_rows import PROBLEM_ROWS


@dataclass(frozen=True)
class ProblemKind:
    """One kind of refusal: what the phone is told, and whether asking again can help."""

    code: str
    http_status: int
    retryable: bool
    zh: str
    en: str


PROBLEM_KINDS: dict[str, ProblemKind] = {row[0]: ProblemKind(*row) for row in PROBLEM_ROWS}


class CityProblem(Exception):
    """A refusal that the phone is told: a code of the list, the field it is about, and what is allowed."""

    def __init__(self, code: str, *, field: str | None = None, allowed: str | None = None) -> None:
        self.kind = PROBLEM_KINDS[code]
        self.code = code
        self.field = field
        self.allowed = allowed
        super().__init__(f"{code} {field or ''} {allowed or ''}".strip())
