"""A report comes with hostile files 恶意文件: each is refused with its reason, the report goes on."""

from __future__ import annotations

import asyncio
import time

from city_demo.morning.pictures import NOT_A_PHOTO, of_many_scans, photo_of, with_a_page
from city_demo.morning.twist import Twist
from city_demo.morning.watch import Row, Stuck
from city_demo.phones import Refused
from city_demo.phones.album import photos_of
from city_demo.phones.phone import fresh_id
from city_demo.phones.reporting import ReportingPhone

_SCANS = 20_000
_LIMIT_S = 15.0
_LOOK_EVERY_S = 0.1
_ASKED_AGAIN = "PHOTO_REFUSED"


class HostileFiles(Twist):
    """A text is refused at the door, a bomb and a photo with a page in it by whoever opens them."""

    _hostile: tuple[str, ...] = ()

    async def report(self, picture: bytes) -> Row:
        """Report with two files that are still to be sent, after the text that was tried first."""
        phone = await self.crew.phone(self.story.reporter, ReportingPhone)
        await self._try_a_text(phone)
        self._hostile = (fresh_id(), fresh_id())
        return await phone.report(self.story.point, photos=self._hostile, **self.story.details)

    async def act(self) -> bool:
        """Send the files; once both are refused, and the phone was told, send a photo."""
        if not self._hostile:
            return False
        phone = await self.crew.phone(self.story.reporter, ReportingPhone)
        bomb, page = self._hostile
        await phone.take_photo(await asyncio.to_thread(of_many_scans, _SCANS), media_id=bomb)
        await phone.take_photo(with_a_page(photo_of(self.story.photo, 0)), media_id=page)
        reasons = await self._refusals(phone)
        for reason in reasons:
            self.counts[reason] += 1
            self.counts["hostile"] += 1
        told = await self.crew.hints.first(self.watch.case_id, _ASKED_AGAIN, seconds=_LIMIT_S)
        self.counts["asked_again"] += told is not None
        self._hostile = ()
        photo = await phone.take_photo(photo_of(self.story.photo, 0))
        await phone.add_photos(self.watch.case_id, [photo])
        self.watch.note(f"照片被拒，已补拍 refused ({', '.join(reasons)}), another one sent", is_kept=True)
        return True

    async def _try_a_text(self, phone: ReportingPhone) -> None:
        try:
            await phone.take_photo(NOT_A_PHOTO)
        except Refused as refusal:
            if refusal.code != "PHOTO_NOT_AN_IMAGE":
                raise
            self.counts[refusal.code] += 1
            self.counts["hostile"] += 1
            return
        raise Stuck("A text named photo.jpg was taken for a photo.")

    async def _refusals(self, phone: ReportingPhone) -> list[str]:
        """Wait until each hostile file is refused; gives the reasons."""
        deadline = time.monotonic() + _LIMIT_S
        while time.monotonic() < deadline:
            rows = await photos_of(phone, self.watch.case_id)
            reasons = [row["refusal"] for row in rows if row["state"] == "REFUSED"]
            if len(reasons) == len(self._hostile):
                return reasons
            await asyncio.sleep(_LOOK_EVERY_S)
        raise Stuck(f"{self.watch.sentence()}: a hostile file was not refused within {_LIMIT_S:.0f} s.")
