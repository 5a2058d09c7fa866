"""Huawei's Push Kit, version 1 (https-send-api-0000001050986197), with its OAuth 2.0."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.service import Answer, Asked, FakeService, unwell

APP_ID, APP_SECRET = "104500001", "huawei-secret-of-the-app"
_SIGN_IN = {"grant_type": ["client_credentials"], "client_id": [APP_ID], "client_secret": [APP_SECRET]}
_WORDS = {
    "80300002": "No permission to send message to these tokens.", "80300007": "All the tokens are invalid",
    "80100003": "Illegal payload", "81000001": "System inner error.", "80300011": "No right for high level",
}  # fmt: skip


class FakeHuawei(FakeService):
    """Checks tokens and forms as the documents ask; orders are result codes, `partly`, or common ones."""

    def answer(self, asked: Asked) -> Answer | str:
        if asked.path == "/oauth2/v3/token":
            if parse_qs(asked.body.decode()) != _SIGN_IN:
                return Answer(403, {"error": 1101, "sub_error": 20001, "error_description": "invalid client"})
            token = self.sign_in()
            return Answer(200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"})
        if asked.path != f"/v1/{APP_ID}/messages:send":
            return Answer(404, {})
        if not self.is_signed_in(asked.headers.get("authorization", "").removeprefix("Bearer ")):
            return _result(401, "80200003", "OAuth token expired.")
        return self._send(asked.json()["message"])

    def _send(self, message: dict[str, Any]) -> Answer | str:
        [token] = message["token"]
        fault = _fault_of(message)
        if fault is not None:
            return _result(400, fault, "Illegal payload")
        order = self.next_order(token)
        if order is None:
            self.received.append(message)
            return _result(200, "80000000", "Success")
        if order == "partly":
            told = {"success": 0, "failure": 1, "illegal_tokens": [token]}
            return _result(200, "80100000", json.dumps(told))
        return unwell(order) or _result(200, order, f"{_WORDS[order]} {token}")


def _fault_of(message: dict[str, Any]) -> str | None:
    rest = {name: value for name, value in message.items() if name != "token"}
    if len(json.dumps(rest).encode()) > 4096:
        return "80300008"
    shown = message["android"].get("notification")
    if shown is None:
        return None if isinstance(message.get("data"), str) else "80100003"
    complete = shown["title"] and shown["body"] and shown["click_action"]["type"] in (1, 2, 3)
    return None if complete and message["android"]["category"] == "WORK" else "80100003"


def _result(status: int, code: str, text: str) -> Answer:
    return Answer(status, {"code": code, "msg": text, "requestId": "1570000006"})
