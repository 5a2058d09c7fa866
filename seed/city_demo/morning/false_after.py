"""An officer sends the photo of before once more as that of afterwards 虚假整改; the check sees it 取证."""

from __future__ import annotations

import asyncio
import hashlib
import time
from datetime import UTC, datetime, timedelta

from city_demo.morning.crew import CLERK, LEADER
from city_demo.morning.pictures import photo_of
from city_demo.morning.twist import Twist
from city_demo.morning.watch import Row, Stuck
from city_demo.phones import InspectorPhone, OfficerPhone, Seat
from city_demo.phones.album import open_link
from city_demo.phones.camera import Place, Shot, keep_again, take
from city_demo.phones.phone import fresh_id

_EARLIER = timedelta(hours=3)
_ELSEWHERE_DEGREES = 0.01  # some 900 m
_LIMIT_S = 30.0
_LOOK_EVERY_S = 0.2
_REASON = "处置后照片与上报照片疑似同一张，调阅原件核对"


class FalseAfterPhoto(Twist):
    """The first photo of afterwards is an old one and the check sends the case back; the second is true."""

    _before = b""
    _after = ""
    _turns = 0

    async def report(self, picture: bytes) -> Row:
        """Report with the camera of the app, which says when the photo was taken."""
        phone = await self.crew.phone(self.story.reporter, InspectorPhone)
        photo = fresh_id()
        self._before = await asyncio.to_thread(take, picture, Shot(_now(), media_id=photo))
        await phone.take_photo(self._before, media_id=photo)
        return await phone.report(self.story.point, photos=[photo], **self.story.details)

    async def act(self) -> bool:
        """Handle with a false photo, then with a true one; check by what the photos raise."""
        if self.watch.state == "IN_PROGRESS":
            await self._handle()
            return True
        if self.watch.state == "PENDING_CHECK":
            await self._check()
            return True
        return False

    async def _handle(self) -> None:
        officer = await self.crew.phone(await self.watch.assignee(), OfficerPhone)
        place = _place_of(await self.watch.sees(lambda _: True))
        self._turns += 1
        self._after = fresh_id()
        photo, said = await self._taken(place)
        await officer.take_photo(photo, media_id=self._after)
        handled = await officer.report_handled(
            self.watch.case_id, opinion="已清除小广告", said=[{"mediaId": self._after, **said}]
        )
        self.watch.learn(handled)

    async def _taken(self, place: Place) -> tuple[bytes, Row]:
        if self._turns == 1:
            elsewhere = (place[0] + _ELSEWHERE_DEGREES, place[1])
            old = Shot(_now() - _EARLIER, elsewhere)
            return await asyncio.to_thread(keep_again, self._before, old), {"takenWith": "GALLERY"}
        scene = photo_of(self.story.photo, 0, after=True)
        shot = Shot(_now(), place, self._after)
        return await asyncio.to_thread(take, scene, shot), {"role": "AFTER", "takenWith": "APP_CAMERA"}

    async def _check(self) -> None:
        inspector = await self.crew.phone(await self.asked(), InspectorPhone)
        flags = await self._flags(inspector)
        own = [kind for media_id, kind in flags if media_id == self._after]
        if self._turns == 1:
            await self._read_original()
        for kind in own:
            self.counts[kind] += 1
        photo = fresh_id()
        shot = Shot(_now(), media_id=photo)
        seen = await asyncio.to_thread(take, photo_of(self.story.photo, 0, after=not own), shot)
        await inspector.take_photo(seen, media_id=photo)
        judged = [{"mediaId": media_id, "flag": kind, "holds": True} for media_id, kind in flags]
        opinion = "核查通过，照片与现场一致" if not own else f"处置后照片存疑：{'、'.join(own)}，返工"
        checked = await inspector.check(
            self.watch.case_id, passed=not own, opinion=opinion, photos=[photo], judged=judged
        )
        self.counts["checks_failed" if own else "checks_passed"] += 1
        told = f"{len(own)} flags: check failed" if own else "second photo without flags: passed"
        self.watch.note(f"取证 {told}", is_kept=True)
        self.watch.learn(checked)

    async def _flags(self, inspector: InspectorPhone) -> list[tuple[str, str]]:
        """Wait until the photo of afterwards was weighed and compared; gives all flags of the case."""
        deadline = time.monotonic() + _LIMIT_S
        while time.monotonic() < deadline:
            case = await inspector.case(self.watch.case_id) or {"photos": []}
            worth = {row["mediaId"].replace("-", ""): row["evidence"] for row in case["photos"]}
            own = worth.get(self._after.replace("-", ""))
            if own is not None and own["similarity"] is not None:
                return self._listed(case)
            await asyncio.sleep(_LOOK_EVERY_S)
        raise Stuck(f"{self.watch.sentence()}: the photo was not weighed within {_LIMIT_S:.0f} s.")

    def _listed(self, case: Row) -> list[tuple[str, str]]:
        named = self._after.replace("-", "")
        return [
            (self._after if row["mediaId"].replace("-", "") == named else row["mediaId"], flag["kind"])
            for row in case["photos"]
            for flag in (row["evidence"] or {"flags": []})["flags"]
        ]

    async def _read_original(self) -> None:
        """Have a seat read the original, and the leader see in the record that it was read."""
        seat, leader = await self.crew.phone(CLERK, Seat), await self.crew.phone(LEADER, Seat)
        link = await seat.read_original(self._after, _REASON)
        answer = await open_link(link["url"])
        is_whole = answer.is_success and hashlib.sha256(answer.content).hexdigest() == link["sha256"]
        self.counts["originals"] += is_whole
        for row in await leader.readings_of(self._after):
            is_this = (row["personId"], row["reason"]) == (CLERK, _REASON) and row["openings"] == 1
            self.counts["readings"] += is_this


def _now() -> datetime:
    return datetime.now(UTC)


def _place_of(case: Row) -> Place:
    return case["place"]["wgs84Lng"], case["place"]["wgs84Lat"]
