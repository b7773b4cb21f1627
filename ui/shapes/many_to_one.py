"""Many to one: only the last output is read. Here the sentiment of a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import InputError, Trainer
from rnn_core.analysis.bag import BagOfWords
from rnn_core.analysis.readouts import at_every_step
from rnn_core.tasks.sentiment import VERDICTS, SentimentTask
from ui.charts.limits import there
from ui.i18n import N_, Translate
from ui.shapes import figures
from ui.shapes.records import Chain, Diagram, Network, ShapeSetup, ShapeView
from ui.shapes.sample import SampleAnalysis, first_symbol, gradient_norms, padded, shown
from ui.theme import Theme
from ui.training.snapshot import SampleChoice

TITLE = N_("Many to one: one answer for the whole sequence")
STORY = N_(
    "A review is read word by word, and only after the last word the network says whether it is good (+) or bad "
    "(−). Nothing is read out before: the state has to carry what matters. Below, the same read-out is applied "
    "after every word, so that you see the verdict form."
)
TYPE = N_("A sentence to judge")
HELP = N_("Words that the grammar of this task does not have are left out; the table of words is in the guide.")
EXERCISE = (
    N_("Type “the room was noisy but the staff was kind”, then swap the two clauses. The words are the same: "
       "which of the two models changes its mind, and why can the other one not?"),
    N_("Before you press Enter, draw the curve of “although we loved the view the price was awful” by hand. At "
       "which word does it turn? Which word told the network that a turn would come?"),
    N_("Find a sentence of at most six words that the trained network gets wrong. What did its training data lack?"),
)  # fmt: skip
NEEDED = N_("At least one word of the grammar is needed.")
ALT = N_(
    "Probability of a good verdict after each word, by the network; that of the bag of words for the whole sentence."
)
HEADING = N_("The verdict, word by word")
SUMMARY = 2  # which sentence of the guide is always visible
TASKS = {"en": "sentiment", "zh_CN": "sentiment_zh"}


class Verdict(NamedTuple):
    """How one sentence is judged, and those written by hand."""

    words: tuple[str, ...]
    good: np.ndarray  # (n,) probability of a good verdict after each word
    bag: float  # the same by the bag of words, for the whole sentence
    target: int | None  # 1 good, 0 bad; None: nobody knows
    written: tuple[tuple[str, int, float, float], ...]  # sentence, verdict, probability by network and by bag
    bag_right: float  # share of the held-out sentences that the bag of words gets right
    vocabulary: tuple[str, ...]


def setup(values: Mapping[str, Any], code: str) -> ShapeSetup:
    """Sentences in the chosen language."""
    return ShapeSetup(
        "many_to_one", TASKS[values["words"]], (Network(values["cell"], values["units"]),), (), values["seed"]
    )


class Analyzer:
    """Reads one sentence and those written by hand."""

    def __init__(self, task: SentimentTask, trainers: Sequence[Trainer], setup: ShapeSetup) -> None:
        self._task, self._model, self._blank = task, trainers[0].model, len(VERDICTS)
        block, held_out = task.block(0, setup.seed), task.held_out()
        self._bag = BagOfWords(task.input_size, self._blank)
        self._bag.fit(block.x.transpose(1, 0, 2).reshape(block.x.shape[1], -1), block.targets.reshape(-1))
        self._bag_right = float(((self._bag.predict(held_out.x) > 0.5) == held_out.targets[0]).mean())
        steps = max(task.sequence_length, *(len(task.encode(text)) for text, _good in task.written()))
        columns = [padded(task.read(text)[0], steps, self._blank) for text, _good in task.written()]
        self._written = np.concatenate(columns, axis=1)

    def read(self, sample_choice: SampleChoice, complete: bool = False) -> SampleAnalysis:
        """The verdict after every word."""
        task, refused, unread = self._task, False, list[str]()
        x, targets, _mask = task.example(sample_choice.number, "held_out")
        target: int | None = int(targets[0, 0])
        if sample_choice.split == "typed":
            try:
                x, unread = task.read(sample_choice.typed)
                x, target = padded(x[: figures.MOST_COLUMNS], task.sequence_length, self._blank), None
            except InputError:
                refused = True
        trace = at_every_step(self._model, x)
        first = first_symbol(x[:, 0], self._blank)
        words, good = shown(x[first:, 0], task.vocabulary), there(trace.probs)[first:, 0, 1]
        outputs = ("",) * (len(words) - 1) + (VERDICTS[int(good[-1] > 0.5)],)
        wanted = ("",) * (len(words) - 1) + ("" if target is None else VERDICTS[target],)
        gradient = None if target is None else gradient_norms(self._model.backward(x, [[target]]))[first:]
        diagram = Diagram(words, (Chain(trace.hidden[0, 1 + first :, 0]),), outputs, wanted, first, None, gradient)
        probs = there(self._model.forward(self._written).probs)[0, :, 1]
        bags = self._bag.predict(self._written)
        written = tuple(
            (text, verdict, float(p), float(q))
            for (text, verdict), p, q in zip(task.written(), probs, bags, strict=True)
        )
        bag = float(self._bag.predict(x)[0])
        finding = Verdict(words, good, bag, target, written, self._bag_right, task.vocabulary[self._blank + 1 :])
        return SampleAnalysis(diagram, finding, refused, tuple(unread))


analyzer = Analyzer


def figure(view: ShapeView, theme: Theme, translate: Translate) -> go.Figure:
    """The verdict after every word."""
    return figures.verdict(view.finding, theme=theme, translate=translate)


def guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read it."""
    found: Verdict = view.finding
    right = sum((p > 0.5) == verdict for _text, verdict, p, _bag in found.written)
    bag_right = sum((q > 0.5) == verdict for _text, verdict, _p, q in found.written)
    return [
        _("The line: the probability of “good” if the sentence ended after this word. Above the middle it says good."),
        _(
            "The purple dashed line is a model that only counts words (logistic regression on the same "
            "sentences). It does not know their order; its accuracy on held-out sentences is {share:.0%}."
        ).format(share=found.bag_right),
        _("Of {count} sentences written by hand the network gets {right} right, the bag of words {bag_right}.").format(
            count=len(found.written), right=right, bag_right=bag_right
        ),
        _("It knows these words: {words}.").format(words=" ".join(found.vocabulary)),
    ]


def table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """The sentences written by hand."""
    found: Verdict = view.finding
    written = found.written
    return {
        _("sentence"): [text for text, *_rest in written],
        _("verdict"): [VERDICTS[verdict] for _text, verdict, _p, _q in written],
        _("network: p(+)"): [f"{p:.2f}" for _text, _verdict, p, _q in written],
        _("bag of words: p(+)"): [f"{q:.2f}" for _text, _verdict, _p, q in written],
        _("network: correct"): ["✓" if (p > 0.5) == verdict else "✗" for _text, verdict, p, _q in written],
        _("bag of words: correct"): ["✓" if (q > 0.5) == verdict else "✗" for _text, verdict, _p, q in written],
    }
