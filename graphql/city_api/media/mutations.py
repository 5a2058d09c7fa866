"""Being allowed to upload, and to read originals."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.media.bodies import checked_sha256
from city_api.media.inputs import AllowUploadInput, ReadOriginalInput
from city_api.media.types import AllowedUpload as AllowedUploadType
from city_api.media.types import OriginalLink as OriginalLinkType
from city_api.results import result_of
from city_core.cases.originals.read_original import OriginalLink, read_original
from city_core.media.allow_upload import AllowedUpload, allow_upload
from city_core.media.begin_upload import UploadPlan


@strawberry.type
class MediaMutations:
    @strawberry.mutation(
        graphql_type=result_of("AllowUpload", AllowedUploadType),
        description="Be given a token for the bytes of one photo, good for days without a sign-in.",
    )
    async def allow_upload(self, info: Info, input: AllowUploadInput) -> AllowedUpload:
        sha256 = checked_sha256(input.sha256, "sha256") if input.sha256 else None
        plan = UploadPlan(input.media_id, input.size_bytes, sha256)
        return await allow_upload(info.context.city, await info.context.actor(), plan)

    @strawberry.mutation(
        graphql_type=result_of("ReadOriginal", OriginalLinkType),
        description="Be given a link to the original 原件 of a photo, for a reason that is put on record.",
    )
    async def read_original(self, info: Info, input: ReadOriginalInput) -> OriginalLink:
        context = info.context
        return await read_original(
            context.city,
            await context.actor(),
            input.media_id,
            context.command_of(input),
            reason=input.reason,
            address=context.address,
        )
