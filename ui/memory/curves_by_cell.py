"""How long networks of different cells remember the same text: what was measured here, of each cell the newest."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rnn_core.analysis.memory import MemoryCurve
from ui.i18n import Translate
from ui.memory.excerpt import Excerpt
from ui.memory.recorder import RecordedText
from ui.settings.choices import CELL_NAMES


class MemoryCurves(NamedTuple):
    """The memory curves of one network."""

    cell: str
    units: int
    update: int  # of the network
    curves: Mapping[str, MemoryCurve]  # by the kind of change

    def name(self, _: Translate) -> str:
        """Which network this is."""
        name = _("{cell}, {units} unit, update {update:,}", "{cell}, {units} units, update {update:,}", self.units)
        return name.format(cell=_(CELL_NAMES[self.cell]), units=self.units, update=self.update)


class Cells:
    """Memory curves of other cells on one text; another text begins anew."""

    def __init__(self) -> None:
        self._excerpt: Excerpt | None = None
        self._curves: dict[str, MemoryCurves] = {}

    def note(self, read: RecordedText, update: int, curves: Mapping[str, MemoryCurve]) -> list[MemoryCurves]:
        """Keep the curves of the network that reads now, measured at that update; those of other cells."""
        config = read.recording.model.config
        if self._excerpt is not read.excerpt:
            if not self._same_text(read.excerpt):
                self._curves = {}
            self._excerpt = read.excerpt
        self._curves[config.cell] = MemoryCurves(config.cell, config.hidden_size, update, curves)
        return [other for cell, other in self._curves.items() if cell != config.cell]

    def _same_text(self, excerpt: Excerpt) -> bool:
        known = self._excerpt
        return known is not None and known.vocabulary == excerpt.vocabulary and np.array_equal(known.x, excerpt.x)
