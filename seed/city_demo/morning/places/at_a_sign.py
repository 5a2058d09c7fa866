"""A report that begins at a QR sign 标牌: a seat made it, a citizen scans it and sees what is around."""

from __future__ import annotations

from city_demo.morning.crew import CLERK
from city_demo.morning.twist import Twist
from city_demo.morning.watch import Row, Stuck
from city_demo.phones import CitizenPhone, Refused, Seat
from city_demo.phones.over_http import Way, way_of
from city_demo.phones.phone import fresh_id

_COVERS = ["C0101", "C0102", "C0103", "C0104", "C0105", "C0107"]
_WITHIN_M = 1_000
_BUS_STOP = {"lng": 118.0190, "lat": 36.8195, "source": "MAP_PICK"}
_JSON = "application/json"
_ADDRESS = "沁园社区北侧道路井盖旁"
# What comes after each of these in the alphabet of codes is another letter: the signature no longer fits.
_FORGED = {"A": "B"}


class AtASign(Twist):
    """The place, the component and the address of the report are the sign's."""

    async def report(self, picture: bytes) -> Row:
        """Have signs made, scan one by both ways, try a forged one, and report from the sign."""
        seat = await self.crew.phone(CLERK, Seat)
        cover = await self._cover(seat)
        sign, _ = await self._make(seat, cover["code"])
        phone = await self.crew.phone(self.story.reporter, CitizenPhone)
        scanned = dict(await phone.ask("sign", {"code": sign["code"]}) or {})
        async with way_of(phone, signed_in=False) as way:
            page = (await way.get(f"/s/{sign['code']}", accept=_JSON)).json()
            await self._scan_a_forged(way, phone, sign["code"])
        ids = [row["id"] for row in scanned["around"]]
        self.counts["scanned"] += ids == [row["id"] for row in page["around"]]
        self._look_around(scanned["around"])
        return await self._report(phone, scanned["draft"], picture)

    async def _cover(self, seat: Seat) -> Row:
        lng, lat = self.story.point
        wanted = {"typeCodes": _COVERS, "withinM": _WITHIN_M, "first": 1}
        near = await seat.ask("nearbyComponents", {"point": {"lng": lng, "lat": lat}, **wanted})
        if not near:
            raise Stuck(f"{self.watch.sentence()}: no manhole cover is on record within {_WITHIN_M} m.")
        return dict(near[0])

    async def _make(self, seat: Seat, component_code: str) -> list[Row]:
        wanted = [
            {"componentCode": component_code, "address": _ADDRESS},
            {"place": _BUS_STOP, "name": "沁园社区公交站"},
        ]
        made = (await seat.send("makeSigns", {"clientId": fresh_id(), "signs": wanted}))["signs"]
        self.counts["signs"] += len(made)
        async with way_of(seat) as way:
            sheet = await way.get("/signs/sheet.pdf", ids=",".join(sign["id"] for sign in made))
        self.counts["sheet_bytes"] += len(sheet.content)
        return list(made)

    async def _scan_a_forged(self, way: Way, phone: CitizenPhone, code: str) -> None:
        forged = code[:-1] + _FORGED.get(code[-1], "A")
        try:
            await way.get(f"/s/{forged}", accept=_JSON)
        except Refused as refusal:
            by_app = await phone.ask("sign", {"code": forged})
            self.counts["forged"] += refusal.code == "SIGN_UNKNOWN" and by_app is None

    def _look_around(self, around: list[Row]) -> None:
        toilets = [row for row in around if row["layer"] == "toilet"]
        self.counts["toilets"] += len(toilets)
        self.counts["open_toilets"] += sum(bool(row["isOpen"]) for row in toilets)
        self.counts["around"] += len(around)
        if toilets:
            self.counts["toilet_m"] = round(min(row["distanceM"] for row in toilets))
        told = [
            f"{round(row['distanceM'])} m {'开放 open' if row['isOpen'] else '未开放 closed'}"
            for row in toilets
        ]
        self.watch.note(f"扫码 scanned a sign, 公厕 toilets: {', '.join(told) or 'none'}", is_kept=True)

    async def _report(self, phone: CitizenPhone, draft: Row, picture: bytes) -> Row:
        photo = await phone.take_photo(picture)
        details = {**self.story.details, "address": ""}
        point = (draft["lng"], draft["lat"])
        given = phone.report_of(point, photos=[photo], **{**details, "datum": draft["datum"]})
        given |= {"clientId": fresh_id(), "signCode": draft["signCode"]}
        case = dict(await phone.send("submitReport", given))
        component = (await phone.look("CaseComponent", case["id"]))["component"] or {}
        place = (await phone.case(case["id"]) or {})["place"]
        self.counts["filled_in"] += (
            component.get("code") == draft["componentCode"] and place["address"] == _ADDRESS
        )
        return case
