"""Which department answers for which type, where: reading it, and proving that exactly one always answers.

`E0406@370303001+370303002` limits a prefix to some streets. The longest prefix wins, then the department
of the street (the city's own rule); two departments with the same prefix for the same street are refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from city_core.cases.routing import choose_department

Row = dict[str, Any]


def read_answers(text: str) -> list[Row]:
    """Read what a department answers for: prefixes apart by spaces, streets behind an `@`."""
    answers = []
    for item in text.split():
        prefix, _, streets = item.partition("@")
        answers.append({"type_prefix": prefix, "street_codes": streets.split("+") if streets else []})
    return answers


def answer_problems(departments: list[Row], types: set[str], streets: set[str]) -> Iterator[str]:
    """Name the prefixes that two departments hold, and the types that nobody answers for somewhere."""
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for department in departments:
        for answer in department["answers_for"]:
            for street in answer["street_codes"] or ["every street"]:
                holders[answer["type_prefix"], street].append(department["_id"])
    for (prefix, street), ids in sorted(holders.items()):
        if len(ids) > 1:
            yield f"{' and '.join(ids)} both answer for {prefix} in {street}"
    for type_code in sorted(types):
        orphans = [at for at in sorted(streets) if choose_department(type_code, at, departments).id is None]
        if orphans:
            yield f"no department answers for the type {type_code} in {', '.join(orphans)}"
