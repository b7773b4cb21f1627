"""The worker of the page “Shapes”: a session like the Lab's, whose thread trains a shape's networks in lockstep."""

from typing import ClassVar

from ui.settings import keys
from ui.shapes.records import ShapeSetup, ShapeView
from ui.shapes.training import ShapesRun
from ui.training.lockstep_session import LockstepSession
from ui.training.snapshot import Training
from ui.training.tabs import session_of_tab


class ShapesSession(LockstepSession[ShapeSetup, ShapesRun, ShapeView]):
    """One person's shape. Every method may be called from any thread and returns at once."""

    kind: ClassVar[str] = "shapes"

    def _make(self, setup: ShapeSetup, training: Training) -> ShapesRun:
        return ShapesRun(self._runs + 1, setup, training, self._sample_choice)


def shapes_session() -> ShapesSession | None:
    """The networks of this browser tab, with their thread; None where the server is full."""
    return session_of_tab(keys.SHAPES_SESSION, ShapesSession)
