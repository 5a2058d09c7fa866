"""Signing in, and registering phones for hints."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.people.inputs import (
    DropDeviceInput,
    RegisterDeviceInput,
    RequestCodeInput,
    SignInInput,
    SignInWithCodeInput,
)
from city_api.people.types import Done
from city_api.people.types import SignedIn as SignedInType
from city_api.results import result_of
from city_core.people.devices import drop_device, register_device
from city_core.people.one_time_codes import request_code, sign_in_citizen
from city_core.people.sign_in import sign_in_staff
from city_core.people.tokens import SignedIn


@strawberry.type
class PeopleMutations:
    @strawberry.mutation(
        graphql_type=result_of("SignIn", SignedInType), description="Sign in with phone and password 登录."
    )
    async def sign_in(self, info: Info, input: SignInInput) -> SignedIn:
        return await sign_in_staff(info.context.city, input.phone, input.password)

    @strawberry.mutation(
        graphql_type=result_of("RequestCode", Done),
        description="Have a one-time code 验证码 sent.",
    )
    async def request_code(self, info: Info, input: RequestCodeInput) -> bool:
        await request_code(info.context.city, input.phone)
        return True

    @strawberry.mutation(
        graphql_type=result_of("SignInWithCode", SignedInType),
        description="Sign in as a citizen with a one-time code.",
    )
    async def sign_in_with_code(self, info: Info, input: SignInWithCodeInput) -> SignedIn:
        return await sign_in_citizen(info.context.city, input.phone, input.code)

    @strawberry.mutation(
        graphql_type=result_of("RegisterDevice", Done), description="Let this phone receive hints 推送."
    )
    async def register_device(self, info: Info, input: RegisterDeviceInput) -> bool:
        await register_device(
            info.context.city,
            await info.context.actor(),
            device_id=input.device_id,
            address_kind=input.address_kind.value,
            address=input.address,
            platform=input.platform,
            provider=input.provider.value if input.provider else None,
            keys={"p256dh": input.keys.p256dh, "auth": input.keys.auth} if input.keys else None,
            app=info.context.app_name,
            language=info.context.language,
        )
        return True

    @strawberry.mutation(
        graphql_type=result_of("DropDevice", Done), description="Stop pushing to this phone."
    )
    async def drop_device(self, info: Info, input: DropDeviceInput) -> bool:
        await drop_device(info.context.city, await info.context.actor(), input.device_id)
        return True
