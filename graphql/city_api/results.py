"""Result unions: every command answers with what it leads to, or with a Problem."""

from __future__ import annotations

from typing import Annotated, Any, Union

import strawberry

from city_api.problems import Problem


def result_of(command: str, answer: type) -> Any:
    """Name the union that a command answers with."""
    name = f"{command}Result"
    description = f"{answer.__name__} when it was done, Problem when it was refused."
    return Annotated[Union[answer, Problem], strawberry.union(name, description=description)]  # noqa: UP007
