"""Another model is put in use while photos are looked at: it is taken up, and one that is broken is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from city_core.kit.city import City
from city_workers.detection.registry import ModelFiles, ModelProblem, Registry
from city_workers.detection.sight import Sights
from tests.waiting import until


class Watched(Registry):
    """A registry that counts how often a broken model was found in use."""

    refusals = 0

    def in_use(self) -> ModelFiles:
        try:
            return super().in_use()
        except ModelProblem:
            self.refusals += 1
            raise


@pytest.fixture
def registry(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "models")


@pytest.fixture
async def sights(city: City, registry: Registry) -> AsyncIterator[Sights]:
    settings = city.settings.model_copy(update={"detection_models": registry.folder})
    sights = Sights(settings, registry, look_seconds=0.02, pause_seconds=0.1)
    following = asyncio.create_task(sights.follow(city))
    yield sights
    assert not following.done()
    following.cancel()


async def test_the_model_put_in_use_looks_within_a_moment_and_the_one_before_comes_back(
    city: City, registry: Registry, sights: Sights
) -> None:
    first, *_, last = registry.versions()
    assert sights.now.model_version == registry.in_use().version == last
    began_with = sights.now
    registry.use(first, by="tests", why="trying out")
    await until(lambda: sights.now.model_version == first, "the other model")
    assert began_with.model_version == last, "who began with one ends with it"
    registry.roll_back(by="tests", why="tried out")
    await until(lambda: sights.now.model_version == last, "the first model again")

    async def both_are_noted() -> bool:
        return await city.database.detection_models.count_documents({"_id": {"$in": [first, last]}}) == 2

    await until(both_are_noted, "figures of both models on record")


async def test_a_broken_model_is_not_taken_up_until_it_is_mended(registry: Watched, sights: Sights) -> None:
    first, *_, last = registry.versions()
    registry.use(first, by="tests", why="brings its files here")
    await until(lambda: sights.now.model_version == first, "the other model")
    weights = registry.folder / last / "weights.onnx"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1])
    told = registry.folder / "registry.json"
    told.write_text(told.read_text().replace(f'"in_use": "{first}"', f'"in_use": "{last}"'))
    await until(lambda: registry.refusals > 1, "tries to open the broken model")
    assert sights.now.model_version == first
    weights.write_bytes(whole)
    await until(lambda: sights.now.model_version == last, "the mended model")
