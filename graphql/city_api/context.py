"""What the resolvers of one operation share: the city, who is asking, the language, and the loaders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import strawberry
from strawberry.extensions import SchemaExtension

from city_api.address import Proxies
from city_api.catalogue.dictionary import Dictionary
from city_api.client_policy.policy import HEADER, App, ClientPolicies, app_of
from city_api.components.on_case import ComponentLoader
from city_api.documents.trusted import TrustedDocuments
from city_api.duplicates.loaders import FollowedLoader
from city_api.emergency.on_case import EmergencyNameLoader
from city_api.guard.charge import Tills
from city_api.joint.loaders import PartLoader
from city_api.media.loaders import PhotoLoader
from city_api.people.loaders import NameLoader
from city_core.audit.entry import network_of
from city_core.cases.command import Command
from city_core.cases.emergency.watch import EmergencyWatch
from city_core.kit.city import City
from city_core.kit.doing import note_post
from city_core.kit.ids import checked_client_id
from city_core.kit.instants import checked_instant
from city_core.kit.problems import CityProblem
from city_core.kit.rates.counting import CountingInRedis
from city_core.kit.rates.rates import Rates
from city_core.notify.text_messages import code_sender_of
from city_core.people.adapters.jscode2session import wechat_login
from city_core.people.code_sender import CodeSender
from city_core.people.origin import Origin, origin_from
from city_core.people.roles import Actor
from city_core.people.standing import HeldSignIn, actor_standing
from city_core.people.tokens import actor_in_session, actor_of
from city_core.people.wechat import WechatLogin

if TYPE_CHECKING:
    from city_api.sockets.open_sockets import Seat


@dataclass(frozen=True)
class Edge:
    """What one process of this API keeps between requests."""

    city: City
    dictionary: Dictionary
    documents: TrustedDocuments = field(default_factory=TrustedDocuments)
    policies: ClientPolicies = field(default_factory=ClientPolicies)

    @cached_property
    def watch(self) -> EmergencyWatch:
        return EmergencyWatch(self.city)

    @cached_property
    def proxies(self) -> Proxies:
        return Proxies(self.city.settings.trusted_proxies)

    @cached_property
    def tills(self) -> Tills:
        return Tills(self.city, Rates(CountingInRedis(self.city.settings.redis_url)))

    @cached_property
    def codes(self) -> CodeSender:
        return code_sender_of(self.city.settings)

    @cached_property
    def wechat(self) -> WechatLogin:
        return wechat_login(self.city.settings)

    async def actor_of(self, token: str) -> Actor:
        """Find out who is asking, and what an emergency lets them see."""
        return await self._known(await actor_of(self.city, token))

    async def actor_in_session(self, session_id: str) -> Actor:
        """Find out who acts in a sign-in session now, and what an emergency lets them see."""
        return await self._known(await actor_in_session(self.city, session_id))

    async def actor_standing(self, held: HeldSignIn) -> Actor:
        """Find out who is asking now over a connection that was opened a while ago."""
        return await self._known(await actor_standing(self.city, held))

    async def _known(self, actor: Actor) -> Actor:
        note_post(actor.role)
        return await self.watch.widened(actor)


class Context:
    """One operation's view of the city; the person behind its token is looked up once."""

    def __init__(self, edge: Edge, headers: Mapping[str, str], address: str = "") -> None:
        self.edge = edge
        self.city = edge.city
        self.dictionary = edge.dictionary
        self.headers = headers
        self.address = address
        self.connection_params: dict[str, Any] | None = None
        self.seat: Seat | None = None
        self._actor: Actor | None = None

    def for_operation(self) -> Context:
        """Make a context of its own for one of the operations of a WebSocket connection."""
        own = Context(self.edge, self.headers, self.address)
        own.connection_params = self.connection_params
        own.seat = self.seat
        return own

    async def actor(self) -> Actor:
        """Find out who is asking, once; nobody gets further without a sign-in."""
        if self._actor is None:
            self._actor = replace(
                await self._who_asks(), origin=self.origin, network=network_of(self.address)
            )
        return self._actor

    async def _who_asks(self) -> Actor:
        if self.seat is None or self.seat.held is None:
            return await self.edge.actor_of(self.token)
        try:
            return await self.edge.actor_standing(self.seat.held)
        except CityProblem:
            self.seat.doubt()
            raise

    async def look_again(self) -> Actor:
        """Check the sign-in anew and forget what was loaded, for operations that last."""
        self._actor = None
        for loaded in ("names", "photos", "followed", "parts", "emergencies", "components"):
            self.__dict__.pop(loaded, None)
        return await self.actor()

    @property
    def viewer(self) -> Actor:
        """Name who is asking, inside fields of rows that only a signed-in person gets."""
        if self._actor is None:
            raise CityProblem("SIGN_IN_REQUIRED")
        return self._actor

    @property
    def now(self) -> datetime:
        return self.city.clock.now()

    @cached_property
    def language(self) -> str:
        """The language of texts: English where it comes before Chinese in what was asked for."""
        asked = str((self.connection_params or {}).get("language") or self.headers.get("accept-language", ""))
        return "en" if asked.lower().lstrip().startswith("en") else "zh"

    @cached_property
    def names(self) -> NameLoader:
        return NameLoader(self.city)

    @cached_property
    def emergencies(self) -> EmergencyNameLoader:
        return EmergencyNameLoader(self.city)

    @cached_property
    def photos(self) -> PhotoLoader:
        return PhotoLoader(self.city)

    @cached_property
    def followed(self) -> FollowedLoader:
        return FollowedLoader(self)

    @cached_property
    def parts(self) -> PartLoader:
        return PartLoader(self.city)

    @cached_property
    def components(self) -> ComponentLoader:
        return ComponentLoader(self.city)

    def command(
        self, client_id: str, device_time: datetime | None = None, base_version: int | None = None
    ) -> Command:
        """See the common part of a command's input as the core takes it."""
        when = checked_instant(device_time)
        return Command(checked_client_id(client_id), when, self.origin, base_version)

    def command_of(self, given: Any) -> Command:
        """See the common part of an input that carries an id, the phone's time and what it was based on."""
        return self.command(
            given.client_id, getattr(given, "device_time", None), getattr(given, "base_version", None)
        )

    @cached_property
    def app(self) -> App | None:
        """The app that asks, by its header or, on a WebSocket of a browser, by its first message."""
        said = (self.connection_params or {}).get("app") or self.headers.get(HEADER.lower(), "")
        return app_of(str(said))

    def sign_in_origin(self, device_id: str | None) -> Origin:
        """See where a sign-in comes from."""
        return origin_from(self.address, device_id, self.app_name)

    @property
    def app_name(self) -> str:
        """The name of the app that asks; blank where it does not give one."""
        return self.app.name if self.app is not None else ""

    @property
    def origin(self) -> str:
        """Name where a command came from: an app, or the web."""
        return f"phone:{self.app_name}" if self.app_name else "web"

    @property
    def token(self) -> str:
        """The access token that came with the request, or with the first message of a connection."""
        return bearer_token(self._authorization)

    @property
    def person_id(self) -> str | None:
        """Whom the sign-in was made for, without asking whether it still stands."""
        if self.seat is not None and self.seat.held is not None:
            return self.seat.held.actor.person_id
        return self.edge.tills.person_of(self._authorization)

    @property
    def _authorization(self) -> str:
        params = self.connection_params or {}
        return str(params.get("authorization") or self.headers.get("authorization", ""))


def bearer_token(authorization: str) -> str:
    """Take the token out of an Authorization header; without one nobody is signed in."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise CityProblem("SIGN_IN_REQUIRED")
    return token.strip()


class OwnContext(SchemaExtension):
    """Gives each operation of a WebSocket connection its own context: loaders must not outlive it."""

    def on_operation(self) -> Iterator[None]:
        context = self.execution_context.context
        if context is not None and context.connection_params is not None:
            self.execution_context.context = context.for_operation()
        yield


Info = strawberry.Info[Context, None]
