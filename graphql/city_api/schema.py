"""The GraphQL schema of the city, put together from its features."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from city_api.audit.queries import AuditQueries
from city_api.cases.mutations import CaseMutations
from city_api.cases.queries import CaseQueries
from city_api.cases.subscriptions import CaseSubscriptions
from city_api.catalogue.queries import CatalogueQueries
from city_api.census.mutations import CensusMutations
from city_api.census.queries import CensusQueries
from city_api.citizens.mutations import CitizenMutations
from city_api.citizens.queries import CitizenQueries
from city_api.client_policy.enforce import RefuseOldApps
from city_api.client_policy.queries import ClientPolicyQueries
from city_api.commands.logged import logged
from city_api.commands.mutations import CommandMutations
from city_api.commands.queries import CommandQueries
from city_api.components.mutations import ComponentMutations
from city_api.components.queries import ComponentQueries
from city_api.context import OwnContext
from city_api.deadlines.queries import DeadlineQueries
from city_api.detection.queries import DetectionQueries
from city_api.duplicates.mutations import DuplicateMutations
from city_api.duplicates.queries import DuplicateQueries
from city_api.duty.mutations import DutyMutations
from city_api.duty.queries import DutyQueries
from city_api.emergency.mutations import EmergencyMutations
from city_api.emergency.queries import EmergencyQueries
from city_api.evidence.queries import EvidenceQueries
from city_api.eye.mutations import EyeMutations
from city_api.eye.queries import EyeQueries
from city_api.guard.charge import ChargeOperations
from city_api.joint.mutations import JointMutations
from city_api.levels.mutations import LevelMutations
from city_api.limits import DocumentReader, RememberDocuments
from city_api.map.queries import MapQueries
from city_api.media.mutations import MediaMutations
from city_api.media.queries import MediaQueries
from city_api.nearby.mutations import NearbyMutations
from city_api.nearby.queries import NearbyQueries
from city_api.notify.mutations import NotifyMutations
from city_api.notify.queries import NotifyQueries
from city_api.notify.subscriptions import NotifySubscriptions
from city_api.people.mutations import PeopleMutations
from city_api.people.queries import PeopleQueries
from city_api.places.grid_mutations import GridMutations
from city_api.places.queries import PlaceQueries
from city_api.policy.enforce import enforce, guarded
from city_api.privacy.mutations import PrivacyMutations
from city_api.privacy.queries import PrivacyQueries
from city_api.problems import RefusalAsResult, told
from city_api.push.mutations import PushMutations
from city_api.push.queries import PushQueries
from city_api.registries.queries import RegistryQueries
from city_api.requests.mutations import RequestMutations
from city_api.requests.queries import RequestQueries
from city_api.routing.mutations import RoutingMutations
from city_api.routing.queries import RoutingQueries
from city_api.row_executor import RowExecutor, find_plain_fields
from city_api.rows import read_straight_from_rows
from city_api.rulebooks.mutations import RulebookMutations
from city_api.rulebooks.queries import RulebookQueries
from city_api.signs.mutations import SignMutations
from city_api.signs.queries import SignQueries
from city_api.supervision.mutations import SupervisionMutations
from city_api.supervision.queries import SupervisionQueries
from city_api.sync.queries import SyncQueries
from city_api.sync.subscriptions import SyncSubscriptions
from city_api.tasks.queries import TaskQueries
from city_api.watching.operations import WatchOperations, trace_root_fields
from city_api.watching.queries import WatchingQueries


@strawberry.type(description="What can be read.")
class Query(
    CommandQueries,
    CaseQueries,
    DuplicateQueries,
    DeadlineQueries,
    SupervisionQueries,
    TaskQueries,
    NotifyQueries,
    PushQueries,
    DutyQueries,
    PeopleQueries,
    CatalogueQueries,
    CitizenQueries,
    PlaceQueries,
    NearbyQueries,
    MapQueries,
    RoutingQueries,
    EmergencyQueries,
    EyeQueries,
    EvidenceQueries,
    RulebookQueries,
    RequestQueries,
    SyncQueries,
    ClientPolicyQueries,
    DetectionQueries,
    MediaQueries,
    SignQueries,
    RegistryQueries,
    ComponentQueries,
    CensusQueries,
    AuditQueries,
    PrivacyQueries,
    WatchingQueries,
):
    pass


@logged
@guarded
@strawberry.type(description="What can be done; one command a request.")
class Mutation(
    CommandMutations,
    JointMutations,
    LevelMutations,
    PeopleMutations,
    CaseMutations,
    MediaMutations,
    NotifyMutations,
    PushMutations,
    RulebookMutations,
    RequestMutations,
    DuplicateMutations,
    SupervisionMutations,
    DutyMutations,
    RoutingMutations,
    EmergencyMutations,
    EyeMutations,
    CitizenMutations,
    NearbyMutations,
    GridMutations,
    SignMutations,
    ComponentMutations,
    CensusMutations,
    PrivacyMutations,
):
    pass


@strawberry.type(description="What can be looked on at.")
class Subscription(NotifySubscriptions, CaseSubscriptions, SyncSubscriptions):
    pass


class CitySchema(strawberry.Schema):
    """The schema with its document reader and the rule of every field; errors leave it fit to be told."""

    def __init__(self, *, introspection: bool) -> None:
        super().__init__(
            query=Query,
            mutation=Mutation,
            subscription=Subscription,
            extensions=[
                WatchOperations,
                lambda: RememberDocuments(self.reader),
                OwnContext,
                ChargeOperations,
                RefuseOldApps,
            ],
            execution_context_class=RowExecutor,
            exception_handlers=[RefusalAsResult()],
            config=StrawberryConfig(disable_field_suggestions=True),
        )
        read_straight_from_rows(self._schema)
        find_plain_fields(self._schema)
        trace_root_fields(self._schema)
        enforce(self._schema)
        self.reader = DocumentReader(self._schema, introspection)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Tell refusals, mask the unexpected: changes the list itself, as it is the one that is answered."""
        context: Any = execution_context.context if execution_context else None
        language = context.language if context else "zh"
        errors[:] = [told(error, language, in_full=self.reader.introspection) for error in errors]


@lru_cache(maxsize=2)
def city_schema(*, introspection: bool) -> CitySchema:
    """Build the schema once a process; in production it does not answer questions about itself."""
    return CitySchema(introspection=introspection)
