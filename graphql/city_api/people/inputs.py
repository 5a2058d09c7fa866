"""What phones give to sign in and to be reached."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from city_api.enums import AddressKind, PushProvider

DEVICE_ID: Any = strawberry.field(
    default=None,
    description="Made by the phone once and kept, 8 to 100 characters; without it there is no refresh token.",
)


@strawberry.input(description="Sign-in of staff.")
class SignInInput:
    phone: str
    password: str
    device_id: strawberry.ID | None = DEVICE_ID


@strawberry.input(description="Where to send a one-time code 验证码.")
class RequestCodeInput:
    phone: str
    device_id: strawberry.ID | None = DEVICE_ID


@strawberry.input(description="Sign-in of a citizen with a one-time code.")
class SignInWithCodeInput:
    phone: str
    code: str
    device_id: strawberry.ID | None = DEVICE_ID


@strawberry.input(description="Sign-in of a citizen with the login code of WeChat 微信登录.")
class SignInWithWechatInput:
    code: str = strawberry.field(description="What `wx.login` gave; good once.")
    device_id: strawberry.ID | None = DEVICE_ID


@strawberry.input(description="Going on without signing in anew.")
class RefreshSignInInput:
    refresh_token: str = strawberry.field(description="The last one given to this phone.")
    device_id: strawberry.ID = strawberry.field(description="The one that this phone signed in with.")


@strawberry.input(description="A citizen's phone number, shown by a one-time code.")
class BindPhoneInput:
    phone: str
    code: str
    device_id: strawberry.ID | None = DEVICE_ID


@strawberry.input(description="The keys of a browser's subscription, base64url.")
class PushKeysInput:
    p256dh: str
    auth: str


@strawberry.input(description="Sign-in of somebody who stays unknown 匿名.")
class SignInWithClaimInput:
    claim_secret: str = strawberry.field(
        description="Made at random and kept by the phone: 32 to 128 characters A-Z a-z 0-9 _ -."
    )
    device_id: strawberry.ID | None = None


@strawberry.input(description="A phone that hints may be pushed to.")
class RegisterDeviceInput:
    device_id: strawberry.ID = strawberry.field(description="Made by the phone, 8 to 100 characters.")
    address_kind: AddressKind
    address: str
    platform: str = strawberry.field(description="android, ios, harmony, web or wechat.")
    provider: PushProvider | None = strawberry.field(
        default=None, description="The push service that gave the address; FCM where it is left out."
    )
    keys: PushKeysInput | None = strawberry.field(default=None, description="Of a browser, with WEBPUSH.")
    client_id: strawberry.ID | None = None
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="A phone that nothing more is pushed to.")
class DropDeviceInput:
    device_id: strawberry.ID
    client_id: strawberry.ID | None = None
    device_time: datetime | None = None
    base_version: int | None = None
