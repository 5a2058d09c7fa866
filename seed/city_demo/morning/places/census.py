"""A census of components 专项普查: planned by a leader, a grid of it done by an inspector."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from city_demo.morning.crew import LEADER, Crew
from city_demo.morning.pictures import photo_of
from city_demo.morning.places.not_right import expect
from city_demo.morning.places.registry_file import TYPE as TYPE_OF_THE_FILE
from city_demo.morning.stories import GAO
from city_demo.phones import InspectorPhone, Refused, Seat
from city_demo.phones.copies import Copy
from city_demo.phones.phone import Row, fresh_id

QINYUAN = "370303002005"
_BEIJING = timezone(timedelta(hours=8))
_WEEK = timedelta(days=6)


async def take_census(crew: Crew) -> str:
    """Plan a census of Qinyuan community, do one of its grids, end it; gives the line of the result."""
    leader = await crew.phone(LEADER, Seat)
    inspector = await crew.phone(GAO, InspectorPhone)
    copy = Copy(inspector, "pullComponents")
    await copy.pull()
    standing = {code: row["component"] for code, row in copy.documents.items()}
    types = sorted({row["typeCode"] for row in standing.values()} - {TYPE_OF_THE_FILE})
    campaign_id = await _plan(leader, types)
    before = await _coverage(leader, campaign_id)
    task = await _take(inspector, campaign_id)
    codes = sorted(
        code for code, row in standing.items()
        if row["gridCode"] in task["unitGridCodes"] and row["typeCode"] in types
    )  # fmt: skip
    early = await _finish(inspector, task)
    checked = await _walk(inspector, {code: standing[code] for code in codes})
    done = await _finish(inspector, task)
    after = await _coverage(leader, campaign_id)
    await leader.send("endCampaign", {"clientId": fresh_id(), "campaignId": campaign_id})
    expect(early == "CENSUS_NOT_DONE" and done == "", f"A census task ended {early}, then {done}.")
    deeds = f"{after['added']} added, {after['retired']} retired"
    expect(after["added"] == after["retired"] == 1, f"A census counts {deeds}, where it was one of each.")
    return (
        f"{before['known']} components of {len(types)} types in {before['grids']} grids of Qinyuan; "
        f"an inspector took a grid, checked {checked}, added {after['added']}, retired {after['retired']}: "
        f"coverage {_percent(before)} → {_percent(after)}; not to be finished before that (CENSUS_NOT_DONE)"
    )


async def _plan(leader: Seat, types: list[str]) -> str:
    today = datetime.now(UTC).astimezone(_BEIJING).date()
    planned = await leader.send(
        "planCampaign",
        {
            "clientId": fresh_id(), "name": f"沁园社区部件普查{today:%m%d}", "goal": "CHECK_ALL",
            "typeCodes": types, "areaCodes": [QINYUAN], **_days(today),
        },
    )  # fmt: skip
    return str(planned["id"])


def _days(today: date) -> Row:
    return {"fromDay": today.isoformat(), "toDay": (today + _WEEK).isoformat()}


async def _coverage(leader: Seat, campaign_id: str) -> Row:
    """Add up how far the grids of a census are."""
    grids = (await leader.ask("campaign", {"id": campaign_id}))["grids"]
    names = ("known", "checked", "added", "retired")
    return {"grids": len(grids), **{name: sum(row["coverage"][name] for row in grids) for name in names}}


async def _take(inspector: InspectorPhone, campaign_id: str) -> Row:
    tasks = await inspector.ask("myCensusTasks", {})
    mine = [row for row in tasks if row["campaignId"] == campaign_id]
    expect(bool(mine), "No task of a census reached the inspector of its grids.")
    given = {"clientId": fresh_id(), "campaignId": campaign_id, "gridId": mine[0]["gridId"]}
    return dict(await inspector.send("assignCensusTask", given))


async def _finish(inspector: InspectorPhone, task: Row) -> str:
    """Say that a grid is done; gives the code of the refusal, nothing when it was taken."""
    given = {"clientId": fresh_id(), "campaignId": task["campaignId"], "gridId": task["gridId"]}
    try:
        await inspector.send("finishCensusTask", given)
    except Refused as refusal:
        return refusal.code
    return ""


async def _walk(inspector: InspectorPhone, standing: dict[str, Row]) -> int:
    """Check everything in a grid but its last component, which is gone; where it stood there is another."""
    *there, gone = standing
    for code in there:
        given = {"clientId": fresh_id(), "componentCode": code, "state": standing[code]["state"]}
        await inspector.send("checkComponent", given)
    was = standing[gone]
    reason = {"state": "REMOVED", "reason": "已拆除，原址另设新部件"}
    await inspector.send("retireComponent", {"clientId": fresh_id(), "componentCode": gone, **reason})
    photo = await inspector.take_photo(photo_of("exposed_garbage", 0, after=True))
    point = {"lng": was["lng"], "lat": was["lat"], "accuracyM": 5.0}
    added = {"typeCode": was["typeCode"], "point": point, "mediaIds": [photo], "note": "普查新增"}
    await inspector.send("addComponent", {"clientId": fresh_id(), **added})
    return len(there)


def _percent(coverage: Row) -> str:
    return f"{coverage['checked'] / coverage['known']:.0%}" if coverage["known"] else "100%"
