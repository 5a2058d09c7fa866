"""The kinds of things that somebody may ask about, where each of them is stored, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """A kind of thing that somebody may ask about."""

    CASE = "CASE"
    TASK = "TASK"
    CASE_PHOTO = "CASE_PHOTO"  # a photo within a case that somebody sees
    COMPONENT = "COMPONENT"
    PHOTO = "PHOTO"
    FRAME = "FRAME"
    ORIGINAL_READING = "ORIGINAL_READING"
    EMERGENCY = "EMERGENCY"
    EYE_EVENT = "EYE_EVENT"
    EYE_FRAME = "EYE_FRAME"
    SIGN = "SIGN"
    CAMPAIGN = "CAMPAIGN"
    GRID_ELEMENT = "GRID_ELEMENT"
    PLACE_IMPORT = "PLACE_IMPORT"
    MACHINE_SOURCE = "MACHINE_SOURCE"
    RULEBOOK = "RULEBOOK"
    ROUTING_PROPOSAL = "ROUTING_PROPOSAL"
    PERSON = "PERSON"
    SESSION = "SESSION"
    MESSAGE = "MESSAGE"
    COMMAND = "COMMAND"
    POINT_ENTRY = "POINT_ENTRY"
    DATA_REQUEST = "DATA_REQUEST"
    AUDIT_ENTRY = "AUDIT_ENTRY"


class Verb(StrEnum):
    """What somebody would do with it."""

    READ = "READ"
    HANDLE = "HANDLE"  # take a step of it, as far as their post goes
    DECIDE = "DECIDE"
    CHANGE = "CHANGE"
    KEEP = "KEEP"  # make, change and end
    LOOK_UP = "LOOK_UP"  # among the registries
    PLAN = "PLAN"  # shifts and absences


# Every way to rows of these collections asks a rule of the kind (under test: `tests/architecture`).
COLLECTION_OF: Mapping[Kind, str] = MappingProxyType({
    Kind.CASE: "cases",
    Kind.TASK: "cases",
    Kind.CASE_PHOTO: "cases",
    Kind.COMPONENT: "components",
    Kind.PHOTO: "photos",
    Kind.FRAME: "photos",
    Kind.ORIGINAL_READING: "original_readings",
    Kind.EMERGENCY: "emergencies",
    Kind.EYE_EVENT: "eye_events",
    Kind.EYE_FRAME: "eye_frames",
    Kind.SIGN: "signs",
    Kind.CAMPAIGN: "campaigns",
    Kind.GRID_ELEMENT: "grid_elements",
    Kind.PLACE_IMPORT: "place_imports",
    Kind.MACHINE_SOURCE: "machine_sources",
    Kind.RULEBOOK: "rulebook_versions",
    Kind.ROUTING_PROPOSAL: "routing_proposals",
    Kind.PERSON: "people",
    Kind.SESSION: "sessions",
    Kind.MESSAGE: "inbox_messages",
    Kind.COMMAND: "command_log",
    Kind.POINT_ENTRY: "point_entries",
    Kind.DATA_REQUEST: "data_requests",
    Kind.AUDIT_ENTRY: "audit_entries",
})  # fmt: skip
