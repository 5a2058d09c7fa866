"""Photos that wait are looked at together; none of them spoils the look of another."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import numpy as np
import pytest

from city_workers.detection.batches import Batches, TurnLost
from city_workers.detection.engines.finds import Box
from city_workers.detection.engines.pictures import Prepared, UnreadablePicture


class Model:
    """Names what it is shown; falls over a picture of 13, and waits while it is held."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.has_begun = threading.Event()

    def prepared(self, jpeg_bytes: bytes) -> Prepared:
        if not jpeg_bytes:
            raise UnreadablePicture("empty")
        return Prepared(np.full((3, 32, 32), jpeg_bytes[0], np.float32), 1, 0, 0, 32, 32)

    def look_at_all(self, pictures: Sequence[Prepared]) -> list[list[Box]]:
        self.has_begun.set()
        self.may_go_on.wait(10)
        numbers = [int(picture.values[0, 0, 0]) for picture in pictures]
        self.batches.append(numbers)
        if 13 in numbers:
            raise RuntimeError("this picture is too much")
        return [[Box(str(number), 1, 0, 0, 1, 1)] for number in numbers]


def never() -> None:
    raise AssertionError("nothing hangs")


async def yes() -> bool:
    return True


async def held(model: Model, batches: Batches) -> asyncio.Task[list[Box]]:
    """Keep the model busy with photo 1, so that others have to wait."""
    model.may_go_on.clear()
    first = asyncio.create_task(batches.look(b"\x01"))
    await asyncio.to_thread(model.has_begun.wait, 10)
    return first


async def test_what_waits_is_looked_at_together_phones_before_machines() -> None:
    model = Model()
    batches = Batches(model, most=4, on_hang=never)
    waiting = [await held(model, batches)]
    waiting += [asyncio.create_task(batches.look(bytes([n]), is_of_machine=True)) for n in (20, 21, 22)]
    waiting += [asyncio.create_task(batches.look(bytes([n]))) for n in (2, 3)]
    await asyncio.sleep(0)
    model.may_go_on.set()
    found = await asyncio.gather(*waiting)
    assert model.batches == [[1], [2, 3, 20, 21], [22]]
    assert [boxes[0].label for boxes in found] == ["1", "20", "21", "22", "2", "3"]


async def test_one_bad_picture_spoils_no_other() -> None:
    model = Model()
    batches = Batches(model, on_hang=never)
    waiting = [await held(model, batches)]
    waiting += [asyncio.create_task(batches.look(data)) for data in (b"\x05", b"\x0d", b"", b"\x06")]
    await asyncio.sleep(0)
    model.may_go_on.set()
    _, five, bad, empty, six = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(bad, RuntimeError) and isinstance(empty, UnreadablePicture)
    assert isinstance(five, list) and isinstance(six, list)
    assert [five[0].label, six[0].label] == ["5", "6"]


async def test_suspects_are_looked_at_alone_when_they_may_take_their_turn() -> None:
    async def no() -> bool:
        return False

    model = Model()
    batches = Batches(model, on_hang=never)
    waiting = [await held(model, batches)]
    waiting += [asyncio.create_task(batches.look_alone(b"\x07", yes))]
    waiting += [asyncio.create_task(batches.look_alone(b"\x08", no))]
    waiting += [asyncio.create_task(batches.look(bytes([n]))) for n in (2, 3)]
    await asyncio.sleep(0)
    model.may_go_on.set()
    _, seven, eight, *_ = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(eight, TurnLost)
    assert isinstance(seven, list) and seven[0].label == "7"
    assert model.batches == [[1], [7], [2, 3]]


async def test_a_model_that_hangs_is_told_of() -> None:
    model, hung = Model(), asyncio.Event()
    batches = Batches(model, longest_run_seconds=0.05, on_hang=hung.set)
    waiting = await held(model, batches)
    await asyncio.wait_for(hung.wait(), 10)
    model.may_go_on.set()
    assert (await waiting)[0].label == "1"


@pytest.mark.parametrize("count", [1, 3, 20])
async def test_everybody_is_answered_once(count: int) -> None:
    model = Model()
    batches = Batches(model, on_hang=never)
    found = await asyncio.gather(*(batches.look(bytes([20 + n])) for n in range(count)))
    assert [boxes[0].label for boxes in found] == [str(20 + n) for n in range(count)]
    assert sum(map(len, model.batches)) == count and max(map(len, model.batches)) <= 8
