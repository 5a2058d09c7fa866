"""Posts of the city and what an acting person brings with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """A post 岗位. Supervision (collect, file, close) and command (dispatch) are different posts."""

    CITIZEN = "CITIZEN"  # 市民
    INSPECTOR = "INSPECTOR"  # 监督员 / 网格员: collects, verifies, checks
    ACCEPTOR = "ACCEPTOR"  # 受理员
    SHIFT_LEADER = "SHIFT_LEADER"  # 值班长: files and closes
    DISPATCHER = "DISPATCHER"  # 派遣员
    OFFICER = "OFFICER"  # 处置人员
    LEADER = "LEADER"  # 领导: decides what the seats cannot agree on, supervises
    ADMINISTRATOR = "ADMINISTRATOR"  # 规则管理员: keeps the rules of the city, sees no case
    SECURITY_ADMINISTRATOR = (
        "SECURITY_ADMINISTRATOR"  # 安全管理员: keeps people, posts and keys, sees no case
    )
    AUDITOR = "AUDITOR"  # 审计员: reads the audit log, changes nothing
    SYSTEM = "SYSTEM"  # a rule of the city


SEATS = frozenset({Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER})
# 三员分立: system, security and audit administration are never in one hand (GB/T 22239, level three).
ADMINISTRATION = frozenset({Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True)
class Actor:
    """Who acts: a person in their post, with the grids and the department that they answer for."""

    person_id: str
    role: Role
    name: str = ""
    phone: str = ""
    department_id: str | None = None
    street_codes: frozenset[str] = field(default_factory=frozenset)
    grid_ids: frozenset[str] = field(default_factory=frozenset)
    language: str = "zh"
    level: str = "DISTRICT"  # COMMUNITY, STREET or DISTRICT: where a seat or a leader works
    device_id: str = ""  # the phone that signed in, as it named itself; blank for a browser or a rule
    session_id: str = ""  # the sign-in session that the token belongs to; blank for a rule
    is_unknown: bool = False  # 匿名: known by a claim secret only; neither their phone nor its time is kept
    emergency_areas: frozenset[str] = field(default_factory=frozenset)  # whose cases an emergency shows them
    origin: str = ""  # the app that asks, or the web; blank for a rule
    network: str = ""  # the network that the request came from, never the whole address

    @property
    def is_staff(self) -> bool:
        """Tell whether somebody works for the city."""
        return self.role is not Role.CITIZEN

    @property
    def works_in_the_streets(self) -> bool:
        """Tell whether somebody works with what stands there: who watches over others does not."""
        return self.is_staff and self.role not in (Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)


SYSTEM = Actor("system", Role.SYSTEM, "系统")
