"""Reads a line of text in a piece of a photo, Chinese and Latin, with a recogniser that spells by columns."""

from __future__ import annotations

import numpy as np
from PIL import Image

from city_workers.veil.boxes import Floats
from city_workers.veil.model_files import READING, path_of
from city_workers.veil.sessions import open_session

_HIGH_PX, _WIDEST_PX = 48, 480
_LEAST_SURE = 0.25  # a character read with less is left out


class TextReader:
    """The model, opened once, with the characters that it knows."""

    def __init__(self) -> None:
        self._session = open_session(path_of(READING))
        self._given = self._session.get_inputs()[0].name
        characters = self._session.get_modelmeta().custom_metadata_map["character"]
        self._characters = ["", *characters.split("\n"), " "]  # nothing, what is known, a gap

    def read(self, piece: Image.Image) -> str:
        """Read one line; empty when there is none."""
        wide = int(np.clip(_HIGH_PX * piece.width / max(1, piece.height), _HIGH_PX, _WIDEST_PX))
        scaled = piece.resize((wide, _HIGH_PX), Image.Resampling.BICUBIC)
        pixels = np.asarray(scaled, np.float32)[..., ::-1].transpose(2, 0, 1)[None]
        columns: Floats = self._session.run(None, {self._given: pixels / 127.5 - 1})[0][0]
        return self._spelled(columns.argmax(1).tolist(), columns.max(1).tolist())

    def _spelled(self, places: list[int], sure: list[float]) -> str:
        """A character that goes on over several columns is one; the empty one parts two equal ones."""
        before = [0, *places[:-1]]
        return "".join(
            self._characters[place]
            for place, earlier, certain in zip(places, before, sure, strict=True)
            if place != earlier and certain >= _LEAST_SURE and place < len(self._characters)
        )
