"""Schemathesis on the published schema: documents that are valid, and some that are not, as everybody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import schemathesis
from hypothesis.errors import InvalidArgument
from schemathesis import GenerationMode

from tests.attack.drawing import Examples, drawn
from tests.attack.findings import Report
from tests.attack.sending import Request, send_as_all
from tests.attack.town import Town
from tests.conftest import REPOSITORY

CHECK = "schemathesis"
_SDL = REPOSITORY / "mobile_contracts" / "schema.graphql"
# What ends a sign-in or an account is asked last, so that the rest is asked by people who are signed in.
LAST = ("signOut", "signOutEverywhere", "deleteMyAccount")


def documents(examples: Examples) -> Iterator[tuple[str, list[str]]]:
    """Give each root field with documents that ask for it, valid ones and as many with a fault."""
    schema = schemathesis.graphql.from_path(_SDL)
    names = [(kind, name) for kind in ("Query", "Mutation") for name in schema[kind]]
    names.sort(key=lambda one: one[1] in LAST)
    for kind, name in names[:: examples.every]:
        texts: list[str] = []
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            strategy = schema[kind][name].as_strategy(generation_mode=mode)
            try:
                texts += [case.body for case in drawn(strategy, examples.count, examples.seed)]
            except InvalidArgument:  # it takes nothing that could be wrong
                continue
        yield f"{kind}.{name}", list(dict.fromkeys(texts))


async def attack_with_documents(
    town: Town,
    report: Report,
    actors: Sequence[str],
    examples: Examples,
) -> None:
    """Send generated documents to the API that takes any, as everybody."""
    requests = (
        Request(name, json.dumps({"query": text}).encode(), text, text[:300])
        for name, texts in documents(examples)
        for text in texts
    )
    await send_as_all(town, town.development, report, CHECK, actors, requests)
