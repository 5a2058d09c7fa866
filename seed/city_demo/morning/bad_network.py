"""Phones without a network 弱网: a queue is handed over out of order and again, photos come in pieces."""

from __future__ import annotations

from uuid import UUID

from city_demo.morning.pictures import photo_of
from city_demo.morning.twist import Twist
from city_demo.morning.watch import Row, Stuck
from city_demo.phones import InspectorPhone, OfficerPhone, Phone
from city_demo.phones.bad_link import BadLink
from city_demo.phones.offline import Queue
from city_demo.phones.phone import fresh_id
from city_demo.phones.pieces import Pieces

_BREAKS_AFTER_BYTES = 40_000
_WAKING_LIMIT_S = 6.0
_CHECKED = frozenset({"PENDING_CHECK", "PENDING_CLOSING", "CLOSED"})
_ONCE = ("SUBMIT", "ACCEPT", "REPORT_HANDLED")


class BadNetwork(Twist):
    """The report and the handling are queued offline; the link that comes back breaks again and again."""

    _photos: tuple[str, ...] = ()
    _unsent: bytes | None = None
    _is_counted = False

    async def report(self, picture: bytes) -> Row:
        """Hand over the queued report; its first answer is lost, so the phone sends it again by itself."""
        phone = await self.crew.phone(self.story.reporter, InspectorPhone)
        queue, photo = Queue(phone), fresh_id()
        given = phone.report_of(self.story.point, photos=[photo], **self.story.details)
        queue.put("submitReport", minutes_ago=50, **given)
        self.counts["queued"] += 1
        async with BadLink(phone.api_url) as link:
            link.lose_answers = 1
            with phone.reaching_the_city_at(link.url):
                [outcome] = self._count(await queue.hand_over(1))
        self._unsent, self._photos = picture, (photo,)
        return dict(await phone.case(outcome["case"]["id"]) or {})

    async def act(self) -> bool:
        """Send the photo after its report; later handle the case offline; at last look at the case."""
        if self._unsent is not None:
            photo, self._unsent = self._unsent, None
            reporter = await self.crew.phone(self.story.reporter, InspectorPhone)
            await self._send_in_pieces(reporter, self._photos[0], photo)
        if self.watch.state == "DISPATCHED" and self.counts["queued"] == 1:
            await self._handle_offline()
            return True
        if self.watch.state in _CHECKED and not self._is_counted:
            await self._look()
        return False

    async def _handle_offline(self) -> None:
        """Accept and handle without a network; hand over the later step first, then both, then both again."""
        person_id, seq = await self.watch.task()
        await self.crew.is_woken(person_id, self.watch.case_id, seq, _WAKING_LIMIT_S)
        officer = await self.crew.phone(person_id, OfficerPhone)
        queue, photo = Queue(officer), fresh_id()
        case_id, seen = self.watch.case_id, self.watch.version
        accept = queue.put("acceptTask", minutes_ago=40, base_version=seen, caseId=case_id)
        handle = queue.put(
            "reportHandled", minutes_ago=10, base_version=seen, caseId=case_id,
            opinion="已清运，离线登记", mediaIds=[photo],
        )  # fmt: skip
        self.counts["queued"] += 2
        for numbers in ((handle,), (handle, accept), (accept, handle)):
            outcomes = self._count(await queue.hand_over(*numbers))
        self._photos += (photo,)
        await self._send_in_pieces(officer, photo, photo_of(self.story.photo, 0, after=True))
        self.watch.learn(outcomes[-1]["case"])

    def _count(self, outcomes: list[Row]) -> list[Row]:
        for outcome in outcomes:
            self.counts[outcome["status"]] += 1
            if outcome["problem"] is not None:
                raise Stuck(f"{self.watch.sentence()}: a queued command was refused: {outcome['problem']}")
        return outcomes

    async def _send_in_pieces(self, phone: Phone, media_id: str, photo: bytes) -> None:
        async with BadLink(phone.api_url, cut_after_bytes=_BREAKS_AFTER_BYTES) as link:
            pieces = Pieces(phone, media_id, photo, url=link.url)
            await pieces.send()
        self.counts["photos"] += 1
        self.counts["resumed"] += pieces.resumed
        self.watch.note(f"照片分片续传 a photo resumed {pieces.resumed} times")

    async def _look(self) -> None:
        """Count what the case shows: each command as one step, each photo once."""
        case = await self.watch.sees(lambda _: True)
        self._is_counted = True
        done = [row["action"] for row in case["history"]]
        self.counts["steps"] += sum(done.count(action) == 1 for action in _ONCE)
        self.counts["stored"] += len(self._stored(case))
        told = f"{self.counts['queued']} queued, {self.counts['steps']} done once"
        photos = f"{self.counts['photos']} photos resumed {self.counts['resumed']} times"
        self.watch.note(f"弱网离线补传 {told}, {photos}", is_kept=True)

    def _stored(self, case: Row) -> list[Row]:
        sent = {UUID(photo) for photo in self._photos}
        return [row for row in case["photos"] if UUID(row["mediaId"]) in sent and row["state"]]
