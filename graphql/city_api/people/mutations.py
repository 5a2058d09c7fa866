"""Signing in, and registering phones for hints."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.people.inputs import (
    BindPhoneInput,
    DropDeviceInput,
    RefreshSignInInput,
    RegisterDeviceInput,
    RequestCodeInput,
    SignInInput,
    SignInWithClaimInput,
    SignInWithCodeInput,
    SignInWithWechatInput,
)
from city_api.people.types import Done, Me
from city_api.people.types import SignedIn as SignedInType
from city_api.results import result_of
from city_core.people.bind_phone import bind_phone
from city_core.people.devices import drop_device, register_device
from city_core.people.one_time_codes import request_code, sign_in_citizen
from city_core.people.refresh_sign_in import refresh_sign_in
from city_core.people.roles import Actor
from city_core.people.sign_in import sign_in_staff
from city_core.people.sign_in_with_claim import sign_in_with_claim
from city_core.people.sign_in_with_wechat import sign_in_with_wechat
from city_core.people.sign_out import sign_out, sign_out_everywhere
from city_core.people.tokens import SignedIn


@strawberry.type
class PeopleMutations:
    @strawberry.mutation(
        graphql_type=result_of("SignIn", SignedInType), description="Sign in with phone and password 登录."
    )
    async def sign_in(self, info: Info, input: SignInInput) -> SignedIn:
        origin = info.context.sign_in_origin(input.device_id)
        return await sign_in_staff(info.context.city, input.phone, input.password, origin)

    @strawberry.mutation(
        graphql_type=result_of("RequestCode", Done),
        description="Have a one-time code 验证码 sent.",
    )
    async def request_code(self, info: Info, input: RequestCodeInput) -> bool:
        context = info.context
        origin = context.sign_in_origin(input.device_id)
        await request_code(context.city, input.phone, context.edge.codes, origin)
        return True

    @strawberry.mutation(
        graphql_type=result_of("SignInWithCode", SignedInType),
        description="Sign in as a citizen with a one-time code.",
    )
    async def sign_in_with_code(self, info: Info, input: SignInWithCodeInput) -> SignedIn:
        origin = info.context.sign_in_origin(input.device_id)
        return await sign_in_citizen(info.context.city, input.phone, input.code, origin)

    @strawberry.mutation(
        graphql_type=result_of("SignInWithWechat", SignedInType),
        description="Sign in as a citizen with a WeChat login code 微信登录.",
    )
    async def sign_in_with_wechat(self, info: Info, input: SignInWithWechatInput) -> SignedIn:
        context = info.context
        origin = context.sign_in_origin(input.device_id)
        return await sign_in_with_wechat(context.city, input.code, context.edge.wechat, origin)

    @strawberry.mutation(
        graphql_type=result_of("SignInWithClaim", SignedInType),
        description="Sign in as an anonymous reporter, with a claim secret 匿名凭证 of the phone's making.",
    )
    async def sign_in_with_claim(self, info: Info, input: SignInWithClaimInput) -> SignedIn:
        origin = info.context.sign_in_origin(input.device_id)
        return await sign_in_with_claim(info.context.city, input.claim_secret, origin)

    @strawberry.mutation(
        graphql_type=result_of("RefreshSignIn", SignedInType),
        description="Get the next tokens; the same refresh token within 60 seconds gets the same answer.",
    )
    async def refresh_sign_in(self, info: Info, input: RefreshSignInInput) -> SignedIn:
        return await refresh_sign_in(info.context.city, input.refresh_token, input.device_id)

    @strawberry.mutation(
        graphql_type=result_of("SignOut", Done), description="Sign out on this phone 退出登录."
    )
    async def sign_out(self, info: Info) -> bool:
        await sign_out(info.context.city, await info.context.actor())
        return True

    @strawberry.mutation(
        graphql_type=result_of("SignOutEverywhere", Done), description="Sign out on every phone."
    )
    async def sign_out_everywhere(self, info: Info) -> bool:
        await sign_out_everywhere(info.context.city, await info.context.actor())
        return True

    @strawberry.mutation(
        graphql_type=result_of("BindPhone", Me),
        description="Bind a phone number 绑定手机号 to a citizen who came by WeChat.",
    )
    async def bind_phone(self, info: Info, input: BindPhoneInput) -> Actor:
        context = info.context
        origin = context.sign_in_origin(input.device_id)
        return await bind_phone(context.city, await context.actor(), input.phone, input.code, origin)

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
