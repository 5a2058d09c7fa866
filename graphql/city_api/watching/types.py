"""Queues of work as administrators see them."""

from __future__ import annotations

import strawberry

from city_api.rows import stored


@strawberry.type(description="The work of one kind.")
class KindOfWork:
    kind: str = stored("kind")
    waiting: int = stored("waiting", "What is due and not done, up to 10,000 of a collection.")
    active: int = stored("active", "How much of it is being tried now.")
    stuck: int = stored("stuck", "What was given up and waits for a person.")
    oldest_seconds: int = stored("oldest_seconds", "For how long the oldest of it is due.")


@strawberry.type(description="A lane 队列: kinds of work that have places of their own in a worker.")
class WorkQueue:
    lane: str = stored("lane")
    waiting: int = stored("waiting", "What is due and not done.")
    active: int = stored("active", "How much of it is being tried now.")
    stuck: int = stored("stuck", "What was given up and waits for a person.")
    oldest_seconds: int = stored("oldest_seconds", "For how long the oldest of it is due.")
    kinds: list[KindOfWork] = stored("kinds")
