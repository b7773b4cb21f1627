"""A training session without a page: a small network on a text, and what can be waited for."""

from contextlib import contextmanager

from visits import PATIENCE, until

from ui.training.session import TrainingSession
from ui.training.snapshot import Setup, Training

TEXT = "the cat sat on the mat and the rat sat on the cat. " * 4


def setup(text=TEXT, steps=8, **options) -> Setup:
    """A small network on a text."""
    task_options = (("batch_size", 4), ("sequence_length", steps), ("text", text))
    return Setup("text", task_options, **{"cell": "rnn_tanh", "hidden_size": 8} | options)


@contextmanager
def entered(kind=TrainingSession):
    """A session of this kind with its thread, which has ended afterwards."""
    made = kind()
    made.enter()
    yield made
    made.leave()
    made._thread.join(PATIENCE)


def training(session, run=1, updates=1):
    """Wait until that run has made some updates; its view."""
    until(lambda: (view := session.snapshot.view) and view.run == run and view.update >= updates)
    return session.snapshot.view


def paused(session):
    """Pause, wait until it is so; the snapshot."""
    session.pause()
    until(lambda: session.snapshot.status == "paused")
    return session.snapshot


def stepped(session, setup, updates):
    """The view of a network of this setup, paused after that many updates. A slice of time ends a step that takes
    longer, as the first one does where it has to be compiled."""
    session.pause()
    session.request(setup, Training())
    done = 0
    while done < updates:
        session.step(updates - done)
        done = session.ask(lambda run: run.update).result(PATIENCE)
    return session.snapshot.view
