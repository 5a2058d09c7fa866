"""Consents to subscribe messages as the mini-program sees them."""

from __future__ import annotations

import strawberry

from city_api.rows import computed, stored


@strawberry.type(description="A template of subscribe messages 订阅消息, and how many are still allowed.")
class SubscribeConsent:
    template_id: str = stored("template_id")
    left: int = stored("left")


@strawberry.type(description="What a person allows in WeChat.")
class SubscribeConsents:
    consents: list[SubscribeConsent] = computed(lambda rows, _: rows)
