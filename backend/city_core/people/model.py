"""Stored shapes of people: persons, departments, devices, one-time codes and tries."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from beanie import Document
from pydantic import BaseModel, Field
from pymongo import ASCENDING, DESCENDING, GEOSPHERE, IndexModel

from city_core.people.push_addresses import AddressKind, Provider
from city_core.people.roles import Role


def unique_if_given(field: str) -> IndexModel:
    """Keep a text unique among those who have it; unlike `$type`, `$gt ""` lets look-ups use it."""
    return IndexModel(
        [(field, ASCENDING)],
        name=f"{field}_unique_if_given",
        unique=True,
        partialFilterExpression={field: {"$gt": ""}},
    )


class Answerability(BaseModel):
    """What a department answers for: types by code prefix (`E01`, `C0101`) in some streets, or everywhere."""

    type_prefix: str
    street_codes: list[str] = Field(default_factory=list)


class Department(Document):
    """A department 专业部门 that handles cases."""

    id: str  # type: ignore[assignment]
    name_zh: str
    name_en: str
    answers_for: list[Answerability]
    level: Literal["COMMUNITY", "STREET", "DISTRICT"] = "DISTRICT"
    area_code: str = ""  # the street or community that it answers for; blank at the district
    district_code: str | None = None  # another district's: gets cases by rules only
    disabled: bool = False

    class Settings:
        name = "departments"
        indexes = [IndexModel([("area_code", ASCENDING)])]


class Person(Document):
    """A person with one post; staff come by import, citizens by their first sign-in."""

    id: str  # type: ignore[assignment]
    phone: str | None = None  # a citizen who came by WeChat may have none
    wechat_openid: str | None = None  # as a keyed hash
    claim_hash: str | None = None  # of an anonymous reporter's secret, keyed
    collections: int = 0  # how often points of this claim were collected
    name: str
    role: Role
    administration_post: Role | None = None  # of the three, the one held once: another is never given
    password_hash: str | None = None
    department_id: str | None = None
    street_codes: list[str] = Field(default_factory=list)
    responsibility_grid_ids: list[str] = Field(default_factory=list)
    on_duty: bool = True
    disabled: bool = False
    last_place: dict[str, Any] | None = None  # a GeoJSON point, WGS-84
    last_place_at: datetime | None = None  # None: nobody's phone said so, it is where they usually are
    last_place_accuracy_m: float | None = None
    language: Literal["zh", "en"] = "zh"
    level: Literal["COMMUNITY", "STREET", "DISTRICT"] = "DISTRICT"
    token_version: int = 1
    created_at: datetime

    class Settings:
        name = "people"
        indexes = [
            unique_if_given("phone"),
            unique_if_given("wechat_openid"),
            unique_if_given("claim_hash"),
            IndexModel([("role", ASCENDING), ("responsibility_grid_ids", ASCENDING), ("on_duty", ASCENDING)]),
            IndexModel([("role", ASCENDING), ("street_codes", ASCENDING), ("on_duty", ASCENDING)]),
            IndexModel([("department_id", ASCENDING), ("role", ASCENDING), ("on_duty", ASCENDING)]),
            IndexModel(
                [("department_id", ASCENDING), ("last_place", GEOSPHERE)],
                partialFilterExpression={"role": Role.OFFICER.value, "on_duty": True},
                name="officers_near",
            ),
            IndexModel(
                [("last_place_at", ASCENDING)],
                partialFilterExpression={"last_place_at": {"$type": "date"}},
                name="positions",
            ),
        ]


class Device(Document):
    """A phone that hints can be pushed to; `_id` is the device id that the phone made.

    One device has one address: never an FCM token and a fid at once. `keys` are those of a browser.
    """

    id: str  # type: ignore[assignment]
    person_id: str
    provider: Provider = "fcm"
    address_kind: AddressKind
    address: str
    keys: dict[str, str] | None = None
    platform: str
    app: str = ""
    language: Literal["zh", "en"] = "zh"
    registered_at: datetime

    class Settings:
        name = "devices"
        indexes = [
            IndexModel([("person_id", ASCENDING), ("registered_at", DESCENDING)]),
            IndexModel([("address", ASCENDING)], unique=True),
            IndexModel([("registered_at", ASCENDING)]),
        ]


class SignInSession(Document):
    """A sign-in session 登录会话 on one phone: a family of refresh tokens, each kept as a hash."""

    id: str  # type: ignore[assignment]
    person_id: str
    person_version: int  # the person's token_version at sign-in: one write there ends all sessions
    device_id: str = ""
    app: str = ""
    generation: int = 1
    refresh_hash: str | None = None  # none: this sign-in cannot be refreshed
    previous_hash: str | None = None
    rotated_at: datetime
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    ended_why: str | None = None

    class Settings:
        name = "sessions"
        indexes = [
            IndexModel([("person_id", ASCENDING), ("ended_at", ASCENDING), ("rotated_at", DESCENDING)]),
            IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=30 * 86_400),
        ]


class OneTimeCode(Document):
    """A one-time code sent to a phone, with the tries made; code and number are keyed hashes."""

    id: str  # type: ignore[assignment]
    code_hash: str
    tries: int = 0
    asked_by: str = ""  # the device that asked, blank if it did not say
    used_by: str | None = None  # the device that signed in with it
    expires_at: datetime
    sent_at: datetime

    class Settings:
        name = "one_time_codes"
        indexes = [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=3600)]


class SignInTries(Document):
    """Failed sign-ins of one phone number, a keyed hash, within the present quarter of an hour."""

    id: str  # type: ignore[assignment]
    failures: int
    expires_at: datetime

    class Settings:
        name = "sign_in_tries"
        indexes = [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)]


class TryCount(Document):
    """How often something was tried in one window of time, by one phone, device or address, or in all."""

    id: str  # type: ignore[assignment]
    tries: int
    expires_at: datetime

    class Settings:
        name = "try_counts"
        indexes = [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)]


class Shift(Document):
    """A shift 班次 that somebody is to work, as planned."""

    id: str  # type: ignore[assignment]
    person_id: str
    starts_at: datetime
    ends_at: datetime

    class Settings:
        name = "shifts"
        indexes = [
            IndexModel([("person_id", ASCENDING), ("starts_at", ASCENDING)], unique=True),
            IndexModel([("starts_at", ASCENDING)]),
        ]


class PlannedBy(BaseModel):
    """One command that planned somebody's shifts."""

    by: str
    client_id: str
    input_hash: str
    at: datetime


class ShiftPlan(Document):
    """Who planned the shifts of a person, the latest commands; `_id` is the person."""

    id: str  # type: ignore[assignment]
    commands: list[PlannedBy]

    class Settings:
        name = "shift_plans"
        indexes = [IndexModel([("commands.client_id", ASCENDING)])]


class Absence(Document):
    """An absence 请假 of a person, who may name a deputy 代理人; `ended_at` says that it ended early."""

    id: str  # type: ignore[assignment]
    person_id: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    deputy_id: str | None = None
    set_by: str
    set_at: datetime
    ended_at: datetime | None = None
    client_id: str
    input_hash: str

    class Settings:
        name = "absences"
        indexes = [
            IndexModel([("person_id", ASCENDING), ("ends_at", ASCENDING)]),
            IndexModel([("set_by", ASCENDING), ("client_id", ASCENDING)], unique=True),
            IndexModel([("ends_at", ASCENDING)]),
        ]
