"""Goes through the checks of a kind as everybody, on the API that each is meant for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from tests.attack import cop, owasp, sockets
from tests.attack.findings import Report
from tests.attack.town import Town

# In production nothing but published documents is answered; these hold also where any document is.
_ALSO_BEHIND_THE_LIST = frozenset(cop.CHECKS) - {"query by GET"}
# A developer is told the schema and has a page to ask on; whoever signs in by a header may read by GET.
_ALSO_IN_DEVELOPMENT = _ALSO_BEHIND_THE_LIST - {"introspection", "developer's page"}
_AT_ONCE = 4  # a crowd is rightly asked to come again, which is none of what is looked for
_KINDS: Mapping[str, Mapping[str, owasp.Check]] = {"owasp": owasp.CHECKS, "sockets": sockets.CHECKS}


async def attack_with_checks(town: Town, report: Report, actors: Sequence[str], kind: str) -> None:
    """Make every check of a kind as everybody."""
    if kind == "cop":
        return await _as_the_cop(town, report, actors)
    for check, made in _KINDS[kind].items():
        for start in range(0, len(actors), _AT_ONCE):
            some = actors[start : start + _AT_ONCE]
            found = await asyncio.gather(*(made(town, actor) for actor in some))
            for actor, one in zip(some, found, strict=True):
                report.note(check, actor, one)


async def _as_the_cop(town: Town, report: Report, actors: Sequence[str]) -> None:
    served = (
        ("production", town.production, frozenset(cop.CHECKS)),
        ("behind the list", town.behind, _ALSO_BEHIND_THE_LIST),
        ("development", town.development, _ALSO_IN_DEVELOPMENT),
    )
    for name, api, fitting in served:
        for check, made in cop.CHECKS.items():
            for actor in actors if check in fitting else ():
                found = await made(town.target(api, actor))
                report.note(f"cop: {check}", actor, f"{name}: {found}" if found else None)
