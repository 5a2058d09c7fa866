"""A platform of text messages that takes the city's signed orders (`backend/push-services.md`)."""

from __future__ import annotations

import hashlib
import hmac
import time

from tests.fakes.service import Answer, Asked, FakeService, unwell

SECRET = "secret-of-the-platform"


class FakeSmsPlatform(FakeService):
    """Sends what has the same message id once; orders are HTTP statuses, or common ones."""

    def __init__(self) -> None:
        super().__init__()
        self.phones: dict[str, dict[str, str]] = {}

    def answer(self, asked: Asked) -> Answer | str:
        stamp = asked.headers.get("x-yiwang-timestamp", "0")
        digest = hmac.new(SECRET.encode(), f"{stamp}.".encode() + asked.body, hashlib.sha256).hexdigest()
        is_signed = hmac.compare_digest(asked.headers.get("x-yiwang-signature", ""), f"v1={digest}")
        if not is_signed or abs(time.time() - int(stamp)) > 300:
            return Answer(401)
        text = asked.json()
        self.received.append(text)
        order = self.next_order(text["phone"])
        if order is not None:
            return unwell(order) or Answer(int(order))
        self.phones.setdefault(text["messageId"], text)
        return Answer(202, {"id": f"sms-{len(self.phones)}"})
