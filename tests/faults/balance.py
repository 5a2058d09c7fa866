"""The balance after a trial: what was told to the reporters against what the city holds."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from city_demo.fake_fcm.control import FcmControl
from city_demo.morning.crew import token_of
from tests.faults.besieged_city import BesiegedCity
from tests.faults.reporters import Book
from tests.faults.troubles import Blow

STEPS = ["SUBMIT", "ADMIT", "FILE", "DISPATCH"]
Row = dict[str, Any]


@dataclass
class Balance:
    """What was found; everything in `wrong` must be empty."""

    acknowledged: int
    given_up: int
    refused: int
    stored: int
    repeated: int
    pushed: int
    pushed_again: int
    wrong: dict[str, list[str]] = field(default_factory=dict)
    recoveries_s: list[tuple[str, float]] = field(default_factory=list)
    answers_s: list[float] = field(default_factory=list)

    @property
    def slowest_recovery_s(self) -> float:
        return max((seconds for _, seconds in self.recoveries_s), default=0.0)

    def lines(self) -> list[str]:
        """Say it in figures."""
        times = sorted(seconds for _, seconds in self.recoveries_s) or [0.0]
        answers = sorted(self.answers_s) or [0.0]
        p99 = answers[min(len(answers) - 1, int(len(answers) * 0.99))]
        return [
            f"so far in this city: acknowledged {self.acknowledged}, given up {self.given_up},"
            f" refused {self.refused}, sent again {self.repeated}, stored {self.stored}",
            f"answers: p50 {statistics.median(answers):.2f} s, p99 {p99:.2f} s, max {answers[-1]:.2f} s",
            f"silence after {len(self.recoveries_s)} blows:"
            f" p50 {statistics.median(times):.1f} s, max {times[-1]:.1f} s",
            *(
                f"  {what}: {' '.join(f'{s:.1f}' for w, s in self.recoveries_s if w == what)} s"
                for what in dict.fromkeys(what for what, _ in self.recoveries_s)
            ),
            f"hints pushed {self.pushed}, more often than asked for {self.pushed_again}",
            *(f"{what}: {len(found)} {found[:3]}" for what, found in self.wrong.items() if found),
        ]


def struck(balance: Balance, book: Book, blows: list[Blow], ended: float) -> None:
    """Note after each blow how long nobody heard anything, until the next blow or the end."""
    ends = [*(blow.at for blow in blows[1:]), ended]
    for blow, until in zip(blows, ends, strict=True):
        if blow.at < until:
            balance.recoveries_s.append((blow.what, book.longest_silence_s(blow.at, until)))


def drawn_up(city: BesiegedCity, book: Book) -> Balance:
    """Count everything; whoever was told that a report is in must find it there, once.

    To be asked once no work was left; since then the ladder may push again what nobody answers.
    """
    cases = list(city.database.cases.find({}))
    by_command = Counter(case["client_id"] for case in cases)
    ids = {case["client_id"]: case["_id"] for case in cases}
    messages = list(city.database.inbox_messages.find({}))
    sent = _hints_sent(city)
    balance = Balance(
        len(book.acknowledged), len(book.given_up), len(book.refused), len(cases), book.repeated,
        sum(sent.values()), sum(sent.values()) - sum(map(_rungs_pushed, messages)), answers_s=book.answers_s,
    )  # fmt: skip
    told = book.acknowledged
    balance.wrong = {
        "lost": [command for command, case_id in told.items() if ids.get(command) != case_id],
        "doubled": [command for command, times in by_command.items() if times > 1],
        "never asked for": [command for command in by_command if command not in told.keys() | book.given_up],
        "history with gaps": [case["_id"] for case in cases if not _is_gapless(case)],
        "steps": [f"{case['_id']} {_steps(case)}" for case in cases if _steps(case) != STEPS],
        "messages": _wrong_messages(cases, messages),
        "hints": _wrong_hints(messages, sent),
        "numbers": [number for number, times in _numbers(cases).items() if times > 1],
    }
    return balance


def _is_gapless(case: Row) -> bool:
    return [row["seq"] for row in case["history"]] == list(range(1, case["version"] + 1))


def _steps(case: Row) -> list[str]:
    """Name the steps; on a slow machine a case may pass its time, and that is on record too."""
    return [row["action"] for row in case["history"] if row["action"] != "ESCALATE"]


def _numbers(cases: list[Row]) -> Counter[str]:
    return Counter(str(case["number"]) for case in cases if case.get("number") is not None)


def _wrong_messages(cases: list[Row], messages: list[Row]) -> list[str]:
    """Every dispatched case has told its officer once, and there is no message about anything else."""
    asked = Counter((case["_id"], case["task"]["assignee_id"]) for case in cases if case["task"])
    told = Counter((row["case_id"], row["person_id"]) for row in messages if row["kind"] == "TASK_ASSIGNED")
    return [f"{key}: {told[key]} instead of {asked[key]}" for key in asked | told if asked[key] != told[key]]


def _hints_sent(city: BesiegedCity) -> Counter[tuple[str, str, str]]:
    """Count what reached the push service: a phone shows a hint of the same case and step once."""
    control = FcmControl(city.fcm_url)
    try:
        pushes = control.received()
    finally:
        control.close()
    return Counter((row["token"], row["data"]["id"], row["data"]["seq"]) for row in pushes)


def _wrong_hints(messages: list[Row], sent: Counter[Any]) -> list[str]:
    """Each rung that pushed is on record as delivered once, and reached the phone."""
    wrong = []
    for row in messages:
        outcomes = [push["outcome"] for push in row["pushes"]]
        waiting = sum(item["kind"] == "push" for item in row["work"])
        reached = sent[token_of(row["person_id"]), row["case_id"], str(row["seq"])]
        if len(outcomes) + waiting != _rungs_pushed(row) or set(outcomes) - {"DELIVERED"}:
            wrong.append(f"{row['_id']} {outcomes} after {_rungs_pushed(row)} rungs")
        if reached < len(outcomes):
            wrong.append(f"{row['_id']} {outcomes}, reached {reached}")
    return wrong


def _rungs_pushed(message: Row) -> int:
    """Count the pushes that the ladder of a message asked for: it pushes again what nobody answers."""
    return sum(rung["outcome"] == "PUSHED" for rung in message["rungs"])
