"""Short codes of signs: what was mistyped or made up is refused, keys can be changed."""

from __future__ import annotations

import base64
import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from city_core.settings import Settings
from city_core.signs.codes import ALPHABET, LENGTH, in_groups, new_code, read_code, sign_keys
from tests.conftest import TOKEN_KEY

OLD, NEW = (base64.b64encode(hashlib.sha256(name).digest()).decode() for name in (b"old", b"new"))


def settings(**more: str) -> Settings:
    return Settings(token_private_key=TOKEN_KEY, **more)  # type: ignore[arg-type]


KEYS = sign_keys(settings(sign_key=NEW))
CODES = [new_code(KEYS) for _ in range(20)]


def test_a_code_is_twelve_characters_that_cannot_be_confused() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("01IO") & set(ALPHABET)
    for code in CODES:
        assert len(code) == LENGTH and set(code) <= set(ALPHABET)
        assert read_code(code, KEYS) == code
    assert len(set(CODES)) == len(CODES)


@pytest.mark.parametrize("turn", range(3))
def test_it_is_read_however_it_is_typed(turn: int) -> None:
    code = CODES[turn]
    shown = in_groups(code)
    assert [len(group) for group in shown.split("-")] == [4, 4, 4]
    for typed in (shown, shown.lower(), f" {shown} ", code, shown.replace("-", " ")):
        assert read_code(typed, KEYS) == code


@pytest.mark.parametrize("turn", range(3))
def test_every_single_typing_mistake_is_found(turn: int) -> None:
    code = CODES[turn]
    for place, character in itertools.product(range(LENGTH), ALPHABET):
        wrong = code[:place] + character + code[place + 1 :]
        assert (read_code(wrong, KEYS) is not None) == (wrong == code)
    for place in range(LENGTH - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert (read_code(swapped, KEYS) is not None) == (swapped == code)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_refused_and_never_breaks(text: str) -> None:
    assert read_code(text, KEYS) is None


@given(st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_a_made_up_code_is_refused(code: str) -> None:
    assert read_code(code, KEYS) is None


def test_the_key_before_stays_good_and_any_other_does_not() -> None:
    old = new_code(sign_keys(settings(sign_key=OLD)))
    rotated = sign_keys(settings(sign_key=NEW, sign_key_before=OLD))
    assert read_code(old, rotated) == old
    assert read_code(new_code(rotated), KEYS) is not None
    assert read_code(old, KEYS) is None


def test_without_a_key_one_is_derived_and_stays_good_when_a_key_is_set() -> None:
    code = new_code(sign_keys(settings()))
    assert read_code(code, KEYS) == code
    assert read_code(code, [bytes(32)]) is None


@pytest.mark.parametrize("name", ["sign_key", "sign_key_before"])
@pytest.mark.parametrize("weak", ["short", "c2hvcnQ=", base64.b64encode(b"a" * 32).decode(), "ä" * 44])
def test_a_weak_key_is_no_key(name: str, weak: str) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(**{name: weak})
    assert weak not in str(refused.value)


@pytest.mark.parametrize(
    "link",
    ["yiwang://report", "javascript:alert('{code}')", "javascript:{code}", "report?{code}", "a:{code}{code}"],
)
def test_a_link_that_leads_to_no_app_is_refused(link: str) -> None:
    with pytest.raises(ValidationError):
        settings(sign_app_link=link)
