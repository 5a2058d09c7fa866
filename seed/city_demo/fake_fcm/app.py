"""The HTTP face of the fake push service: FCM's two endpoints, and a few to script and read it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from city_demo.fake_fcm.mailbox import Mailbox
from city_demo.fake_fcm.outcomes import HANG, Answer, Outcome, accepted, invalid, not_signed_in, refused

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Query = dict[str, str]

PAYLOAD_LIMIT = 4096
LONGEST_WAIT_S = 30.0
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class FakeFcmApp:
    """A bare ASGI application, because it stands in the path that push latency is measured on."""

    def __init__(self, mailbox: Mailbox | None = None) -> None:
        self.mailbox = mailbox or Mailbox()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = await self._answer(scope, receive)
        if answer is None:
            await _wait_until_the_sender_gives_up(receive)
        else:
            await _respond(send, answer)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer | None:
        body = await _read_body(receive)
        path, query = scope["path"], _query(scope)
        match scope["method"], path.strip("/").split("/"):
            case "POST", ["v1", "projects", project, "messages:send"]:
                return self._send(project, _bearer(scope), body)
            case "POST", ["token"]:
                return self._token(body)
            case "GET", ["received"]:
                return await self._received(query)
            case "POST", ["script"]:
                return self._script(body)
            case "POST", ["sign-out"]:
                return self._done(self.mailbox.sign_out_everyone)
            case "POST", ["reset"]:
                return self._done(self.mailbox.reset)
            case "GET", ["health"]:
                return Answer(200, {"status": "ok", "sign_ins": self.mailbox.sign_ins})
        return Answer(404, {"error": {"code": 404, "message": f"No endpoint {path}", "status": "NOT_FOUND"}})

    def _token(self, body: bytes) -> Answer:
        form = parse_qs(body.decode())
        if form.get("grant_type") != [JWT_GRANT] or not form.get("assertion"):
            return Answer(400, {"error": "invalid_grant", "error_description": "A signed JWT is expected."})
        token = self.mailbox.sign_in()
        return Answer(200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _send(self, project: str, access_token: str, body: bytes) -> Answer | None:
        if not self.mailbox.is_signed_in(access_token):
            return not_signed_in()
        message = _message(body)
        if isinstance(message, Answer):
            return message
        kind = "token" if "token" in message else "fid"
        seq, outcome = self.mailbox.receive(kind, message[kind], message)
        if outcome is None:
            return accepted(project, seq)
        return None if outcome.code == HANG else refused(outcome)

    async def _received(self, query: Query) -> Answer:
        attempts = await self.mailbox.wait_since(
            int(query.get("since", 0)),
            address=query.get("token"),
            refused_too=query.get("attempts") == "all",
            wait_s=min(int(query.get("wait_ms", 0)) / 1000, LONGEST_WAIT_S),
        )
        return Answer(200, [attempt.as_json() for attempt in attempts])

    def _script(self, body: bytes) -> Answer:
        try:
            order = json.loads(body)
            outcomes = [Outcome.parse(text) for text in order["outcomes"]]
            self.mailbox.script(order["token"], outcomes)
        except (ValueError, KeyError, TypeError) as error:
            return invalid(f"Expected {{token, outcomes: [CODE or CODE:SECONDS]}}: {error}")
        return Answer(200, {"scripted": len(outcomes)})

    @staticmethod
    def _done(action: Callable[[], None]) -> Answer:
        action()
        return Answer(200, {})


def _message(body: bytes) -> dict[str, Any] | Answer:
    """The message in a send request, or FCM's answer to a request that has none."""
    try:
        message = json.loads(body)["message"]
    except (ValueError, KeyError, TypeError):
        return invalid("Invalid JSON payload received.")
    if not isinstance(message, dict) or sum(kind in message for kind in ("token", "fid")) != 1:
        return invalid("Exactly one of token and fid is expected.")
    if any(not isinstance(value, str) for value in message.get("data", {}).values()):
        return invalid("Invalid value at 'message.data': every value is a string.")
    if len(json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()) > PAYLOAD_LIMIT:
        return invalid("Android message is too big")
    return message


def _query(scope: Scope) -> Query:
    return {name: values[-1] for name, values in parse_qs(scope["query_string"].decode()).items()}


def _bearer(scope: Scope) -> str:
    header = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    return str(header.decode().removeprefix("Bearer "))


async def _read_body(receive: Receive) -> bytes:
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            return bytes(body)


async def _wait_until_the_sender_gives_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _respond(send: Send, answer: Answer) -> None:
    content = json.dumps(answer.body, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    if answer.retry_after_s is not None:
        headers.append((b"retry-after", str(answer.retry_after_s).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
