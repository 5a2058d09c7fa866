"""Cards, rungs of the ladder and reasons to watch a case in words, in Chinese and in English."""

from __future__ import annotations

from city_api.cases.words import Words
from city_core.cases.escalation import CardKind
from city_core.cases.ladder import Rung
from city_core.cases.watch_queries import Watch

CARD_NAMES: dict[CardKind, Words] = {
    CardKind.UNASSIGNED: ("无人承办", "nobody has it"),
    CardKind.WARNING: ("预警", "warning"),
    CardKind.YELLOW: ("黄牌", "yellow card"),
    CardKind.RED: ("红牌", "red card"),
}
RUNG_NAMES: dict[Rung, Words] = {
    Rung.HOLDER: ("承办人", "holder"),
    Rung.DEPARTMENT: ("承办部门", "department"),
    Rung.DISPATCHER: ("派遣员", "dispatcher"),
    Rung.SHIFT_LEADER: ("值班长", "shift leader"),
    Rung.STREET_LEADER: ("街道领导", "leader of the street"),
    Rung.DISTRICT_LEADER: ("区领导", "leader of the district"),
}
WATCH_NAMES: dict[Watch, Words] = {
    Watch.UNASSIGNED: ("无人承办", "nobody has it"),
    Watch.RED: ("红灯：已超时", "red: overdue"),
    Watch.YELLOW: ("黄灯：即将超时", "yellow: soon overdue"),
}
