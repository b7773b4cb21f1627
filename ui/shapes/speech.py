"""Sound to symbols: a label wherever there is one, and nobody says where. Here vowels that a synthesiser speaks."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import InputError, Trainer
from rnn_core.ctc import best_path, labels_of, prefix_beam_search, right_labels
from rnn_core.tasks.speech import SpeechTask
from rnn_core.tasks.speech.features import log_mel
from ui.charts.formatting import column, percent
from ui.charts.limits import there
from ui.i18n import N_, Translate, join_sentences
from ui.shapes import figures_speech
from ui.shapes.records import Chain, Diagram, Network, ShapeSetup, ShapeView
from ui.shapes.sample import SampleAnalysis, gradient_norms
from ui.shapes.sounds import RECORDED, sound_of
from ui.theme import Theme
from ui.training.snapshot import SampleChoice

TITLE = N_("Speech: sound in, symbols out, and nobody says when")
STORY = N_(
    "A small synthesiser says one to four of the vowels a, e, i, o, u, as in Spanish. The network reads a spectrum "
    "every 16 ms, in both directions. With CTC (Graves et al. 2006) it learns from what was said alone: at each step "
    "it puts out a vowel or the blank (–), and all the ways to place the vowels count together. Speakers differ in "
    "vocal tract, pitch, pace and noise; the network is judged on speakers whom it has never heard."
)
TYPE = N_("Vowels to be spoken")
HELP = N_(
    "One to eight of a, e, i, o, u, such as: aeiou. They are said by a speaker whom the network has never heard; the "
    "number of the example decides which."
)
EXERCISE = (
    N_("Switch from CTC to a label for each frame. How do the curves of the vowels change, and how that of the blank? "
       "Which of the two knows when a vowel ends?"),
    N_("Let it learn from one speaker alone, then from four. Compare the accuracy on unseen speakers when the training "
       "loss is the same. What has it learned by heart?"),
    N_("Have “aa” said, then “a”. What must the network put out between two identical vowels, and why?"),
    N_("Start over with CTC and watch the blank in the first hundred updates. Why does it pay, at first, to say "
       "nothing?"),
)  # fmt: skip
NEEDED = N_("One to eight of the vowels a, e, i, o, u are needed.")
ALT = N_("The probability of each vowel at each step, that of the blank below, and when each vowel sounds.")
HEADING = N_("What it hears, and when")
SUMMARY = 0  # which sentence of the guide is always visible
LOG_LOSS = True  # the loss falls by powers of ten
WIDTH, BEST = 8, 3  # of the beam; labellings that are told
TASKS = {"ctc": "speech", "frames": "speech_frames"}


class Hearing(NamedTuple):
    """What the network hears in one sound."""

    symbols: tuple[str, ...]  # (K,) the blank first
    probs: np.ndarray  # (T, K)
    heard: str  # the labels on the best path
    beam: tuple[tuple[str, float], ...]  # the likeliest labellings, and the probability of all their paths
    said: str | None  # None where nobody knows
    sounding: tuple[tuple[int, int, int], ...]  # first step, end, vowel, where that is known
    recorded: bool
    ctc: bool

    @property
    def spikes(self) -> list[int]:
        """For how many steps each vowel in turn is the likeliest symbol."""
        path = self.probs.argmax(axis=1).tolist()
        return [len(list(run)) for symbol, run in itertools.groupby(path) if symbol]


def setup(values: Mapping[str, Any], code: str) -> ShapeSetup:
    """One network that reads in both directions."""
    network = Network(values["cell"], values["units"], bidirectional=True)
    options = (("speakers", values["speakers"]),)
    return ShapeSetup("speech", TASKS[values["labels"]], (network,), options, values["seed"])


class Analyzer:
    """Has the network listen to one sound."""

    def __init__(self, task: SpeechTask, trainers: Sequence[Trainer], _setup: ShapeSetup) -> None:
        self._task, self._model = task, trainers[0].model

    def read(self, sample_choice: SampleChoice, complete: bool = False) -> SampleAnalysis:
        """One sound: an utterance of the held-out data, vowels that were typed, or a recording."""
        task, refused = self._task, False
        try:
            wave, path = sound_of(task, sample_choice)
        except InputError:
            refused = True
            wave, path = sound_of(task, SampleChoice("held_out", sample_choice.number))
        frames = log_mel(wave)
        trace, gradient = self._model.forward(frames[:, None]), None
        if path is not None:
            gradient = gradient_norms(self._model.backward(frames[:, None], path[:, None]))
        probs, logits = there(trace.probs)[:, 0], trace.logits[:, 0]
        guess = logits.argmax(axis=1)
        wanted = ("",) * len(guess) if path is None else self._letters(path)
        chains = tuple(Chain(trace.hidden[d, 1:, 0], 0, bool(d)) for d in range(2))
        ordered, right = task.loss == "ctc", None
        if path is not None:
            right = right_steps(guess, path) if ordered else tuple((guess == path).tolist())
        diagram = Diagram(
            ("",) * len(frames), chains, self._letters(guess), wanted, gradient=gradient, right=right,
            ordered=ordered and right is not None, frames=frames,
        )  # fmt: skip
        return SampleAnalysis(diagram, self._hearing(probs, logits, path, sample_choice), refused)

    def _hearing(self, probs: np.ndarray, logits: np.ndarray, path: np.ndarray | None, choice: SampleChoice) -> Hearing:
        heard, beam = "", tuple[tuple[str, float], ...]()
        if np.isfinite(logits).all():
            heard = self._word(best_path(logits))
            search = prefix_beam_search(logits, WIDTH)[:BEST]
            beam = tuple((self._word(found.labels), float(np.exp(found.log_prob))) for found in search)
        sounding, begin = [], 0
        for symbol, run in itertools.groupby([] if path is None else path.tolist()):
            end = begin + len(list(run))
            if symbol:
                sounding.append((begin, end, symbol))
            begin = end
        return Hearing(
            symbols=self._task.symbols,
            probs=np.array(probs),
            heard=heard,
            beam=beam,
            said=None if path is None else self._word(labels_of(path)),
            sounding=tuple(sounding),
            recorded=choice.split == RECORDED,
            ctc=self._task.loss == "ctc",
        )

    def _word(self, labels: Sequence[int]) -> str:
        return "".join(self._task.symbols[label] for label in labels)

    def _letters(self, path: np.ndarray) -> tuple[str, ...]:
        """The vowels of a path, an empty string for a blank."""
        return tuple(self._task.symbols[symbol] if symbol else "" for symbol in path)


analyzer = Analyzer


def right_steps(guess: np.ndarray, path: np.ndarray) -> tuple[bool, ...]:
    """(T,) whether the likeliest symbol of each step is a vowel that is right in the order of those that were said:
    CTC leaves open at which step it stands."""
    marks, steps = iter(right_labels(labels_of(guess), labels_of(path))), list[bool]()
    for symbol, run in itertools.groupby(guess.tolist()):
        steps += [bool(symbol) and next(marks)] * len(list(run))
    return tuple(steps)


def figure(view: ShapeView, theme: Theme, translate: Translate) -> go.Figure:
    """The probabilities over time."""
    return figures_speech.spikes(view.finding, theme=theme, translate=translate)


def guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read it."""
    found: Hearing = view.finding
    messages = [
        _verdict(view, found, _),
        _("A line for each vowel: how probable it is at each step. Coloured bands show when a vowel sounds, where that "
          "is known. Below, the blank, which says: nothing new."),
    ]  # fmt: skip
    spikes, sounding = found.spikes, [end - begin for begin, end, _vowel in found.sounding]
    if spikes and sounding:
        messages.append(
            _("Here a vowel sounds for {sounding:.1f} steps on average, and is the likeliest symbol for {spikes:.1f} "
              "steps at a time.").format(sounding=float(np.mean(sounding)), spikes=float(np.mean(spikes)))
        )  # fmt: skip
    messages.append(
        _("This network learns from what was said, not from when: to the loss it is all the same at which step of the "
          "sound a vowel's spike stands, as long as the order is right.")
        if found.ctc
        else _("This network learns from a label for each step: somebody has to have marked where every vowel begins "
               "and ends. CTC needs none of that.")
    )  # fmt: skip
    if found.beam:
        texts = [_("“{text}”").format(text=text) if text else _("nothing") for text, _share in found.beam]
        shares = [percent(share) for _text, share in found.beam]
        listed = _(", ").join(map(" ".join, zip(texts, shares, strict=True)))
        messages.append(
            _("The best path takes the likeliest symbol of each step, merges equal neighbours and drops the blanks: "
              "{heard}. Prefix beam search keeps the {width} most probable beginnings and adds up the paths that spell "
              "the same: {listed}.").format(
                heard=_("“{text}”").format(text=found.heard) if found.heard else _("nothing"), width=WIDTH,
                listed=listed,
            )
        )  # fmt: skip
    return messages


def _verdict(view: ShapeView, found: Hearing, _: Translate) -> str:
    """What it heard, and how often it errs with speakers whom it has never heard."""
    right = view.competitors[0].accuracy[-1][1]
    values = {"heard": found.heard, "said": found.said, "error": 1 - right, "guess": 1 - view.guess}
    if found.said is None:
        heard = _("In your recording it hears nothing.")
        if found.heard:
            heard = _("In your recording it hears “{heard}”.")
        honest = _("It has only ever heard the synthesiser: a real voice, another language or your microphone may be "
                   "unlike anything that it knows.")  # fmt: skip
        heard = join_sentences(heard, honest)
    elif found.heard == found.said:
        heard = _("It hears “{heard}”, and that is what was said.")
    elif found.heard:
        heard = _("It hears “{heard}”; “{said}” was said.")
    else:
        heard = _("It hears nothing; “{said}” was said.")
    rate = _(
        "Symbol error rate on unseen speakers: {error:.1%}; of the best answer that is always the same: {guess:.1%}."
    )
    if right == 0:
        rate = _(
            "Symbol error rate on unseen speakers: 100% or more; of the best answer that is always the same: "
            "{guess:.1%}."
        )
    return join_sentences(heard.format(**values), rate.format(**values))


def table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """The probabilities."""
    found: Hearing = view.finding
    names = [_("blank"), *found.symbols[1:]]
    return {
        _("step t"): list(range(len(found.probs))),
        **{name: column(found.probs[:, k], 3) for k, name in enumerate(names)},
        _("vowel that sounds"): [text or "–" for text in view.diagram.wanted],
    }
