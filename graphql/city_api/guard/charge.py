"""Who pays for a request, how much, and of which allowance: see decision 0033 and `limits.md`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from graphql import GraphQLError
from litestar import Request
from strawberry.extensions import SchemaExtension

from city_api.guard import weights
from city_api.limits import ReadDocument
from city_core.kit.city import City
from city_core.kit.doing import note_points
from city_core.kit.problems import CityProblem
from city_core.kit.rates.gcra import Allowance, Taking
from city_core.kit.rates.rates import Rates
from city_core.people.keys import keyed_hash
from city_core.people.roles import Role
from city_core.people.tokens import person_named_in
from city_core.people.try_limits import network_of

# A seat with four screens takes about 600 points a second, a phone after a week offline about 60,000 at once.
PERSON = Allowance("person", 1_000, 120_000)
# A mobile network puts thousands behind one address; those who are signed in do not count there.
ADDRESS = Allowance("address", 2_000, 240_000)

READING = 10  # what any GraphQL request costs before anything is resolved
OPENING = 10
# The longest beginning that fits decides; methods that only look cost the first number, others the second.
FILES: Mapping[str, tuple[int, int]] = {
    "/": (2, 10),
    "/eye": (10, 50),
    "/health": (0, 0),
    "/map": (2, 10),
    "/map/changes": (50, 50),
    "/map/tiles": (5, 10),
    "/map/view": (100, 100),
    "/media": (2, 20),
    "/place-imports": (50, 50),
    "/registries": (1_000, 500),
    "/s": (10, 10),
    "/signs": (200, 200),
    "/similar": (10, 10),
    "/sync": (10, 10),
    "/uploads": (2, 10),
}
_LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})


class Tills:
    """Takes what requests cost from the allowances of those who ask."""

    def __init__(self, city: City, rates: Rates) -> None:
        self._city = city
        self._rates = rates
        scale = city.settings.rate_scale
        self._person, self._address = PERSON.scaled(scale), ADDRESS.scaled(scale)

    async def charge(self, points: int, *, person_id: str | None, address: str) -> None:
        """Take points of a person's allowance, or of a network's where nobody signed in.

        Raises TooManyRequests with the seconds to wait. Where there is no address, as over a socket of one
        machine, nobody pays.
        """
        who, allowance = person_id, self._person
        if who is None:
            who, allowance = network_of(address), self._address
        if points > 0 and who:
            # Redis need not know who it is.
            note_points(points)
            mark = keyed_hash(self._city.settings, "rates", who)[:24]
            await self._rates.take(Taking(allowance, mark, points))

    def person_of(self, authorization: str) -> str | None:
        """Name whom a header's token was signed for; a token that is none makes nobody of its sender."""
        scheme, _, token = authorization.partition(" ")
        is_token = scheme.lower() == "bearer" and bool(token.strip())
        return person_named_in(self._city, token.strip()) if is_token else None

    async def close(self) -> None:
        await self._rates.close()


async def charge_file(request: Request[Any, Any, Any]) -> None:
    """Take what an address of HTTP costs; GraphQL is charged by its operation."""
    path = request.scope["path"]
    if path == "/graphql":
        return
    looking, giving = next(
        FILES[beginning] for beginning in _LONGEST_FIRST if f"{path}/".startswith(f"{beginning.rstrip('/')}/")
    )
    edge = request.app.state.edge
    person_id = edge.tills.person_of(request.headers.get("authorization", ""))
    points = looking if request.method in _LOOKING else giving
    await edge.tills.charge(points, person_id=person_id, address=edge.proxies.address_of(request))


_LONGEST_FIRST = sorted(FILES, key=len, reverse=True)


class ChargeOperations(SchemaExtension):
    """Refuses operations that ask for too much at once, and those of somebody who asks too often."""

    async def on_operation(self) -> AsyncIterator[None]:  # type: ignore[override]
        execution = self.execution_context
        context = execution.context
        if context is not None:
            try:
                await _charge(context, execution.query, execution.variables)
            except CityProblem as problem:
                execution.pre_execution_errors = [GraphQLError(problem.code, original_error=problem)]
        yield


async def _charge(context: Any, query: str | None, variables: Mapping[str, Any] | None) -> None:
    points = query.price.of(variables) if isinstance(query, ReadDocument) and query.price else 0
    await context.edge.tills.charge(READING + points, person_id=context.person_id, address=context.address)
    scale = context.city.settings.cost_scale
    if points > weights.MOST_COST_ANYBODY * scale:
        most = weights.MOST_COST_STAFF if await _is_staff(context) else weights.MOST_COST_ANYBODY
        if points > most * scale:
            allowed = f"a cost of at most {most * scale:,.0f}; this one has {points:,}"
            raise CityProblem("OPERATION_TOO_COSTLY", allowed=allowed)


async def _is_staff(context: Any) -> bool:
    try:
        return (await context.actor()).role is not Role.CITIZEN
    except CityProblem:  # nobody is signed in
        return False
