"""Opens a city: the way to MongoDB with every index in place, and the wake-ups over Redis."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

from beanie import Document, init_beanie

from city_core.audit.model import AuditEntry, AuditHead, AuditSalt
from city_core.cases.clocks.rules import CLOCK_RULES
from city_core.cases.duplicates.rules import DUPLICATES
from city_core.cases.emergency.model import Emergency
from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.cases.escalation import ESCALATION_RULES
from city_core.cases.evidence.rules import EVIDENCE_BOOK
from city_core.cases.joint.rules import JOINT_BOOK
from city_core.cases.levels.rules import LEVELS_BOOK
from city_core.cases.model import Case
from city_core.cases.nearest_officers_rules import NEAREST_OFFICER_BOOK
from city_core.cases.originals.model import OriginalReading
from city_core.cases.requests.limits import REQUEST_RULES
from city_core.cases.routing_book import ROUTING_BOOK
from city_core.cases.routing_model import RoutingProposal
from city_core.cases.tallies.model import CaseTally
from city_core.catalogue.calendar import CALENDAR_BOOK
from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.census.campaigns.model import Campaign, CensusTask
from city_core.citizens.model import PointEntry
from city_core.citizens.point_rules import POINTS_BOOK
from city_core.commands.model import DeviceQueue, LoggedCommand
from city_core.detection.classes import DETECTION_BOOK
from city_core.detection.model import DetectionModel, LabelledExample, PhotoFinds
from city_core.eye.model import EyeCamera, EyeEvent, EyeFlight, EyeFrame, EyeLane, MachineSource
from city_core.eye.rules import EYE_RULES
from city_core.kit.city import City
from city_core.kit.clock import Clock, SystemClock
from city_core.kit.faults import arm_points
from city_core.kit.indexes import wrong_indexes
from city_core.kit.logs import set_up_logs
from city_core.kit.mongo import Database, connect, database_of, is_unreachable, retire_indexes
from city_core.kit.mongo_listeners import driver_listeners
from city_core.kit.rulebook.model import RulebookVersion, RulesInForce
from city_core.kit.rulebook.store import Rulebook
from city_core.kit.start_checks import check_mongodb, check_mongodb_url, warn_of_redis, why_unreachable
from city_core.kit.waking import RedisWaker, Waker
from city_core.kit.watched import watched
from city_core.media.model import BegunFile, Photo, Upload, UploadPart
from city_core.notify.consents.model import SubscribeConsents
from city_core.notify.model import InboxMessage, NotificationPreferences
from city_core.notify.rungs import REACHING
from city_core.operation.model import Migration, OperatorDeed, Restore
from city_core.people.model import (
    Absence,
    Department,
    Device,
    OneTimeCode,
    Person,
    Shift,
    ShiftPlan,
    SignInSession,
    SignInTries,
    TryCount,
)
from city_core.places.components.model import Component
from city_core.places.components.tallies import ComponentTally
from city_core.places.elements.model import GridElement
from city_core.places.layers import LAYERS_BOOK
from city_core.places.model import Division, ResponsibilityGrid, UnitGrid
from city_core.places.points.model import PlacePoint
from city_core.places.registries.model import PlaceImport
from city_core.privacy.model import DataRequest, PrivacyAgreement
from city_core.privacy.notices import check_notices
from city_core.settings import Settings, WrongSetting
from city_core.signs.model import Sign
from city_core.sync.model import SyncEntry, SyncFeed

STORED_SHAPES: tuple[type[Document], ...] = (
    Absence,
    AuditEntry,
    AuditHead,
    AuditSalt,
    BegunFile,
    Campaign,
    Case,
    CaseTally,
    ComponentTally,
    CensusTask,
    Component,
    DataRequest,
    Department,
    DetectionModel,
    Device,
    DeviceQueue,
    Division,
    Emergency,
    EyeCamera,
    EyeEvent,
    EyeFlight,
    EyeFrame,
    EyeLane,
    GridElement,
    InboxMessage,
    LabelledExample,
    LoggedCommand,
    MachineSource,
    Migration,
    NotificationPreferences,
    OneTimeCode,
    OperatorDeed,
    OriginalReading,
    Person,
    Photo,
    PhotoFinds,
    PlaceImport,
    PlacePoint,
    PointEntry,
    PrivacyAgreement,
    ResponsibilityGrid,
    Restore,
    RoutingProposal,
    RulebookVersion,
    RulesInForce,
    Shift,
    ShiftPlan,
    Sign,
    SignInSession,
    SignInTries,
    SubscribeConsents,
    SyncEntry,
    SyncFeed,
    TryCount,
    UnitGrid,
    Upload,
    UploadPart,
)

# The rules of the city that are data with versions, in the order in which they build on each other.
RULEBOOKS: Mapping[str, Rulebook[Any]] = {
    book.name: book
    for book in (
        CALENDAR_BOOK,
        CATALOGUE_BOOK,
        LAYERS_BOOK,
        CLOCK_RULES,
        REQUEST_RULES,
        DUPLICATES,
        ESCALATION_RULES,
        LEVELS_BOOK,
        JOINT_BOOK,
        ROUTING_BOOK,
        NEAREST_OFFICER_BOOK,
        EMERGENCY_PROFILES,
        EYE_RULES,
        EVIDENCE_BOOK,
        POINTS_BOOK,
        REACHING,
        DETECTION_BOOK,
    )
}

# Indexes that others took the place of: taken away once those are there, so that nothing is ever without.
RETIRED_INDEXES = (("people", "phone_1"), ("cases", "open_cells"))

# The collections whose documents hold work.
WORK_COLLECTIONS = (
    "cases", "photos", "inbox_messages", "emergencies", "campaigns", "uploads", "command_log", "eye_events",
    "place_imports", "data_requests",
)  # fmt: skip

QUEUE_OF_WORK = {
    "push": "push",
    "text": "push",
    "call": "push",
    "process_photo": "darkroom",
    "look": "detection",
    "look_at_frame": "frames",
    "veil": "veils",
    "compare": "scenes",
    "import_places": "imports",
}


@contextlib.asynccontextmanager
async def open_city(
    settings: Settings,
    *,
    app_name: str,
    clock: Clock | None = None,
    waker: Waker | None = None,
    builds_indexes: bool | None = None,
) -> AsyncIterator[City]:
    """Open the city for one process; closes its connections in the end.

    Indexes are built in development, and where `builds_indexes` says so (the seed, `make indexes`); otherwise
    they are looked at. Raises WrongSetting, in one sentence, for servers that the city must not run on.
    """
    set_up_logs(settings.log_level)
    arm_points(settings)
    check_notices(settings)
    check_mongodb_url(settings.mongodb_url)
    async with watched(settings, app_name), _opened(settings, app_name, clock, waker, builds_indexes) as city:
        yield city


@contextlib.asynccontextmanager
async def _opened(
    settings: Settings, app_name: str, clock: Clock | None, waker: Waker | None, builds_indexes: bool | None
) -> AsyncIterator[City]:
    in_production = settings.environment == "production"
    client = connect(settings.mongodb_url, app_name=app_name, listeners=driver_listeners())
    chosen_waker = waker
    try:
        database = database_of(client, settings.mongodb_database)
        await _check_servers(database, settings, warns=in_production)
        builds = not in_production if builds_indexes is None else builds_indexes
        await init_beanie(database=database, document_models=list(STORED_SHAPES), skip_indexes=not builds)
        await (retire_indexes(database, RETIRED_INDEXES) if builds else check_indexes(database))
        chosen_waker = waker or RedisWaker(settings.redis_url, QUEUE_OF_WORK)
        yield City(database, clock or SystemClock(), chosen_waker, settings)
    finally:
        if chosen_waker is not None:
            await chosen_waker.close()
        client.close()


async def check_indexes(database: Database) -> None:
    """Refuse a database that lacks an index: queries would scan it, and numbers be given out twice."""
    faults = await wrong_indexes(database, STORED_SHAPES)
    if faults:
        more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise WrongSetting(
            f"The database {database.name} has not the indexes of this version ({faults[0]}{more}): "
            "run `make indexes` (python -m city_workers.indexes)."
        )


async def _check_servers(database: Database, settings: Settings, *, warns: bool) -> None:
    try:
        await check_mongodb(database, SystemClock(), warns=warns)
    except Exception as error:
        if is_unreachable(error) and (reason := await why_unreachable(settings.mongodb_url)):
            raise WrongSetting(reason) from None
        raise
    if warns:
        await warn_of_redis(settings)
