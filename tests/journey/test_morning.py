"""The morning of the demo, played by the launcher in real processes, ends well and says so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from city_demo.embedded.ports import free_port
from city_demo.morning import play
from city_demo.morning.stories import STORIES
from city_demo.phones.citizen import codes_in
from tests.journey.paid import PULLS, dear_ones, paid_in
from tests.journey.running_city import FOREIGN, RunningCity

LIMIT_S = 240
LIVE_LIMIT_MS = 2_000  # on a machine that is busy with other tests


def test_the_morning_walks_every_case_to_the_end_of_its_story(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    ended = subprocess.run(
        [sys.executable, "-m", "city_demo.launch", "--home", str(tmp_path), "--exit-after-morning"],
        env={**environment, "PORT": str(free_port()), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    assert "卡住 Stuck" not in said
    assert f"案件 Cases: {len(STORIES)} of " in said
    assert (
        "已结案 closed 14, 已合并 merged 1, 不予立案 not filed 1, 已撤销 withdrawn 1, 处置中 being handled 1"
    ) in said
    assert re.search(rf"Report to push: p50 \d+ ms, max \d+ ms, {len(STORIES)} cases", said), said
    assert int(re.search(r"Steps on record: (\d+)", said)[1]) >= 10 * len(STORIES)  # type: ignore[index]
    for once in (
        "返工 rework",
        "照片被拒",
        "评价 rated",
        "采纳 taken",
        "未采纳 overruled",
        "taken over",
    ):
        assert once in said
    assert_the_rules_were_seen(said)
    assert_the_phones_got_through(said)
    assert_the_photos_were_judged(said)
    assert_places_were_shown(said)
    assert_the_limits_are_wide(tmp_path / "logs" / "api.log")


def assert_the_limits_are_wide(log: Path) -> None:
    """Of what the apps asked, nothing but the pulls of whole copies cost more than a quarter of its limit."""
    paid = paid_in(log)
    assert len(paid) > 60, "the apps used most of their operations"
    assert dear_ones(paid).keys() <= PULLS, dear_ones(paid)


def assert_places_were_shown(said: str) -> None:
    """A sign, the map, a census, a file, who is nearest and where one is: all were as they should be."""
    assert re.search(
        r"Signs: 2 made, printed as a PDF of \d+ KB; 1 scanned, \d+ points around "
        r"\([12] toilets, nearest \d+ m, \d open\); "
        r"reported from it with place and component filled in 1; forged refused 1\n",
        said,
    ), said
    drawn = re.search(
        r"Map: (\d+) cases in \d+ marks and clusters, (\d+) in the list; a tile of [\d,]+ bytes, "
        r"304 when asked again; a new report on the map (\d+) ms after it was sent, off it \d+ ms",
        said,
    )
    assert drawn is not None, said
    assert int(drawn[1]) == int(drawn[2]) == len(STORIES) - 1  # a merged one is not counted
    assert int(drawn[3]) <= LIVE_LIMIT_MS
    assert re.search(
        r"Census: 24 components of 12 types in 2 grids of Qinyuan; an inspector took a grid, "
        r"checked 11, added 1, retired 1: coverage 0% → 50%; not to be finished before",
        said,
    ), said
    assert re.search(
        r"Registries: 1,000 components as GeoJSON in [\d.]+ s: new 970, unchanged 0, refused 30 "
        r"\(wrong order 6, outside the country 6, code of another district 6, unknown type 6, "
        r"wrong datum 6\); "
        r"again: new 0, unchanged 970, refused 30; exported equal 970 of 970\n",
        said,
    ), said
    nearest = r"Nearest: 2 officers told where they are; nearest of \d+ to \d+: .+"
    assert re.search(nearest + r"; the officer who has it is no\. \d+ \(", said), said
    where = r"Where: 人民公园南门 \(GCJ02\) → grid \d{15} \(\w+\), .+ answering .+ inspectors on duty \d+; "
    assert re.search(where + "its report lies in the same grid; another city refused", said), said
    assert re.search(r"Map page: http://127\.0\.0\.1:\d+/map, to be signed in as \d{11}", said), said


def assert_the_photos_were_judged(said: str) -> None:
    """Advice was taken and changed, a false photo was found out, files were refused, copies were veiled."""
    advice = r"Advice before reports: 2 asked, 2 proposals within \d+ ms, taken over 1, changed 1\n"
    assert re.search(advice, said), said
    assert (
        "4 flags on an after-photo "
        "(SAME_PICTURE, TAKEN_BEFORE_DISPATCH, PLACE_DIFFERS, NOT_FROM_APP_CAMERA), "
        "checks failed 1, then passed 1; 3 hostile files refused "
        "(PHOTO_NOT_AN_IMAGE 1, PHOTO_TOO_COSTLY 1, PHOTO_DISGUISED 1), asked again 1"
    ) in said, said
    copies = re.search(
        r"(\d+) of \d+ public copies opened by link, (\d+) without metadata, (\d+) with veiled parts, "
        r"(\d+) forged links refused; 1 original read with a reason, 1 row in the record",
        said,
    )
    assert copies is not None, said
    opened, bare, veiled, forged = map(int, copies.groups())
    assert 0 < opened == bare == forged
    assert veiled > 0
    machines = re.search(
        r"40 frames of a camera \((\d+) kept, (\d+) thinned\) → 1 event of (\d+) sightings → 1 case; "
        r"8 frames of a flight, 8 looked at, \d+ finds, (\d+) events, \d+ dismissed",
        said,
    )
    assert machines is not None, said
    kept, thinned, sightings, events = map(int, machines.groups())
    assert kept + thinned == 40
    assert 2 <= sightings <= kept <= 11
    assert events >= 1


def assert_the_phones_got_through(said: str) -> None:
    """What was queued was done once, photos were resumed, a refusal told a colleague, copies are right."""
    networks = re.search(
        r"Phones on bad networks: 3 commands queued, sent again and out of order "
        r"\(APPLIED 2, HELD 1, DUPLICATE 3\), 3 carried out; 2 photos resumed (\d+) times \(2 stored\)",
        said,
    )
    assert networks is not None, said
    assert int(networks[1]) >= 4
    told = r"delivered 2, refused 1, colleagues told 1 \(after \d+ ms\), accepted 1\n"
    assert re.search(f"Messages acknowledged: {told}", said), said
    download = r"first download (\d+) documents, ([\d.]+) KB gzipped in 5 requests"
    copies = re.search(rf"{download}; (\d+) cases equal to the lists", said)
    assert copies is not None, said
    assert int(copies[1]) > 0 and int(copies[3]) >= 3
    assert 1 < float(copies[2]) <= 300
    for once in ("a photo resumed", "3 queued, 3 done once, 2 photos", "refused, a colleague told"):
        assert once in said


def assert_the_rules_were_seen(said: str) -> None:
    """The extension, the return, the merge, the escalation and the emergency stand on the board."""
    rules = re.search(
        r"Rules at work: 延期 extended 1, 回退 returned 1, 合并 merged 1, "
        r"预警 escalated (\d+), 平急转换 clocks switched (\d+)",
        said,
    )
    assert rules is not None, said
    assert int(rules[1]) >= 1
    assert int(rules[2]) >= 2
    assert re.search(r"extended by 1 work day: \d\d-\d\d \d\d:\d\d → \d\d-\d\d \d\d:\d\d", said), said
    assert re.search(r"\d similar, nearest \d+ m，已并入 merged into the first", said), said
    assert "2 reports in one case" in said
    assert re.search(r"unassigned: [2-9] people told", said), said
    assert "平急转换 on: 2 urgent hour → 30 urgent minute" in said
    assert "on/off: 2 urgent hour → 30 urgent minute → 2 urgent hour" in said


async def test_a_case_that_does_not_move_is_told_with_where_it_was_seen_last(
    running_city: RunningCity, capsys: pytest.CaptureFixture[str]
) -> None:
    running_city.jobs.kill()
    try:
        went_well = await play(
            running_city.url,
            running_city.fcm_url,
            code_reader=codes_in(running_city.api_log),
            stories=STORIES[:1],
            pace_s=0,
            limit_s=2,
        )
    finally:
        running_city.restart(running_city.jobs)
    assert not went_well
    [stuck] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("卡住 Stuck")]
    assert re.search(
        r"Case 1 人民公园南门, last seen REPORTED \(version \d+, .*waited 2 s for its next step", stuck
    )
