"""What a session trains, of whatever kind: what is asked for, what is in training, what is seen of it."""

from typing import Any, Protocol, Self, TypeVar

from ui.training.snapshot import SampleChoice, Training


class Asked(Protocol):
    """What a page asks for: what needs new networks when it changes."""

    @property
    def task_options(self) -> tuple[tuple[str, Any], ...]:
        """Parameters of the task."""

    @property
    def cell(self) -> str:
        """The cell that is compiled first."""


class Seen(Protocol):
    """A view of the networks at one moment."""

    @property
    def update(self) -> int:
        """Updates done."""


SetupOf = TypeVar("SetupOf", bound=Asked, covariant=True)
ViewOf = TypeVar("ViewOf", bound=Seen, covariant=True)


class Trained(Protocol[SetupOf, ViewOf]):
    """What the thread trains: one network, or several in lockstep."""

    number: int
    training: Training

    @property
    def setup(self) -> SetupOf:
        """What was asked for."""

    @property
    def update(self) -> int:
        """Updates done."""

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it may come to take."""

    @property
    def size(self) -> int:
        """Bytes that it takes now."""

    @property
    def diverged(self) -> bool:
        """Whether it cannot go on."""

    def configure(self, training: Training) -> None:
        """Go on with other settings."""

    def use_cores(self, cores: int) -> None:
        """Train on so many cores from now on."""

    def train(self, updates: int | None = None) -> None:
        """Train for one slice of time, or for a number of updates."""

    def rest(self) -> None:
        """Measure the pace anew."""

    def choose_sample(self, sample_choice: SampleChoice) -> None:
        """Show another sequence."""

    def view(self, complete: bool = False) -> ViewOf:
        """View of the present state."""

    def again(self, number: int) -> Self:
        """The same from the beginning."""
