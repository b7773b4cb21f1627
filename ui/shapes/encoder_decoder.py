"""Encoder and decoder: the output starts only after the whole input was read. Here numbers, dates, reversed strings,
sentences."""

import operator
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import EncoderDecoderTrainer, InputError
from rnn_core.tasks.pairs.base import END, PairTask
from ui.charts.formatting import column
from ui.charts.limits import there
from ui.i18n import N_, Translate
from ui.shapes import figures_translation
from ui.shapes.decoding import Quality, Search, qualities, search
from ui.shapes.decoding import quality_guide as quality_guide
from ui.shapes.decoding import quality_table as quality_table
from ui.shapes.records import Chain, Diagram, Network, ShapeSetup, ShapeView
from ui.shapes.sample import SampleAnalysis, first_symbol, gradient_norms
from ui.theme import Theme
from ui.training.snapshot import SampleChoice

TITLE = N_("Encoder and decoder: first read everything, then write")
STORY = N_(
    "Two networks with weights of their own. The encoder reads the whole input and puts out nothing. The decoder "
    "starts from its last state, writes one symbol after the other and reads each back as its next input, until it "
    "writes the end (⏎). The last state is all that it gets of the input, unless it may attend to all of them."
)
TYPE = N_("An input to translate")
HELP = N_("It has to be one that the task knows; the example in the diagram shows how it is written.")
EXERCISE = (
    N_("Everything passes through one state. Reduce the hidden units: which outputs break first, short or long "
       "ones? Read it off the bars."),
    N_("Let the decoder learn from its own symbols instead of the right ones. What happens to the first hundred "
       "updates, and why?"),
    N_("Compare the share of right symbols with teacher forcing to that of free running. When they differ, one "
       "wrong symbol "
       "has led to the next: find such an output in the table."),
    N_("Type an input of your own, and widen the beam. When does the first of the alternatives differ from the output "
       "in the diagram, early or late in the training, and which of the two is right?"),
    N_("Translate English into Chinese with 16 hidden units, the decoder seeing all states: after some two thousand "
       "updates, which lengths has the network beside it not yet learned, and which has the one with attention?"),
    N_("Let the decoder see all states. By how many updates is it sooner than the network beside it, on dates and on "
       "strings reversed? Which step does it read for each symbol?"),
)  # fmt: skip
NEEDED = N_("An input of this task is needed.")
ALT = N_("Share of held-out inputs whose whole output is right, for each length of the input.")
HEADING = N_("The bottleneck: whole outputs right, by length")
SUMMARY = 1  # which sentence of the guide is always visible
START = "▶"
MEASURE_EVERY = 0.7  # seconds, and
MEASURE_SHARE = 0.1  # of the time at most goes into it
EXAMPLES = 12
FEW = 12  # held-out inputs of a length


class Alignment(NamedTuple):
    """What a decoder with attention reads for each symbol of the sequence that is shown."""

    weights: np.ndarray  # (S, T) of the steps of the input; a row sums to 1
    read: tuple[str, ...]  # (T,) symbols
    written: tuple[str, ...]  # (S,)


class Translation(NamedTuple):
    """How the held-out inputs are translated."""

    lengths: np.ndarray  # (n,) of inputs, ascending
    counts: np.ndarray  # (n,) how many there are
    exact: np.ndarray  # (n,) share of them whose whole output is right
    forced: float  # share of the right symbols while the decoder reads the right ones
    free: float  # the same while it reads its own
    examples: tuple[tuple[str, str, str], ...]  # input, output that is right, output
    output: str  # of the sequence that is shown
    answer: str  # what is right for it; empty where nobody knows
    plain: np.ndarray | None = None  # (n,) `exact` of the network without attention beside it
    alignment: Alignment | None = None  # with attention
    width: int = 1  # of the beam that `qualities` were measured with
    qualities: tuple[Quality, ...] = ()  # one for each way to find outputs
    search: Search | None = None  # of the sequence that is shown


def setup(values: Mapping[str, Any], code: str) -> ShapeSetup:
    """The chosen pairs."""
    networks: tuple[Network, ...] = (Network(values["cell"], values["units"], values["layers"]),)
    if values["attention"]:
        plain = Network(values["cell"], values["units"])
        networks = (plain._replace(attention=True), plain)
    return ShapeSetup("encoder_decoder", values["pairs"], networks, (), values["seed"], values["forcing"])


class Analyzer:
    """Translates one input, and the held-out ones now and then."""

    def __init__(self, task: PairTask, trainers: Sequence[EncoderDecoderTrainer], _setup: ShapeSetup) -> None:
        self._task, self._trainer, self._network = task, trainers[0], trainers[0].network
        self._others = [trainer.network for trainer in trainers[1:]]
        self._measured_at, self._measured_of, self._took = -float("inf"), (-1, 0), 0.0
        self._measured: Translation | None = None

    def read(self, sample_choice: SampleChoice, complete: bool = False) -> SampleAnalysis:
        """One input, translated; the held-out ones as they are now if `complete`, else as they were a moment ago."""
        task, network, refused = self._task, self._network, False
        unknown: list[str] = []
        held_out = task.held_out()
        x = held_out.x[:, sample_choice.number % held_out.x.shape[1], None]
        if sample_choice.split == "typed":
            try:
                x = task.encode(sample_choice.typed)
            except InputError:
                refused = True
                unknown = [one for one in task.symbols_of(sample_choice.typed) if one not in task.symbols]
        answer = task.answer(task.written(x[:, 0])) or ""
        ids = network.translate(x, task.output_length)
        end = np.flatnonzero(ids[:, 0] == task.output_size - 1)
        steps = int(end[0]) + 1 if end.size else len(ids)
        ids = ids[:steps]
        passes = network.forward(x, network.shifted(ids))
        first = first_symbol(x[:, 0], 0)
        read = tuple(task.symbols[int(i)].replace(" ", "␣") for i in x[first:, 0])
        output = tuple(task.letters[int(i)] for i in ids[:, 0])
        halves = passes.encoder.hidden[:, 1 + first :, 0], passes.decoder.hidden[:, 1:, 0]
        chains = tuple(Chain(states, layer) for layer, states in enumerate(np.concatenate(halves, axis=1)))
        wanted = (*task.letters_of(answer), END)[:steps] if answer else ()
        outputs = ("",) * len(read) + output
        targets = ("",) * len(read) + wanted + ("",) * (steps - len(wanted))
        diagram = Diagram(
            inputs=(*read, START, *output[:-1]),
            chains=chains,
            outputs=outputs,
            wanted=targets,
            right=tuple(map(operator.eq, outputs, targets)) if answer else None,
            first=first,
            boundary=len(read),
            gradient=self._gradient(x, ids, answer)[first:] if answer else None,
        )
        width, found = sample_choice.beam_width, self._measured
        of, rest = (self._trainer.update, width), max(MEASURE_EVERY, self._took / MEASURE_SHARE)
        now = time.monotonic()
        if found is None or (of != self._measured_of and (complete or now - self._measured_at >= rest)):
            found = self._measured = self._measure(width)
            self._measured_of, self._measured_at = of, time.monotonic()
            self._took = self._measured_at - now
        alignment = None
        if passes.alignment is not None:
            alignment = Alignment(np.array(passes.alignment[:, 0, first:]), read, output)
        finding = found._replace(
            output=task.decode(ids[:, 0]), answer=answer, alignment=alignment, search=search(network, task, x, width)
        )
        return SampleAnalysis(diagram, finding, refused, tuple(dict.fromkeys(unknown)))

    def _gradient(self, x: np.ndarray, ids: np.ndarray, answer: str) -> np.ndarray:
        """(T + steps,) of both halves, while the decoder reads its own symbols and should say the answer."""
        wanted = [self._task.letters.index(letter) for letter in (*self._task.letters_of(answer), END)][: len(ids)]
        targets, mask = np.zeros_like(ids), np.zeros(ids.shape, np.float32)
        targets[: len(wanted), 0], mask[: len(wanted)] = wanted, 1
        passes = self._network.backward(x, targets, mask, self._network.shifted(ids))
        return np.concatenate([gradient_norms(passes.encoder), gradient_norms(passes.decoder)])

    def _measure(self, width: int) -> Translation:
        task, network, pairs = self._task, self._network, self._task.held_out()
        output = network.translate(pairs.x, len(pairs.targets))
        right, lengths = task.matches(output, pairs), task.length(pairs.x)
        forced = there(network.forward(pairs.x, network.shifted(pairs.targets)).decoder.probs).argmax(axis=-1)
        counted = pairs.mask > 0
        kinds = np.unique(lengths)
        others = [other.translate(pairs.x, len(pairs.targets)) for other in self._others]
        beside = [task.matches(ids, pairs) for ids in others]
        examples = tuple(
            (task.written(pairs.x[:, b]), task.decode(pairs.targets[:, b]), task.decode(output[:, b]))
            for b in range(EXAMPLES)
        )
        return Translation(
            lengths=kinds,
            counts=np.array([(lengths == length).sum() for length in kinds]),
            exact=np.array([right[lengths == length].mean() for length in kinds]),
            forced=float((forced == pairs.targets)[counted].mean()),
            free=float((output == pairs.targets)[counted].mean()),
            examples=examples,
            output="",
            answer="",
            plain=np.array([beside[0][lengths == length].mean() for length in kinds]) if beside else None,
            width=width,
            qualities=qualities(task, pairs, output, network, others, width),
        )


analyzer = Analyzer


def figure(view: ShapeView, theme: Theme, translate: Translate) -> go.Figure:
    """Whole outputs right, by length of the input."""
    return figures_translation.bottleneck(view.finding, theme=theme, translate=translate)


def guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read it."""
    found: Translation = view.finding
    few = ", ".join(str(n) for n, count in zip(found.lengths, found.counts, strict=True) if count < FEW)
    return [
        _("Each bar: of the held-out inputs of this length, the share whose output is right to the last symbol. "
          "None of them was trained on."),
        _("While the decoder reads the right symbols (teacher forcing), {forced:.1%} of its symbols are right; "
          "while it reads "
          "its own (free running), {free:.1%}.").format(forced=found.forced, free=found.free),
        _("The accuracy curve counts whole outputs, free running."),
        *([_("Both networks have the same cell, units, seed and batches; attention has weights of its own besides.")]
          if found.plain is not None else []),
        *([_("Of these lengths there are fewer than {few} held-out inputs, so that chance moves their bars: "
             "{lengths}.").format(few=FEW, lengths=few)] if few else []),
    ]  # fmt: skip


def alignment_guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read the alignment; nothing where there is none."""
    found = view.finding.alignment if isinstance(view.finding, Translation) else None
    if found is None:
        return []
    row, most = np.unravel_index(int(found.weights.argmax()), found.weights.shape)
    used = float(np.exp(-(found.weights * np.log(np.maximum(found.weights, 1e-30))).sum(axis=1)).mean())
    return [
        _("Each row is a symbol of the output: how much of each step of the input the decoder read before it wrote it. "
          "A row sums to 1."),
        _("The largest weight is {weight:.1%}: for “{written}” it read “{read}”, step {step} of the input. On average "
          "a row is spread over {used:.1f} steps (the exponential of its entropy).").format(
            weight=float(found.weights[row, most]), written=found.written[row], read=found.read[most],
            step=int(most), used=used,
        ),
        _("A state also holds what was read before it, so that the network may read it a step later than one would."),
    ]  # fmt: skip


def alignment_table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """The weights, a row for each symbol of the output; nothing where there are none."""
    found = view.finding.alignment if isinstance(view.finding, Translation) else None
    if found is None:
        return {}
    columns = {f"{t}: {symbol}": column(found.weights[:, t], 3) for t, symbol in enumerate(found.read)}
    return {_("output"): list(found.written)} | columns


def table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """Some held-out inputs."""
    found: Translation = view.finding
    examples = found.examples
    return {
        _("input"): [text for text, _right, _output in examples],
        _("right output"): [right for _text, right, _output in examples],
        _("output"): [output or END for _text, _right, output in examples],  # of one that writes nothing, its end
        _("correct"): ["✓" if right == output else "✗" for _text, right, output in examples],
    }
