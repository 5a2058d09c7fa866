"""Which twist each story of the morning has, by its name in the stories."""

from __future__ import annotations

from collections.abc import Sequence

from city_demo.morning.asking_first import AsksFirst
from city_demo.morning.bad_network import BadNetwork
from city_demo.morning.city_eye import CityEye
from city_demo.morning.crew import Crew
from city_demo.morning.emergency import Emergency
from city_demo.morning.extension import Extension
from city_demo.morning.false_after import FalseAfterPhoto
from city_demo.morning.hostile import HostileFiles
from city_demo.morning.merging import Duplicate, Original, Pair
from city_demo.morning.nobody import NobodyThere
from city_demo.morning.places.at_a_sign import AtASign
from city_demo.morning.refusing import Refusing
from city_demo.morning.stories import Story
from city_demo.morning.twist import Twist
from city_demo.morning.watch import Watch

_ALONE: dict[str | None, type[Twist]] = {
    None: Twist,
    "extension": Extension,
    "nobody is there": NobodyThere,
    "emergency": Emergency,
    "bad network": BadNetwork,
    "is refused": Refusing,
    "asks first": AsksFirst,
    "hostile files": HostileFiles,
    "false after-photo": FalseAfterPhoto,
    "city eye": CityEye,
    "at a sign": AtASign,
}
_IN_PAIRS: dict[str, type[Original] | type[Duplicate]] = {
    "takes a duplicate in": Original,
    "is a duplicate": Duplicate,
}


def twists_of(stories: Sequence[Story], crew: Crew, watches: Sequence[Watch]) -> list[Twist]:
    """Give every story its twist; one whose other half is not played goes the plain way."""
    pair = Pair()
    is_paired = {story.twist for story in stories} >= _IN_PAIRS.keys()

    def twist_of(story: Story, watch: Watch) -> Twist:
        if story.twist in _IN_PAIRS:
            paired = _IN_PAIRS[story.twist]
            return paired(story, crew, watch, pair) if is_paired else Twist(story, crew, watch)
        return _ALONE[story.twist](story, crew, watch)

    return [twist_of(story, watch) for story, watch in zip(stories, watches, strict=True)]
