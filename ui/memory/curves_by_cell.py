"""How long networks of different cells remember the same text: what was measured here, of each cell the newest."""

from typing import NamedTuple

import numpy as np

from ui.memory.excerpt import Excerpt
from ui.memory.recorder import RecordedText
from ui.settings.choices import CELL_NAMES


class MemoryCurves(NamedTuple):
    """The memory curves of one network."""

    cell: str
    units: int
    update: int  # of the network
    curves: dict  # kind -> MemoryCurve

    def name(self, _) -> str:
        """Which network this is."""
        return _("{cell}, {units} units, update {update:,}").format(
            cell=_(CELL_NAMES[self.cell]), units=self.units, update=self.update
        )


class Cells:
    """Memory curves of other cells on one text; another text begins anew."""

    def __init__(self):
        self._excerpt: Excerpt | None = None
        self._lasted: dict[str, MemoryCurves] = {}

    def note(self, read: RecordedText, update: int, curves: dict) -> list[MemoryCurves]:
        """Keep the curves of the network that reads now, measured at that update; those of other cells."""
        config = read.recording.model.config
        if self._excerpt is not read.excerpt:
            if not self._same_text(read.excerpt):
                self._lasted = {}
            self._excerpt = read.excerpt
        self._lasted[config.cell] = MemoryCurves(config.cell, config.hidden_size, update, curves)
        return [lasted for cell, lasted in self._lasted.items() if cell != config.cell]

    def _same_text(self, excerpt: Excerpt) -> bool:
        known = self._excerpt
        return known is not None and known.vocabulary == excerpt.vocabulary and np.array_equal(known.x, excerpt.x)
