"""WeChat's subscribe messages (getStableAccessToken, sendMessage); it keeps the true consents."""

from __future__ import annotations

from collections import Counter

from tests.fakes.service import Answer, Asked, FakeService, unwell

APP_ID, APP_SECRET, TEMPLATE = "wx0123456789", "wechat-secret-of-the-app", "template-of-hints"
_WORDS = {
    -1: "system error", 40001: "invalid credential", 40003: "invalid openid",
    43101: "user refuse to accept the msg", 45009: "reach max api daily quota limit",
    47003: "argument invalid", 41030: "invalid page",
}  # fmt: skip


class FakeWechat(FakeService):
    """Orders are error codes, or common ones; without an order a message uses one consent up."""

    def __init__(self) -> None:
        super().__init__()
        self.consents: Counter[str] = Counter()

    def answer(self, asked: Asked) -> Answer | str:
        body = asked.json()
        if asked.path == "/cgi-bin/stable_token":
            given = (body["grant_type"], body["appid"], body["secret"], body["force_refresh"])
            if given != ("client_credential", APP_ID, APP_SECRET, False):
                return Answer(200, {"errcode": 40125, "errmsg": "invalid appsecret"})
            return Answer(200, {"access_token": self.sign_in(), "expires_in": 7200})
        if asked.path != "/cgi-bin/message/subscribe/send":
            return Answer(404)
        if not self.is_signed_in(asked.query["access_token"]):
            return _told(40001)
        order = self.next_order(body["touser"])
        if order is not None:
            return unwell(order) or _told(int(order))
        if body["template_id"] != TEMPLATE or any(len(word["value"]) > 20 for word in body["data"].values()):
            return _told(47003)
        if self.consents[body["touser"]] < 1:
            return _told(43101)
        self.consents[body["touser"]] -= 1
        self.received.append(body)
        return Answer(200, {"errcode": 0, "errmsg": "ok", "msgid": len(self.received)})


def _told(code: int) -> Answer:
    return Answer(200, {"errcode": code, "errmsg": f"{_WORDS[code]} rid: 663dc174-071ca844"})
