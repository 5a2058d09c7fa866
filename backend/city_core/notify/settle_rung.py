"""What became of something that a rung set out goes on record."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.notify.climbing import RungOutcome
from city_core.notify.deliver import COLLECTION


async def settle_rung(city: City, held: Claim, outcome: RungOutcome) -> None:
    """Note the outcome of a rung and take its work off the list, if it is still ours."""
    await city.database[COLLECTION].update_one(
        {"_id": held.owner_id, **held.filter},
        {
            "$set": {"rungs.$[rung].outcome": outcome.value},
            "$pull": {"work": {"key": held.key, "token": held.token}},
        },
        array_filters=[{"rung.step": held.input["step"]}],
    )


async def give_up_rung(city: City, held: Claim) -> bool:
    """Note that a rung has failed for good; the ones above it come all the same."""
    await settle_rung(city, held, RungOutcome.FAILED)
    return True
