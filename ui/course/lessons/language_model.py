"""A model of language: a number for how probable a sentence is, and texts that it writes."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Model, generate
from rnn_core.analysis.scoring import score
from rnn_core.generation import drawn_from
from rnn_core.tasks import TEXTS
from rnn_core.tasks.text import TextTask
from ui.course.figures import guessed_numbers
from ui.course.lesson import Answers, Control, Door, Lesson, Misconception, NumberGuess, OrderGuess, Progress, Task
from ui.course.training import in_parts, task_of
from ui.i18n import N_, Translate, join_sentences
from ui.theme import Theme
from ui.training.run import new_trainer
from ui.training.snapshot import Setup, Training

CONTEXT, UNITS, UPDATES, STEPS, COOLER = "\n", 32, 400, 1000, 0.5
SHORTEST, LONGEST, OWN = 20, 80, 10  # letters of a reader's sentence; texts of the network beside it
SENTENCES = {  # the same letters three times
    "words": "I ran by hill, I ran by sea",
    "order": "sea by ran I, hill by ran I",
    "letters": "aes yb nar I, llih yb nar I",
}
EXPECTED = tuple(SENTENCES)


class Typed(NamedTuple):
    """A reader's sentence beside texts of the same length that the network wrote at temperature 1."""

    letters: int
    total: float  # ln p of the sentence; NaN where the network does not know one of its letters
    own: tuple[float, ...]  # ln p of each text of the network
    best: str  # the most probable of those

    @property
    def wins(self) -> bool:
        """Whether it is long enough and more probable than all of them."""
        return self.letters >= SHORTEST and self.total > max(self.own, default=math.inf)


class Measured(NamedTuple):
    """Log probabilities of SENTENCES, and entropies in nats."""

    totals: dict[str, float]  # ln p of the whole sentence
    entropy: float  # of the next letter at temperature 1, mean over STEPS that it wrote itself
    cooler: float  # the same at the temperature that was set, at the same steps
    temperature: float
    symbols: int
    updates: int
    typed: Typed | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """The most probable first."""
        return tuple(sorted(self.totals, key=lambda key: -self.totals[key]))

    @property
    def share(self) -> float:
        """The entropy at the temperature that was set, in percent of that at 1."""
        return 100 * self.cooler / self.entropy


def run(seed: int, temperature: float = COOLER, updates: int = UPDATES, sentence: str = "") -> Iterator[Progress]:
    """Train on a poem, score three sentences and the reader's, write, and measure how uncertain each next letter is."""
    options = (("batch_size", 16), ("text", TEXTS["river_en"].text))
    trainer = new_trainer(Setup("text", options, cell="gru", hidden_size=UNITS, seed=seed), Training())
    task, model, points = task_of(trainer, TextTask), trainer.model, [(0, trainer.evaluate())]
    for share in in_parts(trainer, updates):
        points.append((trainer.update, trainer.evaluate()))
        yield Progress(0.9 * share, {"losses": tuple(zip(*points, strict=True))})
    context = task.encode(CONTEXT)
    totals = {key: score(model, context, task.encode(text)).total for key, text in SENTENCES.items()}
    written = generate(model, context, STEPS, temperature=1.0, seed=seed)
    logits = model.forward(np.concatenate([context, written[:-1]])[:, None]).logits[:, 0]
    entropy, cooler = (_entropy(drawn_from(model, logits, temperature=heat)) for heat in (1.0, temperature))
    typed = _typed(model, task, sentence, seed) if sentence else None
    measured = Measured(totals, entropy, cooler, temperature, task.output_size, trainer.update, typed)
    yield Progress(1.0, {"losses": tuple(zip(*points, strict=True))}, measured)


def _typed(model: Model, task: TextTask, sentence: str, seed: int) -> Typed:
    """The reader's sentence, and OWN texts of its length."""
    if not set(sentence) <= set(task.vocabulary):
        return Typed(len(sentence), math.nan, (), "")
    context = task.encode(CONTEXT)
    texts = [generate(model, context, len(sentence), temperature=1.0, seed=seed + number) for number in range(OWN)]
    totals = [score(model, context, ids).total for ids in (task.encode(sentence), *texts)]
    best = task.decode(texts[int(np.argmax(totals[1:]))])
    return Typed(len(sentence), totals[0], tuple(totals[1:]), best)


def _entropy(probs: np.ndarray) -> float:
    """Mean over the steps, in nats."""
    logs = np.log(np.where(probs > 0, probs, 1.0))
    return float(-(probs * logs).sum(axis=1).mean())


def truth(measured: Measured) -> dict[str, object]:
    """The order of the sentences, and the share of the entropy."""
    return {"order": measured.order, "share": measured.share}


def figure(measured: Measured | None, answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """The entropy at the lower temperature beside that at 1."""
    heat = COOLER if measured is None else measured.temperature
    name = _("temperature {value:g}")
    rows = [(name.format(value=heat), answers.get("share"), None if measured is None else measured.share)]
    if measured is not None:
        rows.append((name.format(value=1.0), None, 100.0))
    top = 130.0 if measured is None else max(130.0, 1.1 * measured.share)
    title = _("entropy of the next letter, in % of that at temperature 1")
    return guessed_numbers(rows, title=title, theme=theme, translate=_, bounds=(0, top))


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    totals, order = measured.totals, measured.order
    each = _("“{sentence}” $10^{{{power:.0f}}}$")
    powers = _(", ").join(each.format(sentence=SENTENCES[key], power=totals[key] / math.log(10)) for key in order)
    values = {"told": powers, "times": (totals[order[0]] - totals[order[1]]) / math.log(10)}
    values |= {"share": measured.share / 100, "entropy": measured.entropy, "cooler": measured.cooler, "steps": STEPS}
    values |= {"temperature": measured.temperature, "choices": math.exp(measured.entropy)}
    values |= {"fewer": math.exp(measured.cooler), "blind": -len(SENTENCES["words"]) * math.log10(measured.symbols)}
    if order == EXPECTED:
        verdict = _(
            "All three have the same letters. The network prefers words that it knows to their letters turned round, "
            "and their order in the poem to another one."
        )
    else:
        verdict = _(
            "All three have the same letters, but in this run the order is not what one would expect of the language."
        )
    if measured.temperature < 1:
        direction = _("Dividing the scores by less than 1 makes their differences larger, so the probable becomes more "
                      "probable: the lower the temperature, the surer each letter.")  # fmt: skip
    elif measured.temperature > 1:
        direction = _("Dividing the scores by more than 1 makes their differences smaller: each letter becomes less "
                      "certain, and closer to one drawn blindly.")  # fmt: skip
    else:
        direction = _("Temperature 1 leaves the probabilities as the network gives them.")
    sentences = [
        join_sentences(
            _(
                "The probability of a sentence is the product of the probabilities of its letters, each after all "
                "before it: {told}. A blind guess has $10^{{{blind:.0f}}}$ for each."
            ).format(**values),
            _("The first is $10^{{{times:.1f}}}$ times as probable as the second.").format(**values),
        ),
        verdict,
        join_sentences(
            _(
                "Over {steps:,} letters that it wrote, the entropy of the next letter was {entropy:.2f} nats at "
                "temperature 1 (like a fair choice among {choices:.1f}), at {temperature:g} it was {cooler:.2f} (among "
                "{fewer:.1f}): {share:.0%}."
            ).format(**values),
            direction,
        ),
    ]
    return [*sentences, _of_the_typed(measured.typed, _)] if measured.typed else sentences


def _of_the_typed(typed: Typed, _: Translate) -> str:
    """How probable the reader's sentence is; the sentence itself is not repeated."""
    if math.isnan(typed.total):
        return _("Your sentence has a letter or sign that the poem does not have, so the network cannot read it.")
    text = " / ".join(typed.best.split("\n"))
    return _(
        "Your sentence of {letters} letters has the probability $10^{{{power:.1f}}}$. The most probable of {own} texts "
        "of that length that the network wrote at temperature 1 has $10^{{{best:.1f}}}$: “{text}”."
    ).format(
        letters=typed.letters, own=OWN, power=typed.total / math.log(10), best=max(typed.own) / math.log(10), text=text
    )


LESSON = Lesson(
    name="language_model",
    title=N_("A model of language"),
    question=N_("Can a network tell which sentence is more probable?"),
    claim=N_(
        "A language model predicts the probability of each word given the words before it. Trained with "
        "$o_t = x_{t+1}$, it has two uses. It tells how likely a sentence is, which matters for translation: a "
        "probable sentence is more often a correct one. And it can write: draw a symbol from $o_t$, read it as the "
        "next input, and so on. When drawing, the scores $V s_t$ are often divided by a number, the temperature, "
        "before the softmax. A network has learned a poem letter by letter. Which of three sentences will it find most "
        "probable, and how uncertain is the next letter at temperature 0.5?"
    ),
    misconception=N_("Temperature only makes a text more or less creative."),
    guesses=(
        OrderGuess(
            "order",
            N_("Order the sentences, the most probable first."),
            tuple((key, f"“{SENTENCES[key]}”") for key in ("letters", "order", "words")),
            (Misconception(N_("The network has never seen words like these; their letters follow one another in pairs "
                              "that hardly occur."), value="letters,words,order"),
             Misconception(N_("The network has never seen words like these; their letters follow one another in pairs "
                              "that hardly occur."), value="letters,order,words"),
             *(Misconception(N_("Both have the same words. But the network has also learned which word follows which, "
                                "and finds the order of the poem more probable than another."), value=value)
               for value in ("order,words,letters", "order,letters,words")),
             Misconception(N_("Turned round, the letters form words that the network has never seen. Known words in "
                              "another order keep far more of what it has learned."), value="words,letters,order")),
            title=N_("Places by probability"),
        ),
        NumberGuess(
            "share", N_("Entropy of the next letter at temperature 0.5, in percent of that at 1"), 0, 130, "%", False,
            60,
            (
                Misconception(N_("A temperature below 1 enlarges the differences between the scores. The distribution "
                                 "becomes sharper, never flatter, so its entropy falls."), low=95, high=130),
                Misconception(N_("At temperature 0.5 letters are still drawn; only at 0 the most probable one would "
                                 "always be taken, and the entropy be zero."), low=0, high=10),
            ),
            above=N_("You expected more than was measured: at temperature 0.5 every probability is squared before they "
                     "are made to sum to 1 again, and small ones all but vanish."),
            below=N_("You expected less than was measured: at temperature 0.5 the probable letters become more "
                     "probable, but the others keep a chance."),
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    controls=(
        Control("temperature", N_("Temperature"), COOLER, 0.1, 3.0, 0.1),
        Control("updates", N_("Updates"), UPDATES, 0, 1000, 10),
        Control("sentence", N_("A sentence of your own, in the letters of the poem"), "", longest=LONGEST),
    ),
    tasks=(
        Task(
            N_("Bring the entropy below a fifth of that at temperature 1."),
            lambda attempt: attempt.measured.share < 20,
        ),
        Task(
            N_("Write 20 letters or more that it finds more probable than ten texts of its own of that length."),
            lambda attempt: attempt.measured.typed is not None and attempt.measured.typed.wins,
        ),
        Task(
            N_("Find a number of updates after which the three sentences stand in another order."),
            lambda attempt: attempt.measured.order != EXPECTED,
        ),
    ),
    door=Door("language", {"data": "river_en", "cell": "gru", "sentences": "\n".join(SENTENCES.values())}),
)  # fmt: skip
