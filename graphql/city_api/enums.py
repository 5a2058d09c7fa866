"""The closed lists of the core, as GraphQL enums with the field's words.

Types take the core's enums from here, so that they are never shown before they were given their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Any

import strawberry

from city_api.audit.words import KIND_NAMES as AUDIT_KIND_NAMES
from city_api.audit.words import VERB_NAMES as AUDIT_VERB_NAMES
from city_api.cases.words import ACTION_NAMES, LEVEL_NAMES, ROLE_NAMES, STATE_NAMES, Words
from city_api.deadlines.words import CLOCK_NAMES, LAMP_NAMES
from city_api.evidence.words import FLAG_NAMES, PHOTO_ROLE_NAMES, TAKEN_WITH_NAMES
from city_api.nearby.words import POINT_STATE_NAMES, SKILL_NAMES
from city_api.notify.words import ACKNOWLEDGEMENT_NAMES, RUNG_ACTION_NAMES, RUNG_OUTCOME_NAMES
from city_api.requests.words import KIND_NAMES, REQUEST_STATE_NAMES
from city_api.supervision.words import CARD_NAMES, WATCH_NAMES
from city_core.audit.verbs import Kind as AuditKind
from city_core.audit.verbs import Verb as AuditVerb
from city_core.cases.clocks.stages import ClockName
from city_core.cases.clocks.ticking import Lamp
from city_core.cases.escalation import CardKind
from city_core.cases.evidence.given import PhotoRole, TakenWith
from city_core.cases.evidence.rules import FlagKind
from city_core.cases.levels.rules import Level
from city_core.cases.nearest_officers_rules import Skill as OfficerSkill
from city_core.cases.notices import NoticeKind
from city_core.cases.requests.approvals import RequestKind, RequestState
from city_core.cases.watch_queries import Watch
from city_core.cases.workflow import Action, State
from city_core.detection.classes import Permission as DetectionPermission
from city_core.detection.permissions import Held as HeldBack
from city_core.map.picture import Subject as MapSubject
from city_core.media.model import PhotoState
from city_core.notify.acknowledgement import Acknowledgement
from city_core.notify.climbing import RungOutcome
from city_core.notify.rungs import RungAction
from city_core.people.roles import Role
from city_core.places.borders import BorderLevel
from city_core.places.elements.change import ElementChange
from city_core.places.elements.model import ElementKind
from city_core.places.given import PointSource
from city_core.places.locate import FoundBy
from city_core.places.points.model import PointState


def _show(core: type[Enum], name: str, description: str, words: Mapping[Any, Words] | None = None) -> None:
    strawberry.enum(core, name=name, description=description)
    for value in core.__strawberry_definition__.values:  # type: ignore[attr-defined]
        if words is not None:
            value.description = "{}: {}.".format(*words[core[value.name]])


__all__ = [
    "Acknowledgement", "Action", "AddressKind", "AdviceOutcome", "AuditKind", "AuditVerb",
    "BorderLevel", "CardKind", "CaseSource",
    "ClockName", "Datum", "DetectionPermission", "DivisionLevel", "ElementChange", "ElementKind", "Finding",
    "FlagKind", "FoundBy", "HeldBack", "Lamp", "Level", "LimitUnit", "MapSubject", "NoticeKind",
    "OfficerSkill", "PhotoRole", "PhotoState", "PhotoUse", "PointSource", "PointState", "PushProvider",
    "RequestKind", "RequestState", "Role", "RungAction", "RungOutcome", "State", "SupervisionKind",
    "TakenWith", "TaskKind", "TypeKind", "Watch",
]  # fmt: skip

_show(State, "CaseState", "Where a case 案卷 stands.", STATE_NAMES)
_show(Action, "CaseAction", "One step of the loop 闭环流程.", ACTION_NAMES)
_show(Role, "Role", "A post 岗位.", ROLE_NAMES)
_show(AuditVerb, "AuditVerb", "What a line of the audit log 审计日志 tells of.", AUDIT_VERB_NAMES)
_show(AuditKind, "AuditKind", "What a deed on record was done to.", AUDIT_KIND_NAMES)
_show(ClockName, "ClockName", "A clock 时限 of a case.", CLOCK_NAMES)
_show(Lamp, "Lamp", "How far a clock is: green to 80 %, yellow to 100 %, red after.", LAMP_NAMES)
_show(CardKind, "CardKind", "What a step of escalation 预警升级 says.", CARD_NAMES)
_show(Watch, "Watch", "Why a case is to be watched.", WATCH_NAMES)
_show(Level, "Level", "A level of the city 层级, from the smallest up.", LEVEL_NAMES)
_show(MapSubject, "MapSubject", "What the one map 一张图 can show.")
_show(PhotoState, "PhotoState", "How far a photo 照片 has come.")
_show(
    DetectionPermission,
    "DetectionPermission",
    "What a class may do 识别权限; each holds the one before.",
)
_show(HeldBack, "DetectionHeldBack", "Why a class of detection may not do more.")
_show(PhotoRole, "PhotoRole", "What a photo 照片 shows of its case.", PHOTO_ROLE_NAMES)
_show(TakenWith, "TakenWith", "Where a phone took a photo from.", TAKEN_WITH_NAMES)
_show(FlagKind, "EvidenceFlagKind", "What is doubtful about a photo 疑点.", FLAG_NAMES)
_show(PointState, "PointState", "Whether a point 点位 can be used.", POINT_STATE_NAMES)
_show(OfficerSkill, "OfficerSkill", "What an officer's department has to do with a case.", SKILL_NAMES)
_show(NoticeKind, "NoticeKind", "What an inbox message 消息 is about.")
_show(
    Acknowledgement,
    "AcknowledgementState",
    "How far a message has come with you 回执.",
    ACKNOWLEDGEMENT_NAMES,
)
_show(RungAction, "RungAction", "What a rung of the ladder 触达阶梯 does.", RUNG_ACTION_NAMES)
_show(RungOutcome, "RungOutcome", "What became of a rung.", RUNG_OUTCOME_NAMES)
_show(RequestKind, "RequestKind", "What is asked for with a request 申请.", KIND_NAMES)
_show(RequestState, "RequestState", "How far a request 申请 has come.", REQUEST_STATE_NAMES)

_show(PointSource, "PointSource", "Where a point comes from.")
_show(FoundBy, "GridFoundBy", "How the grid of a point was found: it lies in one, on a border, or near one.")
_show(BorderLevel, "BorderLevel", "What borders are drawn of.")
_show(ElementChange, "GridElementChange", "What is done to a grid element 网格要素.")
_show(ElementKind, "GridElementKind", "Kinds of grid elements 网格要素: 人, 地, 事, 物, 组织.")


@strawberry.enum(description="Supervision 督办 or urging 催办.")
class SupervisionKind(StrEnum):
    SUPERVISE = "SUPERVISE"
    URGE = "URGE"


@strawberry.enum(description="What an inspector found when verifying 核实.")
class Finding(StrEnum):
    EXISTS = "EXISTS"
    NOT_FOUND = "NOT_FOUND"
    CANNOT_TELL = "CANNOT_TELL"


@strawberry.enum(description="The datum 坐标系 that a point was measured in.")
class Datum(StrEnum):
    WGS84 = "WGS84"
    GCJ02 = "GCJ02"
    BD09 = "BD09"
    CGCS2000 = "CGCS2000"


@strawberry.enum(description="Components 部件 are things of the city, events 事件 are what happens in it.")
class TypeKind(StrEnum):
    COMPONENT = "component"
    EVENT = "event"


@strawberry.enum(description="What a photo was taken for.")
class PhotoUse(StrEnum):
    REPORT = "REPORT"
    VERIFY = "VERIFY"
    HANDLE = "HANDLE"
    CHECK = "CHECK"


@strawberry.enum(description="What a person is asked to do about a case.")
class TaskKind(StrEnum):
    VERIFY = "VERIFY"
    HANDLE = "HANDLE"
    CHECK = "CHECK"
    DECIDE = "DECIDE"


@strawberry.enum(description="What a person made of the advice of detection.")
class AdviceOutcome(StrEnum):
    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    OVERRULED = "OVERRULED"


@strawberry.enum(description="Who a case came from.")
class CaseSource(StrEnum):
    INSPECTOR = "INSPECTOR"
    CITIZEN = "CITIZEN"
    MACHINE = "MACHINE"


@strawberry.enum(description="Kind of a push address; a device has one, never two.")
class AddressKind(StrEnum):
    TOKEN = "token"
    FID = "fid"
    OPENID = "openid"
    SUBSCRIPTION = "subscription"
    REGISTRATION = "registration"


@strawberry.enum(description="A push service 推送服务.")
class PushProvider(StrEnum):
    FCM = "fcm"
    APNS = "apns"
    HUAWEI = "huawei"
    HARMONY = "harmony"
    XIAOMI = "xiaomi"
    OPPO = "oppo"
    VIVO = "vivo"
    JPUSH = "jpush"
    WECHAT = "wechat"
    WEBPUSH = "webpush"


@strawberry.enum(
    description="Unit of a limit 时限: urgent ones run day and night, work ones in working hours, "
    "natural days to the end of the day, season days in the working hours of a season."
)
class LimitUnit(StrEnum):
    URGENT_MINUTE = "urgent_minute"
    URGENT_HOUR = "urgent_hour"
    URGENT_DAY = "urgent_day"
    WORK_MINUTE = "work_minute"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    NATURAL_DAY = "natural_day"
    SEASON_DAY = "season_day"


@strawberry.enum(description="Level of a division 行政区划.")
class DivisionLevel(StrEnum):
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
