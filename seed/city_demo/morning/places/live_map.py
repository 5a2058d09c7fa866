"""The one map 一张图: counted as the lists count, drawn as a tile, and live when something is reported."""

from __future__ import annotations

import math
import time

from city_demo.morning.crew import LEADER, Crew
from city_demo.morning.places.not_right import expect
from city_demo.morning.stories import THIRD
from city_demo.phones import CitizenPhone, Seat
from city_demo.phones.over_http import Way, way_of

_DISTRICT = {"west": 117.75, "south": 36.50, "east": 118.35, "north": 37.05}
_MIDDLE = (118.0250, 36.8190)
_PICTURE_ZOOM, _TILE_ZOOM = 11, 13
_LIMIT_S = 10.0
_WAIT_S = 5


async def look_at_map(crew: Crew) -> str:
    """Count the map against the list, load a tile, see a report come and go; gives the line of the result."""
    leader = await crew.phone(LEADER, Seat)
    drawn = await leader.ask("mapView", {"bounds": _DISTRICT, "zoom": _PICTURE_ZOOM})
    listed = (await leader.ask("cases", {"first": 1, "withTotal": True}))["total"]
    expect(drawn["total"] == listed, f"The map counts {drawn['total']} cases, the list {listed}.")
    async with way_of(leader) as way:
        tile = await way.get(_address_of_tile())
        again = await way.get_unless_same(_address_of_tile(), tile.headers["etag"])
        expect(again.status_code == 304, "A tile that is the same came once more.")
        shown_ms, gone_ms = await _see_a_report(way, await crew.phone(THIRD, CitizenPhone))
    pieces = len(drawn["clusters"]) + len(drawn["marks"])
    return (
        f"{drawn['total']} cases in {pieces} marks and clusters, {listed} in the list; "
        f"a tile of {len(tile.content):,} bytes, 304 when asked again; "
        f"a new report on the map {shown_ms} ms after it was sent, off it {gone_ms} ms after it was withdrawn"
    )


async def _see_a_report(way: Way, citizen: CitizenPhone) -> tuple[int, int]:
    """Report, wait until the map has it, withdraw, wait until it is gone; milliseconds from each tap."""
    checkpoint = (await way.get("/map/changes")).json()["checkpoint"]
    reported = time.monotonic()
    case = await citizen.report(_MIDDLE, type_code="E0110", description="地图演示，即刻撤回")
    checkpoint = await _changed(way, checkpoint, case["id"], is_gone=False)
    shown_ms = round((time.monotonic() - reported) * 1_000)
    withdrawn = time.monotonic()
    await citizen.cancel(case["id"], "演示上报，撤回")
    await _changed(way, checkpoint, case["id"], is_gone=True)
    return shown_ms, round((time.monotonic() - withdrawn) * 1_000)


async def _changed(way: Way, checkpoint: str, case_id: str, *, is_gone: bool) -> str:
    """Follow the changes as a page without sockets does, until they tell of a case; gives the checkpoint."""
    deadline = time.monotonic() + _LIMIT_S
    while time.monotonic() < deadline:
        changes = (await way.get("/map/changes", checkpoint=checkpoint)).json()
        checkpoint = changes["checkpoint"]
        if case_id in (changes["gone"] if is_gone else [row[0] for row in changes["cases"]]):
            return str(checkpoint)
        if not changes["hasMore"]:
            await way.get("/sync/wait", scopes="MAP", checkpoint=checkpoint, seconds=_WAIT_S)
    what = "was still on the map" if is_gone else "was not on the map"
    expect(False, f"A case {what} after {_LIMIT_S:.0f} s.")
    return checkpoint


def _address_of_tile() -> str:
    """Name the tile of the usual web grid in which Qinyuan lies."""
    lng, lat = _MIDDLE
    side = 2**_TILE_ZOOM
    column = int((lng + 180) / 360 * side)
    row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)
    return f"/map/tiles/{_TILE_ZOOM}/{column}/{row}.mvt"
