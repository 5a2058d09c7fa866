"""The register of what the city keeps 个人信息登记: each stored field, what for, how long, and whose it is.

Source: Personal Information Protection Law 个人信息保护法 articles 5 to 7, 19, 47 and 55: a purpose, no more
than it needs, no longer than it needs.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from beanie import Document
from pydantic import BaseModel

_FILE = Path(__file__).with_name("register.csv")
_BEANIES_OWN = frozenset({"revision_id"})

# What data serve, in Chinese and English.
PURPOSES: Mapping[str, tuple[str, str]] = {
    "AUDIT": ("留痕审计", "to see who looked at what"),
    "CASES": ("案件办理", "to deal with cases"),
    "CENSUS": ("部件普查", "to look after components"),
    "COMMANDS": ("命令不重不漏", "to carry every command out once"),
    "DUTY": ("值班与派遣", "to know who is on duty, and where"),
    "EYE": ("城市之眼", "to find what machines see"),
    "MEDIA": ("接收照片", "to receive photos"),
    "MODELS": ("识别模型", "to recognise things in photos"),
    "OPERATION": ("系统运行", "to run the city's computers"),
    "PLACES": ("地点名录", "to know places"),
    "POINTS": ("积分", "to thank citizens"),
    "PRIVACY": ("个人信息权利", "to answer for personal data"),
    "REACH": ("通知本人", "to reach the person"),
    "RULES": ("城市规则", "to keep the rules of the city"),
    "SIGN_IN": ("登录", "to know who is signed in"),
    "STATISTICS": ("统计", "to count"),
    "SYNC": ("手机同步", "to keep phones up to date"),
}

# Why the city may keep them, by the article of the law.
BASES: Mapping[str, tuple[str, str]] = {
    "NONE": ("非个人信息", "not about a person"),
    "CONSENT": ("本人同意（第十三条第一项）", "consent, article 13 (1)"),
    "EMPLOYMENT": ("人力资源管理（第十三条第二项）", "management of staff, article 13 (2)"),
    "CITY_DUTY": ("法定职责（第十三条第三项）", "duty of the city, article 13 (3)"),
    "SECURITY_LAW": ("网络安全法日志留存", "logs that the Cybersecurity Law asks for"),
}

# How long beside a number of days.
KEPT: Mapping[str, tuple[str, str]] = {
    "account": ("至账号注销", "until the account is deleted"),
    "case": ("随案卷", "with its case"),
    "city": ("城市长期保存", "as long as the city keeps it"),
    "post": ("在岗期间", "while the person has the post"),
    "work": ("至处理完毕", "until the work is done"),
}

# Who takes personal fields away beside the steps of a deletion, see `stores.STEPS`.
NOT_BY_DELETION: Mapping[str, tuple[str, str]] = {
    "staff": ("工作人员信息，不随注销删除", "about staff at work: stays with what they did"),
    "index": ("数据库到期自动删除", "MongoDB takes it away by itself within days"),
    "nothing_kept": ("仅传递，不保存", "passed on, never kept"),
    "pseudonym": ("仅为编号", "a number that leads to nobody once the account is deleted"),
}


@dataclass(frozen=True)
class RegisteredField:
    """One stored field: `kept` is a number of days or a word of KEPT, `ended_by` the rule that ends it.

    `personal` is no, yes or sensitive; `erased_by` names the step of a deletion that goes through it.
    """

    store: str
    field: str
    purpose: str
    basis: str
    kept: str
    ended_by: str
    personal: str
    erased_by: str

    @property
    def is_personal(self) -> bool:
        return self.personal != "no"


@lru_cache(maxsize=1)
def register() -> tuple[RegisteredField, ...]:
    """Read the register."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(RegisteredField(**row) for row in csv.DictReader(file))


def walk(
    shape: type[BaseModel], path: str, above: tuple[type[BaseModel], ...] = ()
) -> Iterator[tuple[str, str]]:
    """List the fields of a stored shape down to what is no model, each with its type as text."""
    for name, field in shape.model_fields.items():
        if name in _BEANIES_OWN:
            continue
        where = f"{path}.{'_id' if name == 'id' and issubclass(shape, Document) else name}"
        inner = [model for model in _models_in(field.annotation) if model not in above]
        if not inner:
            yield where, str(field.annotation)
        for model in inner:
            yield from walk(model, where, (*above, shape))


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]
