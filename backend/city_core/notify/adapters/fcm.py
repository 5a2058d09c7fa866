"""Hints to phones through Firebase Cloud Messaging, HTTP v1; the only file that knows firebase_admin.

firebase-admin 7.7.0 has no public setting for three things a dispatch needs, so its messaging service is
given a client of ours: it retries 500 and 503 by itself for seconds and overlooks Retry-After, it lets idle
connections go after 5 s, and it renews its access token on the event loop, where everything waits for it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import firebase_admin
import httpx
import requests
import structlog
from firebase_admin import credentials, exceptions, messaging
from google.auth.credentials import Credentials, TokenState
from google.auth.transport.requests import Request as TokenRequest

from city_core.notify.adapters.rest import (
    KEEP_CONNECTION_S,
    MOST_CONNECTIONS,
    QUOTA_PAUSE_S,
    SEND_LIMIT_S,
    UNAVAILABLE_PAUSE_S,
    retry_after_s,
)
from city_core.notify.ports import (
    AddressGone,
    Delivered,
    Outcome,
    PushAddress,
    PushMessage,
    Rejected,
    RetryAfter,
    Unknown,
)

APNS_COLLAPSE_ID_BYTES = 64

log = structlog.get_logger(__name__)


class FcmPushGateway:
    """Sends hints to phones with Google services; one instance for a process, bound to its event loop."""

    name = "fcm"

    def __init__(
        self,
        service_account: dict[str, Any] | Path,
        *,
        endpoint: str | None = None,
        send_limit_s: float = SEND_LIMIT_S,
    ) -> None:
        """Signs in lazily with the service account; `endpoint` replaces FCM's address when trying out."""
        self._send_limit_s = send_limit_s
        account = str(service_account) if isinstance(service_account, Path) else service_account
        certificate = credentials.Certificate(account)
        self._app = firebase_admin.initialize_app(certificate, name=f"push-{uuid4()}")
        # A proxy of this machine leads out to FCM; a stand-in on loopback is never behind it.
        through_proxy = endpoint is None
        self._access = _AccessToken(certificate.get_credential(), through_proxy=through_proxy)
        self._client = _KeptOpenClient(self._access, through_proxy=through_proxy)
        service = messaging._get_messaging_service(self._app)
        service._async_client = self._client
        if endpoint is not None:
            service._fcm_url = f"{endpoint.rstrip('/')}/v1/projects/{self._app.project_id}/messages:send"

    async def warm(self) -> None:
        """Signs in ahead of the first hint; a failure is left to the first hint to report."""
        with suppress(Exception):
            async with asyncio.timeout(SEND_LIMIT_S):
                await self._access.current()

    async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
        """Sends each hint to its device; each ends on its own, so one dead device delays no other."""
        return list(await asyncio.gather(*(self._send_one(address, message) for address, message in batch)))

    async def close(self) -> None:
        """Closes the connections to FCM."""
        await self._client.aclose()
        # firebase-admin runs an event loop of its own in here, which only another thread may.
        await asyncio.to_thread(firebase_admin.delete_app, self._app)

    async def _send_one(self, address: PushAddress, message: PushMessage) -> Outcome:
        try:
            async with asyncio.timeout(self._send_limit_s):
                answer = await messaging.send_each_async([_fcm_message(address, message)], app=self._app)
        except TimeoutError:
            return Unknown("TIMEOUT")
        except Exception as error:  # the port promises an outcome for every hint, whatever happened to it
            return _outcome_of(error)
        response = answer.responses[0]
        if response.success:
            return Delivered(response.message_id)
        return _outcome_of(response.exception)


class _AccessToken(httpx.Auth):
    """Google's access token, renewed in a thread: early and aside while it is still good."""

    def __init__(self, credential: Credentials, *, through_proxy: bool) -> None:
        self._credential = credential
        self._renewing = asyncio.Lock()
        self._aside: asyncio.Task[None] | None = None
        session = requests.Session()
        session.trust_env = through_proxy
        self._token_request = TokenRequest(session)

    async def current(self) -> str:
        state = self._credential.token_state
        if state is TokenState.INVALID:
            await self._renew(self._credential.token)
        elif state is TokenState.STALE and not self._renewing.locked():
            self._aside = asyncio.create_task(self._renew_aside(self._credential.token))
        return str(self._credential.token)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = await self.current()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            await self._renew(token)
            request.headers["Authorization"] = f"Bearer {self._credential.token}"
            yield request

    async def _renew(self, seen: str | None) -> None:
        async with self._renewing:
            if self._credential.token == seen:  # else another hint renewed it while this one waited
                await asyncio.to_thread(self._credential.refresh, self._request_token)

    async def _renew_aside(self, seen: str | None) -> None:
        try:
            await self._renew(seen)
        except Exception as error:
            log.warning("push_token_renewal_failed", reason=type(error).__name__)

    def _request_token(self, *args: Any, **kwargs: Any) -> Any:
        return self._token_request(*args, **{**kwargs, "timeout": SEND_LIMIT_S})


class _KeptOpenClient:
    """The part of firebase-admin's async client that sending needs, with connections that stay open."""

    def __init__(self, access: _AccessToken, *, through_proxy: bool) -> None:
        limits = httpx.Limits(
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=MOST_CONNECTIONS,
            keepalive_expiry=KEEP_CONNECTION_S,
        )
        self._client = httpx.AsyncClient(
            http2=True, auth=access, timeout=SEND_LIMIT_S, limits=limits, trust_env=through_proxy
        )

    async def request(self, method: str, url: str, **kwargs: Any) -> httpx.Response:
        response = await self._client.request(method, url, **kwargs)
        return response.raise_for_status()

    async def aclose(self) -> None:
        await self._client.aclose()


def _fcm_message(address: PushAddress, message: PushMessage) -> messaging.Message:
    hint = messaging.Message(
        data={"type": message.type, "id": message.id, "seq": str(message.seq)},
        android=messaging.AndroidConfig(
            collapse_key=message.message_id, priority="normal" if message.urgency == "normal" else "high"
        ),
        apns=_apns(message),
    )
    # Set afterwards, because naming a token in the constructor warns once for every hint.
    setattr(hint, address.kind, address.value)
    return hint


def _apns(message: PushMessage) -> messaging.APNSConfig:
    """Apple wakes an app silently only at low priority; what is urgent must show a text.

    The text is a key that the app translates, so nothing personal passes through the provider.
    """
    urgent = message.urgency != "normal"
    breaks_through = message.urgency == "emergency"
    text = messaging.ApsAlert(loc_key=f"push.{message.type}") if urgent else None
    return messaging.APNSConfig(
        headers={
            "apns-push-type": "alert" if urgent else "background",
            "apns-priority": "10" if urgent else "5",
            "apns-collapse-id": _collapse_id(message.message_id),
        },
        payload=messaging.APNSPayload(
            aps=messaging.Aps(
                alert=text,
                content_available=True,
                mutable_content=urgent or None,
                custom_data={"interruption-level": "time-sensitive"} if breaks_through else None,
            )
        ),
    )


def _collapse_id(message_id: str) -> str:
    if len(message_id.encode()) <= APNS_COLLAPSE_ID_BYTES:
        return message_id
    return hashlib.blake2b(message_id.encode(), digest_size=32).hexdigest()


def _outcome_of(error: Exception) -> Outcome:
    """Reads from firebase-admin's exception what to do with the hint and with the address.

    A plain 404 or 403 means that our own project is set up wrongly: no device is forgotten for that.
    """
    match error:
        case messaging.UnregisteredError():
            return AddressGone("UNREGISTERED")
        case messaging.SenderIdMismatchError():
            return AddressGone("SENDER_ID_MISMATCH")
        case exceptions.InvalidArgumentError() | ValueError():
            return Rejected(str(error))
        case messaging.QuotaExceededError() | exceptions.ResourceExhaustedError():
            return RetryAfter(_retry_after_s(error) or QUOTA_PAUSE_S)
        case exceptions.UnavailableError() | exceptions.InternalError() if error.http_response is not None:
            return RetryAfter(_retry_after_s(error) or UNAVAILABLE_PAUSE_S)
        case exceptions.FirebaseError():
            return Unknown(error.code)
    return Unknown(type(error).__name__)


def _retry_after_s(error: exceptions.FirebaseError) -> float | None:
    """Seconds of the Retry-After header, which firebase-admin leaves in the response; None without one."""
    value = "" if error.http_response is None else error.http_response.headers.get("Retry-After", "")
    return retry_after_s(value)
