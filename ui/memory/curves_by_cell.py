"""How long networks of different cells remember the same text: what was measured here, of each cell the newest."""

from typing import NamedTuple

import numpy as np

from ui.memory.passage import Passage
from ui.memory.recorder import Read
from ui.settings.choices import CELL_NAMES


class Lasted(NamedTuple):
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
    """What was measured on one text; another text begins anew."""

    def __init__(self):
        self._passage: Passage | None = None
        self._lasted: dict[str, Lasted] = {}

    def note(self, read: Read, update: int, curves: dict) -> list[Lasted]:
        """Keep the curves of the network that reads now, measured at that update; those of other cells."""
        config = read.recording.model.config
        if self._passage is not read.passage:
            if not self._same_text(read.passage):
                self._lasted = {}
            self._passage = read.passage
        self._lasted[config.cell] = Lasted(config.cell, config.hidden_size, update, curves)
        return [lasted for cell, lasted in self._lasted.items() if cell != config.cell]

    def _same_text(self, passage: Passage) -> bool:
        known = self._passage
        return known is not None and known.vocabulary == passage.vocabulary and np.array_equal(known.x, passage.x)
