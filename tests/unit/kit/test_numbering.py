"""Numbers of a writer show what was taken away, and never miss what did not come to be."""

from __future__ import annotations

import os
from random import Random

import pytest

from city_core.kit.numbering import Numbered, Numbering, Run


def life(random: Random, count: int) -> list[Numbered]:
    """Write with many at once: some settle late, some never come to be; answers what is there."""
    numbering, open_, written = Numbering(), [], []
    for _ in range(count):
        open_.append(numbering.next())
        while open_ and random.random() < 0.5:
            taken = open_.pop(random.randrange(len(open_)))
            is_written = random.random() < 0.8
            numbering.settle(taken, is_written=is_written)
            written += [taken] if is_written else []
    return written


def lacking(found: list[Numbered]) -> int | None:
    run = Run()
    for taken in found:
        run.see(taken.number, taken.unsettled, taken.unwritten)
    return run.lacking()


@pytest.mark.parametrize("seed", range(40))
def test_nothing_lacks_unless_it_was_taken_away_and_that_is_named(seed: int) -> None:
    random = Random(seed)
    written = life(random, 60)
    random.shuffle(written)
    assert lacking(written) is None
    last = max(written, key=lambda taken: taken.number)
    for gone in written:
        left = [taken for taken in written if taken is not gone]
        if gone.number < last.number and gone.number not in last.unsettled:
            found = lacking(left)
            # What is gone may be the only one that told of a number before it that never came to be.
            assert found == gone.number or (found is not None and found in gone.unwritten)


def test_the_last_ones_are_missed_once_their_writer_goes_on() -> None:
    numbering = Numbering()
    first, second = numbering.next(), numbering.next()
    assert (second.number, second.unsettled, second.unwritten) == (2, (1,), ())
    numbering.settle(first, is_written=False)
    numbering.settle(second, is_written=True)
    third = numbering.next()
    assert (third.unsettled, third.unwritten) == ((), (1,))
    assert lacking([second, third]) is None and lacking([third]) == 2
    numbering.settle(third, is_written=True)
    assert numbering.next().unwritten == ()  # it was said for good


def test_a_process_that_is_forked_off_is_another_writer() -> None:
    numbering = Numbering()
    taken = numbering.next()
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        own = numbering.next()
        os.write(writing, f"{own.writer} {own.number}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    writer, number = os.read(reading, 200).decode().split()
    assert (writer != taken.writer, number) == (True, "1")
    numbering.settle(taken, is_written=True)
    assert numbering.next().number == 2
