"""What an app asks before anything else: whether it is still good enough."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.client_policy.policy import AppPolicy
from city_api.context import Info


@strawberry.type(description="Which versions of one app are served.")
class ClientPolicy:
    app: str
    minimum_version: str = strawberry.field(
        description="Below it the app can only hand in what it has queued; all else is CLIENT_TOO_OLD."
    )
    recommended_version: str = strawberry.field(description="Below it the app should offer the update.")
    commands_until: datetime | None = strawberry.field(
        description="Until when versions below the minimum may still hand in; null: without an end."
    )
    update_url: str | None = strawberry.field(description="Where the newest version is; null: in the store.")
    text: str = strawberry.field(description="What to tell the person, in the language that was asked for.")
    text_zh: str
    text_en: str


@strawberry.type
class ClientPolicyQueries:
    @strawberry.field(description="The versions of every app that are served; asked without a sign-in.")
    async def client_policy(self, info: Info) -> list[ClientPolicy]:
        policies = info.context.edge.policies.of_app.values()
        return [_shown(policy, info.context.language) for policy in policies]


def _shown(policy: AppPolicy, language: str) -> ClientPolicy:
    return ClientPolicy(
        app=policy.app, minimum_version=policy.minimum_version,
        recommended_version=policy.recommended_version, commands_until=policy.commands_until,
        update_url=policy.update_url, text=policy.text_en if language == "en" else policy.text_zh,
        text_zh=policy.text_zh, text_en=policy.text_en,
    )  # fmt: skip
