"""The one place where every command with a client id goes through the command log."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import strawberry
from strawberry.extensions import FieldExtension

from city_api.commands.plain import plain
from city_api.context import Context
from city_core.commands.batch import mark_of
from city_core.commands.run_once import run_once
from city_core.kit.problems import CityProblem

Mutations = TypeVar("Mutations", bound=type)


class LoggedCommand(FieldExtension):
    """Lets a repeated command answer what it answered, and carries every other one out.

    A dry run changes nothing: it is no command.
    """

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: strawberry.Info, **kwargs: Any
    ) -> Any:
        given = kwargs.get("input")
        context: Context = info.context
        if getattr(given, "client_id", None) is None or getattr(given, "dry_run", False):
            return await next_(source, info, **kwargs)
        try:
            actor = await context.actor()
        except CityProblem:  # nobody is signed in: the command says itself whether that matters
            return await next_(source, info, **kwargs)
        name = info.python_name
        mark = mark_of(name, plain(given))
        command = context.command_of(given)
        return await run_once(context.city, actor, command, name, mark, lambda: next_(source, info, **kwargs))


def logged(mutations: Mutations) -> Mutations:
    """Have every command of these mutations logged that carries a client id."""
    for field in mutations.__strawberry_definition__.fields:  # type: ignore[attr-defined]
        field.extensions = [*field.extensions, LoggedCommand()]
    return mutations
