"""The list of refusals is complete in both languages, and the code names only what is in the list."""

from __future__ import annotations

import re

from city_core.kit.problems import PROBLEM_KINDS
from tests.conftest import REPOSITORY

_CODE = re.compile(r"""(?:CityProblem\(\s*|problem\(\s*|Problem\(\s*code=)["']([A-Z_]+)["']""")


def test_every_kind_speaks_both_languages() -> None:
    for code, kind in PROBLEM_KINDS.items():
        assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", code)
        assert re.search(r"[\u4e00-\u9fff]", kind.zh), code
        assert kind.en.isascii() and kind.en.endswith("."), code
        assert 400 <= kind.http_status <= 503


def test_every_code_is_used_and_every_used_code_is_listed() -> None:
    texts = [
        path.read_text() for root in ("backend", "graphql") for path in (REPOSITORY / root).rglob("*.py")
    ]
    used = {code for text in texts for code in _CODE.findall(text)}
    assert used - set(PROBLEM_KINDS) == set()
    mentioned = "\n".join(text for text in texts if "_ROWS" not in text)
    assert {code for code in PROBLEM_KINDS if f'"{code}"' not in mentioned} == set()
