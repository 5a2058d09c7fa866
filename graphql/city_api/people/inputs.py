"""What phones give to sign in and to be reached."""

from __future__ import annotations

import strawberry

from city_api.enums import AddressKind, PushProvider


@strawberry.input(description="Sign-in of staff.")
class SignInInput:
    phone: str
    password: str


@strawberry.input(description="Where to send a one-time code 验证码.")
class RequestCodeInput:
    phone: str


@strawberry.input(description="Sign-in of a citizen with a one-time code.")
class SignInWithCodeInput:
    phone: str
    code: str


@strawberry.input(description="The keys of a browser's subscription, base64url.")
class PushKeysInput:
    p256dh: str
    auth: str


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


@strawberry.input(description="A phone that nothing more is pushed to.")
class DropDeviceInput:
    device_id: strawberry.ID
