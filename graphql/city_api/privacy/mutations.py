"""What people ask about their own data, and what they agree to."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.context import Info
from city_api.privacy.types import DataRequest, PrivacyAgreement
from city_api.results import result_of
from city_core.kit.mongo import Row
from city_core.privacy.agree import agree_to_privacy
from city_core.privacy.ask import ask_for_copy, ask_for_deletion, withdraw_deletion


@strawberry.input(description="Asking something about one's own data.")
class MyDataInput:
    client_id: strawberry.ID = strawberry.field(description="A UUID made by the phone.")
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="Agreeing to a version of the privacy notice.")
class AgreeToPrivacyInput:
    client_id: strawberry.ID
    version: int = strawberry.field(description="The one in force, as it was read.")
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.type
class PrivacyMutations:
    @strawberry.mutation(
        graphql_type=result_of("RequestMyData", DataRequest),
        description="Have a copy of one's own data 个人信息副本 made; citizens, three a day.",
    )
    async def request_my_data(self, info: Info, input: MyDataInput) -> Row:
        context = info.context
        return await ask_for_copy(context.city, await context.actor(), context.command_of(input))

    @strawberry.mutation(
        graphql_type=result_of("DeleteMyAccount", DataRequest),
        description="Have one's account deleted 注销账号 in seven days; cases stay, without the person.",
    )
    async def delete_my_account(self, info: Info, input: MyDataInput) -> Row:
        context = info.context
        return await ask_for_deletion(context.city, await context.actor(), context.command_of(input))

    @strawberry.mutation(
        graphql_type=result_of("WithdrawAccountDeletion", DataRequest),
        description="Keep one's account after all 撤回注销.",
    )
    async def withdraw_account_deletion(self, info: Info, input: MyDataInput) -> Row:
        context = info.context
        return await withdraw_deletion(context.city, await context.actor())

    @strawberry.mutation(
        graphql_type=result_of("AgreeToPrivacy", PrivacyAgreement),
        description="Agree to the privacy notice 隐私政策 in force.",
    )
    async def agree_to_privacy(self, info: Info, input: AgreeToPrivacyInput) -> Row:
        context = info.context
        return await agree_to_privacy(context.city, await context.actor(), input.version, context.language)
