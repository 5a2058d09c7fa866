"""What the doctor looks at, and what they find."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from beanie import Document

from city_core.kit.city import City
from city_core.kit.rulebook.store import Rulebook
from city_core.operation.migrations.step import Step


class Severity(StrEnum):
    """How bad it is: a fault keeps the city from its work or endangers records, a warning will."""

    FINE = "fine"
    WARNING = "warning"
    FAULT = "fault"
    SKIPPED = "skipped"  # could not be looked at, because of a fault that is told beside it


@dataclass(frozen=True)
class Finding:
    """One thing found: what is so, and what to do about it."""

    severity: Severity
    says: str
    do: str = ""


@dataclass(frozen=True)
class Patient:
    """The city that is looked at; it was not opened, so that nothing is made or changed by looking."""

    city: City
    shapes: Sequence[type[Document]]
    books: Mapping[str, Rulebook[Any]]
    steps: Sequence[Step]


Look = Callable[[Patient], Awaitable[list[Finding]]]


@dataclass(frozen=True)
class Check:
    """One thing to look at; `needs` names the check without which it cannot be looked at."""

    name: str
    looks_at: str
    look: Look
    needs: str | None = "mongodb"


def fine(says: str) -> list[Finding]:
    return [Finding(Severity.FINE, says)]


def warning(says: str, do: str) -> list[Finding]:
    return [Finding(Severity.WARNING, says, do)]


def fault(says: str, do: str) -> list[Finding]:
    return [Finding(Severity.FAULT, says, do)]
