"""Draws a part of the map for whoever asks: what is theirs to see, clustered as the zoom asks for."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.kit.city import City
from city_core.map.cases import draw_cases, types_asked
from city_core.map.checks import checked_filter
from city_core.map.picture import MOST_FEATURES, MapFilter, MapPicture, Subject, checked_zoom
from city_core.map.places import draw_components, draw_points
from city_core.people.roles import Actor
from city_core.places.cells import Box


async def draw(city: City, actor: Actor, box: Box, zoom: int, wanted: MapFilter) -> MapPicture:
    """Draw what somebody may see of a box: every subject has its share of the marks of one picture."""
    checked_zoom(zoom)
    checked_filter(wanted)
    pictures: list[MapPicture] = []
    room = MOST_FEATURES // len(wanted.subjects)
    if Subject.CASES in wanted.subjects:
        pictures.append(await draw_cases(city, actor, box, zoom, wanted, room))
    if Subject.COMPONENTS in wanted.subjects:
        types = await types_asked(city, wanted)
        pictures.append(await draw_components(city, actor, box, zoom, wanted, types, room))
    if Subject.POINTS in wanted.subjects:
        pictures += await draw_points(city, actor, box, zoom, wanted, room)
    return _together(pictures)


def _together(pictures: Sequence[MapPicture]) -> MapPicture:
    return MapPicture(
        [cluster for picture in pictures for cluster in picture.clusters],
        [feature for picture in pictures for feature in picture.features],
        sum(picture.total for picture in pictures),
        all(picture.is_complete for picture in pictures),
    )
