"""A phone asks what is in its photo before it reports 拍照识别: the form is filled in, the person decides."""

from __future__ import annotations

import time

from city_demo.morning.twist import Twist
from city_demo.morning.watch import Row
from city_demo.phones.reporting import ReportingPhone

_LIMIT_S = 15.0


class AsksFirst(Twist):
    """What is proposed is taken where it is what the reporter means, else the reporter's own type is sent."""

    async def report(self, picture: bytes) -> Row:
        """Send the photo, see what is proposed, and report."""
        phone = await self.crew.phone(self.story.reporter, ReportingPhone)
        photo = await phone.take_photo(picture)
        sent = time.monotonic()
        proposal = (await phone.photo_advice(photo, _LIMIT_S))["proposal"]
        details = dict(self.story.details)
        self.counts["asked"] += 1
        if proposal is None:
            self.watch.note("拍照识别无建议 nothing was proposed", is_kept=True)
        else:
            self.counts["proposed"] += 1
            waited_ms = round((time.monotonic() - sent) * 1000)
            self.counts["advice_ms"] = max(self.counts["advice_ms"], waited_ms)
            details |= self._filled_in(proposal, waited_ms)
        return await phone.report(self.story.point, photos=[photo], **details)

    def _filled_in(self, proposal: Row, waited_ms: int) -> Row:
        """Give what of the proposal stays in the form."""
        is_taken = proposal["typeCode"] == self.story.type_code
        self.counts["taken_over" if is_taken else "overruled"] += 1
        words = "采纳 taken over" if is_taken else f"改为 changed to {self.story.type_code}"
        proposed = f"{proposal['typeCode']} {proposal['confidence']:.0%}"
        self.watch.note(f"上报前识别 proposed {proposed} in {waited_ms} ms, {words}", is_kept=True)
        if not is_taken:
            return {}
        return {"type_code": proposal["typeCode"], "condition_id": proposal["conditionId"]}
