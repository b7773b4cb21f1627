"""An output that can begin only when the whole input was read: two networks, and one state between them."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import EncoderDecoder, EncoderDecoderConfig, EncoderDecoderTrainer, TrainConfig
from rnn_core.tasks.pairs import ReverseTask
from ui.course.figures import guessed_numbers
from ui.course.lesson import Answers, ChoiceGuess, Control, Door, Lesson, Misconception, NumberGuess, Progress, Task
from ui.course.training import in_parts
from ui.i18n import N_, Translate, join_sentences
from ui.theme import Theme

LONGEST, LETTERS, UNITS, UPDATES = 6, 8, 32, 1000
BEYOND, STRINGS = 3, 128  # lengths beyond the longest; strings of each
KNOWS, LEARNED, EARLY = 0.9, 0.5, 0.3  # shares of right answers: knows it; learned it; about a blind guess, 1 / LETTERS


class Measured(NamedTuple):
    """Shares of strings whose whole output is right, by length, and how early the first letter can be known."""

    longest: int  # that was trained
    by_length: tuple[float, ...]  # of the lengths 1, 2, ... longest + BEYOND; held-out ones where they were trained
    trained: float  # share of the held-out strings
    longer: float  # of all that are longer
    first: float  # share of first output letters that are right after the whole input
    early: float  # the same when the last input letter has not been read
    units: int

    @property
    def when(self) -> str:
        """Part of the input that determines the first letter."""
        return "early" if self.early > KNOWS * self.first else "end"


def run(seed: int, longest: int = LONGEST, hidden_size: int = UNITS, updates: int = UPDATES) -> Iterator[Progress]:
    """Train an encoder-decoder to write strings backwards; judge whole outputs by the length of the input."""
    task = ReverseTask(longest=longest, kinds=LETTERS)
    config = EncoderDecoderConfig("lstm", task.input_size, hidden_size, task.output_size, seed=seed)
    network = EncoderDecoder(config)
    trainer = EncoderDecoderTrainer(network, task, TrainConfig(learning_rate=0.02, clip_norm=1.0, seed=seed))
    points = [(0, trainer.evaluate())]
    for share in in_parts(trainer, updates):
        points.append((trainer.update, trainer.evaluate()))
        numbers = {N_("strings right"): trainer.exact()}
        yield Progress(0.95 * share, {"losses": tuple(zip(*points, strict=True)), "numbers": numbers})
    held_out = task.held_out()
    matches = task.matches(network.translate(held_out.x, task.output_length), held_out)
    lengths, shares = task.length(held_out.x), []
    for length in range(1, longest + BEYOND + 1):
        own = matches[lengths == length]
        if length <= longest and len(own):
            shares.append(float(own.mean()))
        else:
            shares.append(_right(network, length, longest, seed))
    first, early = _first_letters(network, longest, seed)
    measured = Measured(
        longest, tuple(shares), float(matches.mean()), float(np.mean(shares[longest:])), first, early, hidden_size
    )
    yield Progress(1.0, {"losses": tuple(zip(*points, strict=True))}, measured)


def _strings(length: int, longest: int, seed: int) -> np.ndarray:
    """(T, STRINGS) ids of random strings of one length, blanks before them as in training."""
    letters = np.random.default_rng([seed, length]).integers(1, LETTERS + 1, size=(length, STRINGS))
    return np.concatenate([np.zeros((max(longest - length, 0), STRINGS), int), letters]).astype(np.int32)


def _right(network: EncoderDecoder, length: int, longest: int, seed: int) -> float:
    """Share of strings of a length whose whole output is right."""
    x = _strings(length, longest, seed)
    wanted = np.concatenate([x[::-1][:length] - 1, np.full((1, STRINGS), LETTERS)])  # then END
    return float((network.translate(x, length + 1) == wanted).all(axis=0).mean())


def _first_letters(network: EncoderDecoder, longest: int, seed: int) -> tuple[float, float]:
    """Shares of right first letters: after the whole input, and without its last letter."""
    x = _strings(longest, longest, seed)
    cut = np.concatenate([np.zeros((1, STRINGS), np.int32), x[:-1]])
    whole, early = (network.translate(ids, 1)[0] == x[-1] - 1 for ids in (x, cut))
    return float(whole.mean()), float(early.mean())


def truth(measured: Measured) -> dict[str, float | str]:
    """Share of longer strings that are right, in percent, and when the output can begin."""
    return {"longer": 100 * measured.longer, "when": measured.when}


def figure(measured: Measured | None, answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """Whole outputs right, by length."""
    longest = LONGEST if measured is None else measured.longest
    rows = [
        (_("{first} to {last} letters").format(first=longest + 1, last=longest + BEYOND), answers.get("longer"),
         None if measured is None else 100 * measured.longer)
    ]  # fmt: skip
    if measured is not None:
        lengths = (longest - 1, longest, longest + 1)
        rows.append((_("{first} to {last} letters").format(first=1, last=longest), None, 100 * measured.trained))
        rows += [
            (
                _("{count} letter", "{count} letters", length).format(count=length),
                None,
                100 * measured.by_length[length - 1],
            )
            for length in lengths
        ]
    title = _("whole outputs correct (%)")
    return guessed_numbers(rows, title=title, theme=theme, translate=_, bounds=(-3, 106))


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    values = {"trained": measured.trained, "longest": measured.longest, "longer": measured.longer}
    values |= {"next": measured.by_length[measured.longest], "more": measured.longest + 1, "beyond": BEYOND}
    values |= {"first": measured.first, "early": measured.early, "blind": 1 / LETTERS, "units": measured.units}
    values["farthest"] = measured.longest + BEYOND
    message = _(
        "Of held-out strings as long as the trained ones the network turned {trained:.0%} round without a mistake, of "
        "strings with {more} to {farthest} letters {longer:.0%} (with {more} letters {next:.0%})."
    ).format(**values)
    if measured.trained < LEARNED:
        meaning = _(
            "It has not learned to turn strings of the trained lengths round, so what it does with longer ones says "
            "nothing of a rule."
        )
    elif measured.longer < measured.trained / 2:
        meaning = _(
            "It has learned to pack what it met in training into one state of fixed size, not a rule that would hold "
            "for any length."
        )
    elif measured.longer < measured.trained:
        meaning = _("What it learned reaches some way beyond the trained lengths, and less sure than within them.")
    else:
        meaning = _("In this run longer strings are no harder for it than those of the trained lengths.")
    begin = (
        _(
            "The first letter that it writes is the last that it reads. With the whole input read, {first:.0%} of the "
            "first letters were right; without the last letter {early:.0%} (a blind guess: {blind:.1%}). So the output "
            "cannot begin earlier, and it is not made symbol by symbol from the input."
        )
        if measured.early <= EARLY and measured.first >= LEARNED
        else _(
            "The first letter that it writes is the last that it reads. With the whole input read, {first:.0%} of the "
            "first letters were right, without the last letter {early:.0%} (a blind guess: {blind:.1%})."
        )
    )
    return [
        join_sentences(message, meaning),
        begin.format(**values),
        _(
            "All that the decoder gets of the input is the encoder's last state, here {units} numbers and as many in "
            "the cells, for a string of any length."
        ).format(**values),
    ]


LESSON = Lesson(
    name="translation",
    title=N_("Only after the whole input was read"),
    question=N_("How much must be read before the first output can be known?"),
    claim=N_(
        "Machine translation resembles language modelling: the input is a sequence of words in one language, the "
        "output a sequence in another. The key difference is that the output starts only after the complete input was "
        "seen, because the first word of a translation may need information from the whole sentence. So one network "
        "reads and ends in a state $s_t$, and from this state a second one writes. The strictest case is a language "
        "that is written backwards: “abc” becomes “cba”, and the first output is the last input. A network learns this "
        "on strings of 1 to 6 letters. What will it do with longer ones?"
    ),
    misconception=N_("The network translates word by word, while it reads."),
    guesses=(
        NumberGuess(
            "longer", N_("Strings of 7 to 9 letters that it turns round without a mistake"), 0, 100, "%", False, 60,
            (Misconception(N_("To us a string of seven letters is no other task than one of six. The network has to "
                              "hold it in a state that was never trained for so much, and write on for longer."),
                           low=25, high=100),),
            below=N_("You expected less than was measured: what the network learned reaches a little beyond the "
                     "trained lengths, so some of the longer strings come out right."),
        ),
        ChoiceGuess(
            "when", N_("How much of the input has to be read before the first output letter can be known?"),
            (("early", N_("the first letters: it translates while it reads")), ("end", N_("all of it"))),
            (Misconception(N_("Translating symbol by symbol would need the first output to depend on the first input. "
                              "Here it is the last input letter, which cannot be known before it is read."),
                           value="early"),),
            title=N_("To be read before the first output is known"),
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    controls=(
        Control("longest", N_("Letters of a string at most, in training"), LONGEST, 2, 10),
        Control("hidden_size", N_("Units"), UNITS, 2, 64),
        Control("updates", N_("Updates"), UPDATES, 50, 2000, 50),
    ),
    tasks=(
        Task(
            N_("Get at least 98% of the trained lengths right."), lambda attempt: attempt.measured.trained >= 0.98
        ),
        Task(
            N_("Make the state too small: below 50% right within the trained lengths, with at most 8 units."),
            lambda attempt: attempt.measured.trained < 0.5 and attempt.measured.units <= 8,
        ),
        Task(
            N_("Let it get at least 65% of the strings right that are one letter longer than any it was trained on."),
            lambda attempt: attempt.measured.by_length[attempt.measured.longest] >= 0.65,
        ),
    ),
    door=Door("shapes", {"shape": "encoder_decoder", "pairs": "reverse", "width": "32"}, alike=True),
    further=Door("shapes", {"shape": "encoder_decoder", "pairs": "translation", "seen": "all"},
                 label=N_("Translate sentences between English and Chinese, with attention")),
)  # fmt: skip
