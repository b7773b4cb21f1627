"""Interventions: the reader's change as one of the core's, and the network beside itself with and without it."""

from collections.abc import Callable, Hashable
from typing import NamedTuple

import numpy as np

from rnn_core.analysis.interventions import Change, Reading, divergence, read, write
from rnn_core.analysis.memory import MemoryCurve, memory_curve
from rnn_core.analysis.recording import Recording, state_before
from rnn_core.analysis.steps import Clamp
from rnn_core.config import ModelConfig
from rnn_core.tasks.base import Task
from rnn_core.tasks.stream import StreamTask
from ui.charts.symbols import SPACES
from ui.i18n import Translate
from ui.memory.controls import ChangeChoices
from ui.memory.excerpt import Excerpt
from ui.memory.figures import bounds
from ui.memory.recorder import RecordedText

BEFORE, AFTER = 8, 64  # symbols that are shown before and after the change
BESIDE = 36  # on either side where a change reaches both
WRITTEN = 160  # symbols that are written on
REACH, PLACES = 60, 100  # of a memory curve
MOST_READ = 10_000  # symbols that a memory curve is measured on
LEAST_TEMPERATURE = 0.05
ROOM = 32 * 2**20  # bytes of a reading that is kept
SIGNS = {sign: symbol for symbol, sign in SPACES.items() if symbol}  # what cannot be typed, as it is shown


class Comparison(NamedTuple):
    """The symbols begin <= t < end of a passage, as they are read and with a change at `at`."""

    begin: int
    end: int
    at: int
    vocabulary: tuple[str, ...]
    ids: np.ndarray
    changed_ids: np.ndarray
    quantity: str
    before: np.ndarray  # (n, H)
    after: np.ndarray  # (n, H)
    low: float  # of the colours
    high: float
    divergence: np.ndarray  # (n,) nats; NaN where the network has no output
    loss: np.ndarray  # (n,) change of the loss, nats; NaN where nothing is asked
    written: str  # what the network writes on, from the symbol after `at`
    written_after: str  # the same with the change
    both_ways: bool = False  # the network reads in both directions
    verdict: tuple[float, float] | None = None  # of the one output at the end: divergence, change of its loss (nats)


class Unusable(NamedTuple):
    """Why a change cannot be made: a kind, and the symbols that are not known."""

    reason: str
    symbols: str = ""


def goes_on(config: ModelConfig) -> bool:
    """Whether a network's reading can be taken up anywhere and continued: one direction, an output at every step."""
    return not config.bidirectional and config.output == "every"


def compare(
    read_text: RecordedText,
    choices: ChangeChoices,
    at: int,
    unit: int,
    temperature: float,
    kept: dict[Hashable, Reading],
    progress: Callable[[float], bool] = lambda share: True,
) -> Comparison | Unusable | None:
    """The Comparison for what the reader has chosen, at symbol `at` of a text that was read.

    kept : where the reading without the change is left for the next comparison, as long as it is not too large.
    progress : called with the share done; the result is None when it returns False.
    """
    recording, excerpt, task = read_text.recording, read_text.excerpt, read_text.task
    model, config = recording.model, recording.model.config
    first, whole = at - at % recording.steps, not goes_on(config)
    last = min(len(recording.ids), first + recording.steps)
    before, after = (BESIDE, BESIDE) if config.bidirectional else (BEFORE, AFTER)
    begin, end = max(first, at - before), min(last, at + after)
    # A network with another direction, or one output at the end, reads its sequence from beginning to end.
    start, stop = (first, last) if whole else (begin, end)
    ids = recording.ids[start:stop]
    change = _change(recording, excerpt, task, choices, at - start, unit, ids)
    if isinstance(change, Unusable):
        return change
    state = None if whole else state_before(recording, start)
    key = (read_text.version, start, stop)
    plain = kept.get(key) or read(model, ids, state, progress=lambda share: progress(share / 2))
    if plain is None:
        return None
    kept.clear()
    if plain.hidden.nbytes * (2 + len(plain.gates)) <= ROOM:
        kept[key] = plain
    other = read(model, ids, state, change, plain, lambda share: progress((1 + share) / 2))
    if other is None:
        return None
    shown = slice(begin - start, end - start)
    own, changed = (reading.quantity(recording.quantity)[recording.stack, shown] for reading in (plain, other))
    targets, changed_ids = recording.targets[start:stop].copy(), ids.copy()
    for step, symbol in change.symbols:
        changed_ids[step] = symbol
        if step > 0 and targets[step - 1] == ids[step]:
            targets[step - 1] = -1  # it was asked for the symbol that is no longer there
    moved, loss = _effect(plain, other, targets)
    verdict = (float(moved[-1]), float(loss[-1])) if config.output == "last" else None
    written = written_after = ""
    if isinstance(task, StreamTask) and not whole:
        heat = max(LEAST_TEMPERATURE, temperature)
        prompt = ids[: at - start + 1]
        written, written_after = (
            task.decode(write(model, prompt, WRITTEN, state, each, heat, seed=at)) for each in (None, change)
        )
    low, high = bounds(np.concatenate([own, changed]), recording.quantity)
    return Comparison(
        begin, end, at, excerpt.vocabulary, ids[shown], changed_ids[shown], recording.quantity, own, changed, low, high,
        moved[shown], loss[shown], written, written_after, config.bidirectional, verdict,
    )  # fmt: skip


def _effect(plain: Reading, other: Reading, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(divergence, change of the loss) at each of T steps; NaN where there is no output, or nothing is asked."""
    steps, outputs = len(targets), len(plain.log_probs)
    moved, loss = np.full(steps, np.nan), np.full(steps, np.nan)
    moved[steps - outputs :] = divergence(plain.log_probs, other.log_probs)
    rows, asked = np.arange(outputs), targets[steps - outputs :]
    change = plain.log_probs[rows, np.maximum(asked, 0)] - other.log_probs[rows, np.maximum(asked, 0)]
    loss[steps - outputs :] = np.where(asked >= 0, change, np.nan)
    return moved, loss


def curves(recording: Recording, excerpt: Excerpt, progress: Callable[[float], bool]) -> dict[str, MemoryCurve]:
    """kind -> MemoryCurve over the beginning of the passage."""
    steps, sequences = excerpt.x.shape
    x = excerpt.x[: min(steps, max(REACH, MOST_READ // sequences))]
    targets = excerpt.targets[: len(x)]
    found = {}
    for number, kind in enumerate(("symbol", "state")):
        found[kind] = memory_curve(recording.model, x, targets, kind, min(REACH, len(x) - 1), PLACES)
        if not progress((number + 1) / 2):
            return {}
    return found


def _change(
    recording: Recording, excerpt: Excerpt, task: Task, choices: ChangeChoices, at: int, unit: int, ids: np.ndarray
) -> Change | Unusable:
    """Change at step `at` of the ids that are read."""
    if choices.kind in ("state", "swap") and recording.model.config.bidirectional and recording.stack == 1:
        return Unusable("backward")
    if choices.kind == "unit":
        end = at + choices.steps if choices.steps else None
        held = None if choices.units == "all" else unit
        return Change(clamps=(Clamp(choices.quantity, held, choices.value, recording.stack, at, end),))
    if choices.kind == "state":
        return Change(state="zero", at=at)
    given = choices.symbol if choices.kind == "symbol" else choices.other
    if not given:
        return Unusable("no_symbol" if choices.kind == "symbol" else "no_text")
    known = {symbol: number for number, symbol in enumerate(excerpt.vocabulary)}
    if given in SIGNS and given not in known:
        given = SIGNS[given]
    symbols = [given] if given in known else _symbols_of(task, excerpt.vocabulary, given)
    unknown = [symbol for symbol in symbols if symbol not in known]
    if unknown or not symbols:
        return Unusable("unknown", " ".join(dict.fromkeys(unknown)))
    if choices.kind == "symbol":
        if len(symbols) > 1:
            return Unusable("several")
        return Unusable("same") if known[symbols[0]] == ids[at] else Change(symbols=((at, known[symbols[0]]),))
    trace = recording.model.forward(np.array([[known[symbol]] for symbol in symbols], np.int32))
    return Change(state=trace.state, at=at)


def _symbols_of(task: Task, vocabulary: tuple[str, ...], given: str) -> list[str]:
    """Typed text as symbols of a task: as its data are read, else words between blanks where it has words."""
    if isinstance(task, StreamTask):
        return list(task.symbols_of(given))
    return given.split() if max(map(len, vocabulary)) > 1 else list(given)


def problem_of(unusable: Unusable, _: Translate) -> str:
    """Why not, in a sentence."""
    return {
        "no_symbol": _("Type the symbol that is to be read in place of the chosen one."),
        "no_text": _("Type the other text: the network reads it from an empty memory, and continues here with that."),
        "several": _("Give one symbol; the chosen one is exchanged for it."),
        "same": _("This is the symbol that stands there already. Give another one."),
        "backward": _(
            "The memory that is emptied or exchanged here is that of the forward direction; the backward "
            "direction of the first layer, which is shown, is not affected by it. Choose another layer or "
            "direction to look at, or hold units."
        ),
        "unknown": _("The network does not know: {symbols}. Use symbols of its own data."),
    }[unusable.reason].format(symbols=unusable.symbols)
