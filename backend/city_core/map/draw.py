"""Draws a part of the map for whoever asks: what is theirs to see, clustered as the zoom asks for."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.map.cases import draw_cases
from city_core.map.picture import MOST_FEATURES, MapFilter, MapPicture, Subject, checked_zoom
from city_core.people.roles import Actor
from city_core.places.cells import Box


async def draw(city: City, actor: Actor, box: Box, zoom: int, wanted: MapFilter) -> MapPicture:
    """Draw what somebody may see of a box: every subject has its share of the marks of one picture."""
    checked_zoom(zoom)
    pictures: list[MapPicture] = []
    room = MOST_FEATURES // max(1, len(wanted.subjects))
    if Subject.CASES in wanted.subjects:
        pictures.append(await draw_cases(city, actor, box, zoom, wanted, room))
    return _together(pictures)


def _together(pictures: list[MapPicture]) -> MapPicture:
    return MapPicture(
        [cluster for picture in pictures for cluster in picture.clusters],
        [feature for picture in pictures for feature in picture.features],
        sum(picture.total for picture in pictures),
        all(picture.is_complete for picture in pictures),
    )
