"""Reading in both directions helps where what comes later matters, and forbids writing; depth is something else."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Trainer
from rnn_core.tasks import TEXTS, AgreementTask
from rnn_core.tasks.stream import windows
from rnn_core.tasks.text import TextTask
from ui.course.figures import guessed_numbers
from ui.course.lesson import Answers, ChoiceGuess, Control, Door, Lesson, Misconception, Progress, Task
from ui.course.training import in_parts, task_of
from ui.i18n import N_, Translate, join_sentences
from ui.theme import Theme
from ui.training.lockstep import accuracy
from ui.training.matched_sizes import matched_size, parameters
from ui.training.run import new_trainer
from ui.training.snapshot import Setup, Training

UNITS, UPDATES = 24, 600
KINDS = (  # key, name, layers, bidirectional
    ("forward", N_("one direction"), 1, False),
    ("deep", N_("one direction, two layers"), 2, False),
    ("both", N_("both directions"), 1, True),
)
LANGUAGE_MODELS = ((N_("language model, both directions"), True), (N_("language model, one direction"), False))
SENTENCE = "the key beside the letters _ old yesterday"  # of the claim
NOTHING, LESS = 0.25, 0.8  # of the loss of a network of one direction: nearly nothing; clearly less
QUARTER, AHEAD = 0.07, 0.1  # so near to a quarter is about one in four; so much more is ahead


class Filling(NamedTuple):
    """One network that fills the gap."""

    parameters: int
    right: float  # share of the held-out sentences


class Measured(NamedTuple):
    """Accuracy at the gap, and the loss of a language model that has read the answer."""

    forward: Filling
    deep: Filling
    both: Filling
    inside: float  # held-out loss per letter of a bidirectional language model, except at the last step
    last: float  # at the last step of each sequence, where there is no next letter to read
    one_way: float  # of a network of one direction, except at the last step
    one_way_last: float
    updates: int

    @property
    def best(self) -> str:
        """The key of the best; one of one direction if they are equal."""
        return max((key for key, *_rest in KINDS), key=lambda key: getattr(self, key).right)

    @property
    def level(self) -> str:
        """How low the loss inside the text is."""
        share = self.inside / self.one_way
        return "nothing" if share < NOTHING else "less" if share < LESS else "same"


def run(seed: int, updates: int = UPDATES, cell: str = "gru") -> Iterator[Progress]:
    """Three networks of equal size fill a gap; then two learn the poem as language models."""
    fillings: dict[str, Filling] = {}
    done = 0.0
    for key, name, layers, bidirectional in KINDS:
        trainer = gap_trainer(seed, cell, layers, bidirectional)
        points = [(0, trainer.evaluate())]
        for share in in_parts(trainer, updates, parts=20):
            points.append((trainer.update, trainer.evaluate()))
            yield Progress((done + share) / 5, {"losses": tuple(zip(*points, strict=True)), "network": name})
        fillings[key] = Filling(trainer.model.num_parameters, accuracy(trainer))
        done += 1
    losses: list[tuple[float, float]] = []  # inside the text, at the last step
    for name, bidirectional in LANGUAGE_MODELS:
        options = (("batch_size", 16), ("text", TEXTS["river_en"].text))
        setup = Setup("text", options, cell=cell, hidden_size=UNITS, bidirectional=bidirectional, seed=seed)
        trainer = new_trainer(setup, Training())
        points = [(0, trainer.evaluate())]
        for share in in_parts(trainer, updates, parts=20):
            points.append((trainer.update, trainer.evaluate()))
            yield Progress((done + share) / 5, {"losses": tuple(zip(*points, strict=True)), "network": name})
        by_step = losses_by_step(trainer)
        losses.append((float(by_step[:-1].mean()), float(by_step[-1])))
        done += 1
    (inside, last), (one_way, one_way_last) = losses
    measured = Measured(
        **fillings, inside=inside, last=last, one_way=one_way, one_way_last=one_way_last, updates=updates
    )
    yield Progress(1.0, {}, measured)


def gap_trainer(seed: int, cell: str, layers: int, bidirectional: bool) -> Trainer:
    """A network of the common size that fills gaps."""
    symbols, verbs = AgreementTask.input_size, AgreementTask.output_size
    units = matched_size(cell, symbols, verbs, parameters(cell, symbols, UNITS, verbs), layers, bidirectional)
    setup = Setup("agreement", (("batch_size", 32),), cell, units, layers, bidirectional, seed=seed)
    return new_trainer(setup, Training())


def losses_by_step(trainer: Trainer) -> np.ndarray:
    """(T,): the loss at each step of a sequence, over all sequences of the held-out part."""
    task = task_of(trainer, TextTask)
    ids, steps = task.held_out_ids, task.sequence_length
    x, targets = windows(ids, np.arange(len(ids) - steps)[None], steps)
    return trainer.model.backward(x[0], targets[0]).loss_per_step.mean(axis=1)


def truth(measured: Measured) -> dict[str, str]:
    """Best network at the gap, and the lowest loss."""
    return {"best": measured.best, "loss": measured.level}


def figure(measured: Measured | None, _answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """Shares of right verbs."""
    rows = [
        (
            _(name),
            None,
            None if measured is None else 100 * getattr(measured, key).right,
        )
        for key, name, *_rest in KINDS
    ]
    title = _("gaps filled correctly (%)")
    return guessed_numbers(rows, title=title, theme=theme, translate=_, bounds=(-3, 106))


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    fillings = {key: getattr(measured, key) for key, *_rest in KINDS}
    sizes = [filling.parameters for filling in fillings.values()]
    values = {key: filling.right for key, filling in fillings.items()}
    values |= {"low": min(sizes), "high": max(sizes), "inside": measured.inside, "last": measured.last}
    values |= {"one_way": measured.one_way, "one_way_last": measured.one_way_last}
    message = _(
        "Right verbs on held-out sentences: {forward:.0%} with one direction, {deep:.0%} with two layers, {both:.0%} "
        "with both directions, at {low:,} to {high:,} parameters."
    ).format(**values)
    quarter = all(abs(measured_.right - 0.25) < QUARTER for measured_ in (measured.forward, measured.deep))
    ahead = measured.updates > 0 and measured.both.right > max(measured.forward.right, measured.deep.right) + AHEAD
    if ahead and quarter:
        meaning = _(
            "The tense stands after the gap. A network that reads forwards has not seen it yet: of four equally likely "
            "tenses it gets about one in four right, and a second layer does not help, for it reads the same words."
        )
    elif ahead:
        meaning = _("The tense stands after the gap, and only the network of both directions has read it.")
    else:
        meaning = _(
            "In this run the network of both directions is not clearly ahead; it has not yet learned to use what it "
            "reads."
        )
    inside = {
        "nothing": _(
            "As a language model on the poem the bidirectional network pays {inside:.3f} nats per letter, one "
            "direction {one_way:.2f}. That is no better knowledge of language: its backward chain has read the next "
            "letter, which is the answer."
        ),
        "less": _(
            "As a language model on the poem the bidirectional network pays {inside:.2f} nats per letter, one "
            "direction {one_way:.2f}: it is learning to pass on the next letter, which its backward chain has read."
        ),
        "same": _(
            "As a language model on the poem the bidirectional network pays {inside:.2f} nats per letter, one "
            "direction {one_way:.2f}: in this run it has not learned to use the next letter, though its backward chain "
            "has read it."
        ),
    }
    writer = (
        _(
            "At the last step of a sequence there is no next letter to read, and there it pays {last:.2f} nats (one "
            "direction: {one_way_last:.2f}). A writer always stands at the last step; so a bidirectional network "
            "labels texts, but cannot write them."
        )
        if measured.last > 2 * measured.inside
        else _("At the last step of a sequence, where there is no next letter to read, it pays {last:.2f} nats.")
    )
    return [
        join_sentences(message, meaning),
        inside[measured.level].format(**values),
        writer.format(**values),
    ]


LESSON = Lesson(
    name="both_ways",
    title=N_("Both ways, and deep"),
    question=N_("What fills gaps better: one direction, two, or more layers?"),
    claim=N_(
        "Bidirectional networks rest on the idea that the output at time $t$ may depend not only on earlier elements "
        "but also on later ones: to fill in a missing word one looks at what stands to its left and to its right. They "
        "are two networks, one on top of the other, that read in opposite directions; the output is computed from both "
        "states. Deep networks have several layers per time step. In “the key beside the letters _ old yesterday” the "
        "number of the verb stands before the gap and its tense after it. Three networks with equally many parameters "
        "are to fill such gaps."
    ),
    misconception=N_("A bidirectional network knows more, so it also writes better texts."),
    guesses=(
        ChoiceGuess(
            "best",
            N_("Which network fills the most gaps right?"),
            tuple((key, name) for key, name, *_rest in KINDS),
            (
                Misconception(N_("What comes after the gap cannot be known from what comes before it, however well one "
                                 "remembers."), value="forward"),
                Misconception(N_("More layers compute more with the words that were read. They do not read words that "
                                 "are still to come."), value="deep"),
            ),
            title=N_("Most gaps filled right"),
        ),
        ChoiceGuess(
            "loss",
            N_("Trained to predict each next letter of a poem, a bidirectional network reaches a held-out loss …"),
            (
                ("same", N_("like a network of one direction")),
                ("less", N_("clearly below it")),
                ("nothing", N_("close to zero")),
            ),
            (
                Misconception(N_("The next letter is the target, and the backward chain has read it: the network only "
                                 "has to copy it."), value="same"),
                Misconception(N_("There is nothing left to guess: the backward chain has read the very letter that is "
                                 "asked for."), value="less"),
            ),
            width=2,
            title=N_("Loss as a language model, both directions"),
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    controls=(
        Control("updates", N_("Updates"), UPDATES, 0, 1500, 20),
        Control("cell", N_("Cell"), "gru", options=(("rnn_tanh", N_("RNN (tanh)")), ("gru", "GRU"), ("lstm", "LSTM"))),
    ),
    tasks=(
        Task(
            N_("Fill every held-out gap right with both directions, with at most 200 updates."),
            lambda attempt: attempt.measured.both.right == 1 and attempt.measured.updates <= 200,
        ),
        Task(
            N_("Stop so early that the bidirectional language model has not found the answer in its input."),
            lambda attempt: attempt.measured.level == "same",
        ),
        Task(
            N_("Train too long: one direction ends above 1.5 nats per letter after at least 1,000 updates."),
            lambda attempt: attempt.measured.updates >= 1000 and attempt.measured.one_way > 1.5,
        ),
    ),
    door=Door("shapes", {"shape": "bidirectional", "with": "gru", "width": "24", "say_bidirectional": SENTENCE}),
    further=Door("shapes", {"shape": "speech"}, label=N_("Hear vowels in a sound, in both directions: speech")),
)  # fmt: skip
