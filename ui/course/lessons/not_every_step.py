"""An output at every step is not needed: a review is read word by word and judged once, at its end."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core.analysis.bag import BagOfWords
from rnn_core.analysis.readouts import at_every_step
from rnn_core.tasks.sentiment import VERDICTS, SentimentTask
from ui.charts.limits import there
from ui.course.figures import guessed_curve
from ui.course.lesson import Answers, ChoiceGuess, Control, Door, Lesson, Misconception, Progress, Task
from ui.course.training import in_parts, task_of
from ui.i18n import N_, Translate, join_sentences
from ui.theme import Theme
from ui.training.lockstep import accuracy
from ui.training.run import new_trainer
from ui.training.snapshot import Setup, Training

SENTENCE = "although we loved the view the price was awful"
WORDS = tuple(SENTENCE.split())
SWAPPED = ("the room was noisy but the staff was kind", "the staff was kind but the room was noisy")
UNITS, UPDATES, CLEAR = 24, 600, 0.5
ALIKE = 0.01  # probabilities that differ by less are said to be the same


class Measured(NamedTuple):
    """Probabilities of a good verdict."""

    good: np.ndarray  # (words,) of SENTENCE, if it ended after each word
    bag: float  # of the whole of it, by the bag of words
    swapped: tuple[float, float]  # of SWAPPED, by the network
    swapped_bag: tuple[float, float]  # the same by the bag of words
    right: float  # share of the held-out reviews that the network judges right
    bag_right: float
    units: int

    @property
    def turn(self) -> int:
        """The word from which on the verdict is what it is at the end."""
        final = self.good >= CLEAR
        other = np.flatnonzero(final != final[-1])
        return int(other[-1]) + 1 if len(other) else 0

    @property
    def crossings(self) -> int:
        """How often the verdict changes on the way."""
        return int(np.count_nonzero(np.diff(self.good >= CLEAR)))


def run(seed: int, hidden_size: int = UNITS, updates: int = UPDATES) -> Iterator[Progress]:
    """Train on reviews that are judged at their end; the read-out applied after every word; the bag of words."""
    setup = Setup("sentiment", (("batch_size", 32),), cell="gru", hidden_size=hidden_size, seed=seed)
    trainer = new_trainer(setup, Training())
    task, points = task_of(trainer, SentimentTask), [(0, trainer.evaluate())]
    bag = BagOfWords(task.input_size, len(VERDICTS))
    block, held_out = task.block(0, seed), task.held_out()
    bag.fit(block.x.transpose(1, 0, 2).reshape(block.x.shape[1], -1), block.targets.reshape(-1))
    x = _padded(task, SENTENCE)
    for share in in_parts(trainer, updates):
        points.append((trainer.update, trainer.evaluate()))
        numbers = {N_("probability of “good” at the end"): float(there(trainer.model.forward(x).probs)[0, 0, 1])}
        yield Progress(share, {"losses": tuple(zip(*points, strict=True)), "numbers": numbers})
    pair = np.concatenate([_padded(task, sentence) for sentence in SWAPPED], axis=1)
    (one, two), (bag_one, bag_two) = there(trainer.model.forward(pair).probs)[0, :, 1], bag.predict(pair)
    measured = Measured(
        good=there(at_every_step(trainer.model, x).probs)[-len(WORDS) :, 0, 1].astype(float),
        bag=float(bag.predict(x)[0]),
        swapped=(float(one), float(two)),
        swapped_bag=(float(bag_one), float(bag_two)),
        right=accuracy(trainer),
        bag_right=float(((bag.predict(held_out.x) > CLEAR) == held_out.targets[0]).mean()),
        units=hidden_size,
    )
    yield Progress(1.0, {"losses": tuple(zip(*points, strict=True))}, measured)


def _padded(task: SentimentTask, sentence: str) -> np.ndarray:
    """(T, 1) ids, blanks first."""
    ids, unread = task.read(sentence)
    assert not unread, unread
    return np.concatenate([np.full((task.sequence_length - len(ids), 1), len(VERDICTS), np.int32), ids])


def truth(measured: Measured) -> dict[str, str]:
    """The word at which the verdict turns, and what the bag of words says of swapped clauses."""
    first, second = measured.swapped_bag
    same = abs(first - second) < ALIKE
    return {"turn": str(measured.turn), "bag": "same" if same else "other"}


def figure(measured: Measured | None, answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """The verdict after every word; the guess is an upright step at the word that was chosen."""
    guess = None
    if "turn" in answers:
        final = 0.0 if measured is None or measured.good[-1] < CLEAR else 1.0
        guess = [1 - final if place < int(answers["turn"]) else final for place in range(len(WORDS))]
    curves: list[tuple[str, Sequence[float] | np.ndarray]] = []
    if measured is not None:
        curves = [(_("network"), measured.good), (_("bag of words, whole sentence"), [measured.bag] * len(WORDS))]
    drawn = guessed_curve(
        list(range(len(WORDS))),
        guess,
        curves,
        titles=(_("read up to this word"), _("probability of “good”")),
        bounds=((-0.4, len(WORDS) - 0.6), (-0.05, 1.05)),
        logarithmic=False,
        theme=theme,
        translate=_,
    )
    drawn.layout.xaxis.tickvals, drawn.layout.xaxis.ticktext = list(range(len(WORDS))), WORDS
    return drawn


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    turn, good = measured.turn, measured.good
    values = {"word": WORDS[turn], "number": turn + 1, "last": good[-1], "crossings": measured.crossings}
    values |= {"after": good[turn], "before": good[turn - 1], "bag": measured.bag, "right": measured.right}
    values |= {"bag_right": measured.bag_right, "one": measured.swapped[0], "two": measured.swapped[1]}
    values |= {"bag_one": measured.swapped_bag[0], "bag_two": measured.swapped_bag[1]}
    if turn:
        turned = _(
            "The verdict turned at word {number}, “{word}”: there the probability of “good” went from {before:.0%} to "
            "{after:.0%}, and at the end it was {last:.0%}."
        )
    else:
        turned = _(
            "The verdict was the same from the first word on; at the end the probability of “good” was {last:.0%}."
        )
    wavers = measured.crossings > 1
    counted = truth(measured)["bag"] == "same"
    differs = (measured.swapped[0] >= CLEAR) != (measured.swapped[1] >= CLEAR)
    return [
        join_sentences(
            turned.format(**values),
            _(
                "On its way it changed sides {crossings} times: only the last output was ever trained, the ones before "
                "it are shown here and nowhere used."
            ).format(**values)
            if wavers
            else _("Only the last output was ever trained; the ones before it are shown here and nowhere used."),
        ),
        join_sentences(
            _("The network judges {right:.0%} of the held-out reviews right, the bag of words {bag_right:.0%}.").format(
                **values
            ),
            _(
                "With the two clauses around “but” exchanged, the bag of words says {bag_one:.0%} and {bag_two:.0%} "
                "for “good”: the same words, so the same answer."
            ).format(**values)
            if counted
            else _(
                "With the two clauses around “but” exchanged, the bag of words says {bag_one:.0%} and {bag_two:.0%}."
            ).format(**values),
            _("The network says {one:.0%} and {two:.0%}: it has read them in their order.").format(**values)
            if differs
            else _(
                "The network says {one:.0%} and {two:.0%}: in this run the order does not change its verdict."
            ).format(**values),
        ),
        _(
            "What matters has to be in the state until the last word; a loss at the end alone trains all that comes "
            "before it, for its gradient goes back through every step."
        ),
    ]


LESSON = Lesson(
    name="not_every_step",
    title=N_("Not at every step"),
    question=N_("From which word on is the verdict on a sentence settled?"),
    claim=N_(
        "The usual diagram has an output at each time step, but depending on the task this may not be needed. To "
        "predict the sentiment of a sentence we care about the final output only, not about the sentiment after each "
        "word. In the same way there need not be an input at each step. The main feature is the state $s_t$, which "
        "keeps something of what came before. Here a network reads short reviews and is told only at their end whether "
        "they were good. Then it reads “although we loved the view the price was awful”, and we apply $V$ after every "
        "word. From which word on does it stay with “bad”?"
    ),
    misconception=N_("A recurrent network must give an answer at every step."),
    guesses=(
        ChoiceGuess(
            "turn",
            N_("From which word on is the verdict what it is at the end?"),
            tuple((str(place), f"{place + 1}. {word}") for place, word in enumerate(WORDS)),
            tuple(
                Misconception(N_("Up to “view” nothing bad has been read. The opening “although” announces that the "
                                 "verdict will come from the second half."), value=str(place))
                for place in range(5)
            ) + tuple(
                Misconception(N_("Up to “the price was” nothing bad has been read. The word that settles the "
                                 "verdict comes after it: “awful”."), value=str(place))
                for place in range(5, 8)
            ),
            width=4,
            drawn=True,
        ),
        ChoiceGuess(
            "bag",
            N_("A model that only counts words reads “the room was noisy but the staff was kind”, then the two clauses "
               "exchanged. Its verdicts are …"),
            (("same", N_("the same")), ("other", N_("different"))),
            (Misconception(N_("The two sentences have the same words, equally often. What counts words only cannot "
                              "tell them apart."), value="other"),),
            title=N_("Verdicts of the bag of words on the two orders"),
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    controls=(
        Control("hidden_size", N_("Units"), UNITS, 1, 48),
        Control("updates", N_("Updates"), UPDATES, 10, 1500, 10),
    ),
    tasks=(
        Task(
            N_("Judge at least 95% of the held-out reviews right with at most 6 units."),
            lambda attempt: attempt.measured.right >= 0.95 and attempt.measured.units <= 6,
        ),
        Task(
            N_("Stop early: let the network be no better than the bag of words."),
            lambda attempt: attempt.measured.right <= attempt.measured.bag_right,
        ),
        Task(
            N_("Find a network that has made up its mind before the last word."),
            lambda attempt: attempt.measured.turn < len(WORDS) - 1 and bool(attempt.measured.good[-1] < CLEAR),
        ),
    ),
    door=Door("shapes", {"shape": "many_to_one", "words": "en", "with": "gru", "width": "24",
                         "say_many_to_one": SENTENCE}),
    further=Door("shapes", {"shape": "captions"}, label=N_("One picture in, many words out: captions")),
)  # fmt: skip
