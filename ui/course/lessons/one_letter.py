"""The symbols of a sequence depend on one another, and the last one does not tell everything about the next."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Model
from rnn_core.tasks import TEXTS
from rnn_core.tasks.text import TextTask
from ui.charts.formatting import percent
from ui.charts.limits import there
from ui.course.figures import guessed_numbers
from ui.course.lesson import Answers, Control, Door, Lesson, Misconception, NumberGuess, Progress, Task
from ui.course.training import in_parts, task_of
from ui.i18n import N_, Translate
from ui.theme import Theme
from ui.training.run import new_trainer
from ui.training.snapshot import Setup, Training

TEXT = TEXTS["river_en"].text
UPDATES, CONTEXT = 400, 12  # symbols of a context that the explanation quotes
FEWEST = 5  # contexts of a letter, to be compared


class Contrast(NamedTuple):
    """One letter with the same letter after it, in the held-out context where the network expects that least, and in
    the one where it expects it most."""

    letter: str
    following: str
    by_pairs: float  # share of the letter's successors in the training part
    lowest: float
    highest: float
    before_lowest: str
    before_highest: str


class Measured(NamedTuple):
    """Held-out losses in nats per letter."""

    points: tuple[tuple[int, float], ...]  # (update, loss)
    symbols: int
    alike: float  # ln K: all letters equally likely
    single: float  # each letter by its frequency
    pairs: float  # each letter by the one before it
    bound: float  # no rule that sees the last letter alone comes below it on these lines
    units: int
    contrast: Contrast | None  # None: no letter stands often enough to be compared

    @property
    def loss(self) -> float:
        """After training."""
        return self.points[-1][1]

    @property
    def share(self) -> float:
        """The loss in percent of that of a table of letter pairs."""
        return 100 * self.loss / self.pairs


def run(seed: int, cell: str = "gru", hidden_size: int = 32, updates: int = UPDATES) -> Iterator[Progress]:
    """Train on a short English text; compare the held-out loss with what counting letters and pairs reaches."""
    options = (("batch_size", 16), ("text", TEXT))
    trainer = new_trainer(Setup("text", options, cell=cell, hidden_size=hidden_size, seed=seed), Training())
    task, points = task_of(trainer, TextTask), [(0, trainer.evaluate())]
    for share in in_parts(trainer, updates):
        points.append((trainer.update, trainer.evaluate()))
        numbers = {N_("held-out loss"): points[-1][1], N_("pairs of letters"): task.bigram_loss()}
        yield Progress(share, {"losses": tuple(zip(*points, strict=True)), "numbers": numbers})
    measured = Measured(
        points=tuple(points),
        symbols=task.output_size,
        alike=task.chance,
        single=task.unigram_loss(),
        pairs=task.bigram_loss(),
        bound=task.one_symbol_bound(),
        units=hidden_size,
        contrast=contrast(trainer.model, task),
    )
    yield Progress(1.0, {"losses": tuple(zip(*points, strict=True))}, measured)


def contrast(model: Model, task: TextTask) -> Contrast | None:
    """The letter and successor whose probability depends most on what stands before the letter."""
    x, vocabulary = task.held_out().x, task.vocabulary
    size, ids = task.output_size, task.training_ids.astype(np.int64)
    pairs = np.bincount(ids[:-1] * size + ids[1:], minlength=size * size).reshape(size, size)
    probs, late = there(model.forward(x).probs), np.arange(len(x)) >= CONTEXT
    best, found = -1.0, None
    for number, letter in enumerate(vocabulary):
        steps, rows = np.nonzero((x == number) & late[:, None])
        if not (letter.isascii() and letter.isalpha()) or len(steps) < FEWEST:
            continue
        counts = pairs[number]
        following = _most_frequent(counts, vocabulary)
        values = probs[steps, rows, following]
        low, high = int(values.argmin()), int(values.argmax())
        if values[high] - values[low] > best:
            best = float(values[high] - values[low])
            before = [_written(task, x[steps[i] - CONTEXT : steps[i] + 1, rows[i]]) for i in (low, high)]
            share, lowest, highest = float(counts[following] / counts.sum()), float(values[low]), float(values[high])
            found = Contrast(letter, vocabulary[following], share, lowest, highest, before[0], before[1])
    return found


def _most_frequent(counts: np.ndarray, vocabulary: Sequence[str]) -> int:
    """The symbol that follows most often, a letter if one does."""
    return max(np.argsort(-counts).tolist(), key=lambda k: (vocabulary[k].isalpha(), counts[k]))


def _written(task: TextTask, ids: np.ndarray) -> str:
    """Letters and blanks of a piece of text."""
    symbols = "".join(c if c.isalpha() else " " for c in task.decode(ids))
    return " ".join(symbols.split())


def truth(measured: Measured) -> dict[str, float]:
    """The measured values of the guesses."""
    return {"share": measured.share}


def figure(measured: Measured | None, answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """The share, beside letters that are counted alone or in pairs."""
    rows = [(_("the network"), answers.get("share"), None if measured is None else measured.share)]
    if measured is not None:
        rows += [
            (_("pairs of letters"), None, 100.0),
            (_("letters by frequency"), None, 100 * measured.single / measured.pairs),
            (_("all letters alike"), None, 100 * measured.alike / measured.pairs),
        ]
    title = _("held-out loss, in % of that of letter pairs")
    return guessed_numbers(rows, title=title, theme=theme, translate=_, bounds=(0, 220))


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    numbers = measured._asdict() | {"loss": measured.loss, "share": measured.share / 100}
    better = measured.loss < measured.pairs
    sentences = [
        _(
            "If all {symbols} symbols were equally likely, each would cost $\\ln K$ = {alike:.2f} nats; with the "
            "frequency of each letter it is {single:.2f}, and a table of letter pairs pays {pairs:.2f}."
        ).format(**numbers),
        _(
            "The network pays {loss:.2f} nats on lines that it never trained on, {share:.0%} of what pairs pay. No "
            "rule that sees the last letter alone, not even one made for these lines, pays less than {bound:.2f}; what "
            "the network gains beyond that can only come from what came before, through the state $s_t$."
        ).format(**numbers)
        if measured.loss < measured.bound
        else _(
            "The network pays {loss:.2f} nats on lines that it never trained on, {share:.0%} of what pairs pay. A "
            "table only counts: a rule made for these lines that sees the last letter alone would pay {bound:.2f}, so "
            "this loss does not prove that the network used more than the last letter."
        ).format(**numbers)
        if better
        else _(
            "In this run the network pays {loss:.2f} nats on lines that it never trained on, {share:.0%} of what pairs "
            "pay: it has not yet got more out of the letters before than a table of pairs has."
        ).format(**numbers),
    ]
    return sentences if measured.contrast is None else [*sentences, _example(measured.contrast, _)]


def _example(found: Contrast, _: Translate) -> str:
    return _(
        "An example: after “{letter}” the table of pairs always expects “{following}” with {by_pairs}. The network "
        "expected it with {lowest} after “{before_lowest}”, and with {highest} after “{before_highest}”: the same "
        "last letter, another past."
    ).format(
        letter=found.letter,
        following=found.following,
        by_pairs=percent(found.by_pairs),
        lowest=percent(found.lowest),
        highest=percent(found.highest),
        before_lowest=found.before_lowest,
        before_highest=found.before_highest,
    )


LESSON = Lesson(
    name="one_letter",
    title=N_("One letter is not enough"),
    question=N_("How much do the letters before the last one tell?"),
    claim=N_(
        "An ordinary network treats its inputs as if they had nothing to do with one another. In a text they do: "
        "which letter comes next depends on the letters before it, not on the last one alone. A recurrent network "
        "reads a sequence $x_0, x_1, x_2, \\dots$ one element at a time and does the same computation at every step, "
        "but each result depends on the earlier ones. It has a memory, the state $s_t$, of what it has read so far. "
        "Here a network reads a short poem letter by letter and predicts each next letter, $o_t$. Its held-out "
        "loss, on lines it never trained on, is compared with that of a table that knows the last letter only."
    ),
    misconception=N_("The last symbol tells everything that can be known about the next."),
    guesses=(
        NumberGuess(
            name="share",
            label=N_("Held-out loss of the network, in percent of that of a table of letter pairs"),
            low=10,
            high=150,
            unit="%",
            logarithmic=False,
            width=60,
            whole=True,
            misconceptions=(
                Misconception(
                    N_(
                        "A share of 100% or more would mean that nothing before the last letter helps. But “th” is "
                        "followed by other letters than “gh”, though both end in h."
                    ),
                    low=95,
                    high=150,
                ),
                Misconception(
                    N_(
                        "A share near zero would mean that the text holds no surprise. Which word comes next often "
                        "cannot be known, even from everything before it."
                    ),
                    low=10,
                    high=30,
                ),
            ),
            above=N_(
                "You expected a larger loss than was measured: the letters before the last one told the network more "
                "about the next than you thought."
            ),
            below=N_(
                "You expected a smaller loss than was measured: the letters before the last one help, but less than "
                "you thought. Much of a text cannot be known beforehand."
            ),
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    controls=(
        Control("cell", N_("Cell"), "gru", options=(("rnn_tanh", N_("RNN (tanh)")), ("gru", "GRU"), ("lstm", "LSTM"))),
        Control("hidden_size", N_("Units"), 32, 1, 64),
        Control("updates", N_("Updates"), UPDATES, 10, 1000, 10),
    ),
    tasks=(
        Task(N_("Make the network worse than the table of pairs."), lambda attempt: attempt.measured.share > 100),
        Task(
            N_("Beat the pairs of letters with at most 8 units."),
            lambda attempt: attempt.measured.share < 100 and attempt.measured.units <= 8,
        ),
        Task(
            N_("Let it learn too long: the held-out loss ends at least 15% above its lowest."),
            lambda attempt: attempt.measured.loss > 1.15 * min(loss for _update, loss in attempt.measured.points),
        ),
    ),
    door=Door("lab", {"data": "river_en", "cell": "gru"}),
)
