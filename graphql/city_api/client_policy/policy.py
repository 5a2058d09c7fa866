"""Which versions of the apps are served, read from `client_policy.json` of the contract."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from city_core.kit.problems import CityProblem

FILE = "client_policy.json"
HEADER = "X-Yiwang-App"
_LONGEST_NAME = 32
_VERSION = re.compile(r"(\d{1,6}(?:\.\d{1,6}){0,3})(?:[-+][0-9A-Za-z.+-]{1,32})?")
Version = tuple[int, ...]


@dataclass(frozen=True)
class App:
    """An app as it names itself: `inspector/2.3.1`, or `inspector` where it tells no version."""

    name: str
    version: Version | None


@dataclass(frozen=True)
class AppPolicy:
    """What one app must have; a version below `minimum_version` may only hand in, until `commands_until`."""

    app: str
    minimum_version: str
    recommended_version: str
    commands_until: datetime | None
    update_url: str | None
    text_zh: str
    text_en: str

    def __post_init__(self) -> None:
        minimum, recommended = version_of(self.minimum_version), version_of(self.recommended_version)
        if minimum is None or recommended is None or recommended < minimum:
            raise ValueError(f"{self.app}: the versions are not right")
        if self.commands_until is not None and self.commands_until.tzinfo is None:
            raise ValueError(f"{self.app}: commandsUntil must be an instant with its offset")

    def still_served(self, version: Version | None) -> bool:
        """Whether this version may read; one that does not name itself is not turned away."""
        return version is None or _padded(version) >= _padded(version_of(self.minimum_version) or ())

    def still_heard(self, now: datetime) -> bool:
        """Whether a version below the minimum may still hand in what it has queued."""
        return self.commands_until is None or now < self.commands_until


@dataclass(frozen=True)
class ClientPolicies:
    """The policies of all apps; an app without one is served in every version."""

    of_app: Mapping[str, AppPolicy] = field(default_factory=dict)

    def refusal(self, app: App | None, now: datetime, *, hands_in: bool) -> CityProblem | None:
        """Say why a request is refused; None where it is not.

        `hands_in`: it brings something to the city (a command, an upload). What a person did with an old
        app is taken for a while, as it would be lost otherwise; reading waits for the new one.
        """
        policy = self.of_app.get(app.name) if app is not None else None
        if app is None or policy is None or policy.still_served(app.version):
            return None
        if hands_in and policy.still_heard(now):
            return None
        where = f", {policy.update_url}" if policy.update_url else ""
        least = f"{policy.app}/{policy.minimum_version}"
        return CityProblem("CLIENT_TOO_OLD", field=HEADER, allowed=f">= {least}{where}")


def app_of(header: str) -> App | None:
    """Read how an app names itself; None for what is no name of an app."""
    name, _, version = header.strip().partition("/")
    if not name.isascii() or not name.replace("-", "").isalnum() or len(name) > _LONGEST_NAME:
        return None
    return App(name.lower(), version_of(version))


def version_of(text: str) -> Version | None:
    """Read a version of one to four numbers; what follows a `-` or `+` is not compared."""
    found = _VERSION.fullmatch(text)
    return tuple(int(part) for part in found[1].split(".")) if found else None


def read_policies(folder: Path) -> ClientPolicies:
    """Read the policies of a contract; raises OSError or ValueError where they cannot be kept to."""
    rows = json.loads((folder / FILE).read_text(encoding="utf-8"))["apps"]
    return ClientPolicies({row["app"]: _policy(row) for row in rows})


def _policy(row: dict[str, Any]) -> AppPolicy:
    until = row["commandsUntil"]
    return AppPolicy(
        row["app"], row["minimumVersion"], row["recommendedVersion"],
        datetime.fromisoformat(until) if until is not None else None,
        row["updateUrl"], row["textZh"], row["textEn"],
    )  # fmt: skip


def _padded(version: Version) -> Version:
    return version + (0,) * (4 - len(version))
