"""What phones give to sign in and to be reached."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.enums import AddressKind


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


@strawberry.input(description="A phone that hints may be pushed to.")
class RegisterDeviceInput:
    device_id: strawberry.ID = strawberry.field(description="Made by the phone, 8 to 100 characters.")
    address_kind: AddressKind
    address: str
    platform: str = strawberry.field(description="android, ios, harmony, web or wechat.")
    client_id: strawberry.ID | None = None
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="A phone that nothing more is pushed to.")
class DropDeviceInput:
    device_id: strawberry.ID
    client_id: strawberry.ID | None = None
    device_time: datetime | None = None
    base_version: int | None = None
