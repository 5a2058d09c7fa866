"""The steps between the levels, one mutation each."""

from __future__ import annotations

import strawberry

from city_api.cases.inputs import OpinionInput
from city_api.cases.steps import step, take
from city_api.context import Info
from city_core.cases.levels.downgrade import downgrade_case
from city_core.cases.levels.upgrade import upgrade_case
from city_core.kit.mongo import Row


@strawberry.type
class LevelMutations:
    @step("UpgradeCase", "Pass a case up a level 上报上级, with the reason.")
    async def upgrade_case(self, info: Info, input: OpinionInput) -> Row:
        return await take(upgrade_case, info, input, opinion=input.opinion)

    @step("DowngradeCase", "Pass a case down a level 下派下级, with the reason.")
    async def downgrade_case(self, info: Info, input: OpinionInput) -> Row:
        return await take(downgrade_case, info, input, opinion=input.opinion)
