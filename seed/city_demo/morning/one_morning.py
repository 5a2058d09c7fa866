"""Plays the morning: the shift signs in, the stories begin one after the other, the end is summed up."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from city_demo.announce import page_of_map
from city_demo.board import Board, Line, open_board
from city_demo.morning.crew import CHIEF, CLERK, DISPATCHER, KEEPER, KEEPER_OF_KEYS, LEADER, Crew, officers_of
from city_demo.morning.keeping import Kept, keep_copies
from city_demo.morning.looking import Looked, look_at_photos
from city_demo.morning.phones_summary import phones_summary
from city_demo.morning.photos_summary import photos_summary
from city_demo.morning.places.tour import tour_places
from city_demo.morning.stories import DEPARTMENTS, FIRST, GAO, LIN, NOBODY, STORIES, Story
from city_demo.morning.summary import summary_of
from city_demo.morning.twists import twists_of
from city_demo.morning.walk import Walk
from city_demo.morning.watch import MOVE_LIMIT_S, Stuck, Watch
from city_demo.phones import Hint, Hints, NoAnswer, Refused, Seat, demo_phone_of
from city_demo.phones.citizen import CodeReader, codes_in

BETWEEN_STORIES_S = 1.5
PACE_S = 0.4
MORNING_LIMIT_S = 240.0
_LOOKERS = (LEADER, CHIEF, DISPATCHER, CLERK)


async def play(
    api_base_url: str,
    fcm_url: str,
    *,
    code_reader: CodeReader | None = None,
    stories: Sequence[Story] = STORIES,
    pace_s: float = PACE_S,
    limit_s: float = MOVE_LIMIT_S,
) -> bool:
    """Play a morning in Zhangdian; true when every case came to the end that its story has."""
    read_code = code_reader or codes_in(_home() / "logs" / "api.log")
    async with AsyncExitStack() as stack:
        hints = await stack.enter_async_context(Hints(fcm_url))
        crew = await stack.enter_async_context(Crew(api_base_url, hints, read_code))
        board = stack.enter_context(open_board("张店的一个早晨 · A morning in Zhangdian"))
        board.say("交班 The shift signs in …")
        present = await _begin_shift(crew, stories)
        board.say(f"到岗 On duty: {present} people, each with a phone that receives pushes.")
        walks = await _walks(stories, crew, board, pace_s, limit_s)
        _show_pushes(hints, walks)
        problems = await _play_all(walks, pace_s)
        kept = None if problems else await _keep_copies(crew, board, walks, problems)
        looked, places = await _look_around(crew, board, walks, problems)
        told = [*phones_summary(walks, kept), *photos_summary(walks, looked), *places]
        board.show_result([*await summary_of(walks), *told, *_stuck(problems), _where_to_go_on(api_base_url)])
    return not problems


async def _begin_shift(crew: Crew, stories: Sequence[Story]) -> int:
    reporters = [story.reporter for story in stories if story.reporter != NOBODY]
    seats = [LEADER, CLERK, CHIEF, DISPATCHER, KEEPER, KEEPER_OF_KEYS]
    present = await crew.come_on_duty([*seats, LIN, GAO, *reporters, *officers_of(DEPARTMENTS)])
    for person_id in (LIN, GAO):
        await crew.keep_inbox_open(person_id)
    return present


async def _walks(
    stories: Sequence[Story], crew: Crew, board: Board, pace_s: float, limit_s: float
) -> list[Walk]:
    # A person has ten open connections at most: each of these seats looks on at a part of the cases.
    lookers = [await crew.phone(person_id, Seat) for person_id in _LOOKERS]
    watches = [
        Watch(
            Line(turn + 1, story.place, type_name=story.type_code or "待识别 not typed"),
            lookers[turn % len(lookers)], board.show, limit_s=limit_s,
        )
        for turn, story in enumerate(stories)
    ]  # fmt: skip
    twists = twists_of(stories, crew, watches)
    return [
        Walk(story, turn, crew, watch, twist, pace_s=pace_s)
        for turn, (story, watch, twist) in enumerate(zip(stories, watches, twists, strict=True))
    ]


def _show_pushes(hints: Hints, walks: Sequence[Walk]) -> None:
    """Note for each case how long after its report the first task was pushed to a phone."""

    def hear(hint: Hint) -> None:
        for walk in walks:
            if walk.watch.case_id == hint.case_id and hint.type == "TASK_ASSIGNED":
                walk.watch.pushed_at(hint.received_monotonic)

    hints.tell(hear)


async def _play_all(walks: Sequence[Walk], pace_s: float) -> list[str]:
    """Let the stories begin one after the other; gives a sentence for each that went wrong."""
    between_s = BETWEEN_STORIES_S if pace_s else 0.0

    async def one(turn: int, walk: Walk) -> str | None:
        # Machines begin halfway: what they hand in takes a while to be seen.
        turn = len(walks) // 2 if walk.story.reporter == NOBODY else turn
        await asyncio.sleep(turn * between_s)
        try:
            async with asyncio.timeout(MORNING_LIMIT_S):
                await walk.walk()
        except (Stuck, NoAnswer, Refused) as problem:
            sentence = walk.watch.sentence()
            return str(problem) if str(problem).startswith("Case") else f"{sentence}: {problem}"
        except TimeoutError:
            return f"{walk.watch.sentence()}: not over within {MORNING_LIMIT_S:.0f} s."
        if walk.watch.state != walk.story.ends:
            return f"{walk.watch.sentence()}: should have ended {walk.story.ends}."
        return None

    try:
        ends = await asyncio.gather(*(one(turn, walk) for turn, walk in enumerate(walks)))
        return [sentence for sentence in ends if sentence is not None]
    finally:
        await asyncio.gather(*(walk.watch.close() for walk in walks))


async def _keep_copies(crew: Crew, board: Board, walks: Sequence[Walk], problems: list[str]) -> Kept | None:
    """Have phones download their part of the city; adds a sentence for each copy that is not right."""
    board.say("同步 A phone downloads its part of the city …")
    try:
        kept = await keep_copies(crew, LIN, FIRST, await _who_is_at_work(walks))
    except (Stuck, NoAnswer, Refused) as problem:
        problems.append(f"The phones could not download their part of the city: {problem}")
        return None
    problems += [f"The copy is not what the list says: {which}." for which in kept.differs]
    return kept


async def _look_around(
    crew: Crew, board: Board, walks: Sequence[Walk], problems: list[str]
) -> tuple[Looked | None, list[str]]:
    """Have citizens look at photos, some of which are still being veiled, and others at places meanwhile."""
    if problems:
        return None, []
    board.say("隐私 Citizens look at the photos of their cases; 地点 others at the map and its registries …")
    looked, places = await asyncio.gather(
        _look_at_photos(crew, walks, problems), tour_places(crew, walks, problems)
    )
    return looked, places


async def _look_at_photos(crew: Crew, walks: Sequence[Walk], problems: list[str]) -> Looked | None:
    """Have citizens look at their photos; adds a sentence when they could not."""
    try:
        return await look_at_photos(crew, walks)
    except (Stuck, NoAnswer, Refused) as problem:
        problems.append(f"Citizens could not look at their photos: {problem}")
        return None


async def _who_is_at_work(walks: Sequence[Walk]) -> str | None:
    """Find an officer who still has a task when the morning is over."""
    working = (walk.watch for walk in walks if walk.watch.state == "IN_PROGRESS")
    watch = next(working, None)
    return await watch.assignee() if watch is not None else None


def _stuck(problems: Sequence[str]) -> list[str]:
    return [f"卡住 Stuck: {problem}" for problem in problems]


def _where_to_go_on(api_base_url: str) -> str:
    return f"地图 Map page: {page_of_map(api_base_url)}, to be signed in as {demo_phone_of(LEADER)} (leader)"


def _home() -> Path:
    """Find the folder of this trial city the way the launcher does, as its log is where codes are read."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--home", type=Path, default=Path(".local"))
    return Path(parser.parse_known_args()[0].home)
