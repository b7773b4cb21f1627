"""What an encoder-decoder might also have written, by beam search, and how good its outputs are, beside a guess."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from rnn_core import EncoderDecoder
from rnn_core.analysis.bleu import Bleu, bleu
from rnn_core.encoder_decoder.beam import Hypothesis, beam_search
from rnn_core.tasks.pairs import PAIRS
from rnn_core.tasks.pairs.base import END, Pairs, PairTask
from rnn_core.tasks.pairs.translation import TranslationTask
from ui.charts.formatting import percent
from ui.i18n import N_, Translate
from ui.shapes.records import ShapeView

NORMALISATION = 1.0  # a of the score: the mean of a symbol
CUT = "…"  # behind an output that has no end
WAYS = {
    "greedy": N_("the likeliest symbol at each step"),
    "beam": N_("beam search, width {width}"),
    "plain": N_("without attention, beside it"),
    "blind": N_("a blind guess"),
}


class Quality(NamedTuple):
    """How good the outputs are for all held-out inputs, in one way to find them."""

    way: str  # key in WAYS
    exact: float  # share of whole outputs that are right
    bleu: Bleu | None  # of sentences


class Search(NamedTuple):
    """What beam search found for the input that is shown."""

    width: int
    found: tuple[tuple[str, Hypothesis], ...]  # outputs as they are written, the highest score first
    greedy: float  # ln p of the output that the diagram shows


def search(network: EncoderDecoder, task: PairTask, x: np.ndarray, width: int) -> Search:
    """The alternatives for one input (T, 1)."""
    [found], [[greedy]] = (
        beam_search(network, x, task.output_length, each, NORMALISATION) for each in (width, 1)
    )  # fmt: skip
    return Search(width, tuple((task.decode(one.ids), one) for one in found), greedy.log_prob)


def searched(network: EncoderDecoder, task: PairTask, x: np.ndarray, width: int) -> np.ndarray:
    """(S, B) ids of the output with the highest score for each input; its end behind it."""
    out = np.full((task.output_length, x.shape[1]), task.output_size - 1, np.int32)
    for b, found in enumerate(beam_search(network, x, task.output_length, width, NORMALISATION)):
        out[: len(found[0].ids), b] = found[0].ids
    return out


def quality(way: str, task: PairTask, pairs: Pairs, ids: np.ndarray) -> Quality:
    """Quality of outputs (S, B) for these pairs."""
    exact = float(task.matches(ids, pairs).mean())
    if not isinstance(task, TranslationTask):
        return Quality(way, exact, None)
    outputs, right = ([_words(task, column) for column in table.T] for table in (ids, pairs.targets))
    return Quality(way, exact, bleu(outputs, right))


def _words(task: PairTask, ids: np.ndarray) -> list[int]:
    listed = ids.tolist()
    end = task.output_size - 1
    return listed[: listed.index(end)] if end in listed else listed


def qualities(
    task: PairTask,
    pairs: Pairs,
    outputs: np.ndarray,
    network: EncoderDecoder,
    beside: Sequence[np.ndarray],
    width: int,
) -> tuple[Quality, ...]:
    """Of every way to find outputs. outputs : (S, B) of the network. beside : of others. width : of the beam."""
    found = [quality("greedy", task, pairs, outputs)]
    if width > 1:
        found.append(quality("beam", task, pairs, searched(network, task, pairs.x, width)))
    found += [quality("plain", task, pairs, ids) for ids in beside]
    return (*found, quality("blind", task, pairs, np.roll(pairs.targets, 1, axis=1)))


# what the page says of it; nothing where there is no decoder


def search_table(view: ShapeView, _: Translate) -> dict[str, list[Any]] | None:
    """The alternatives, the best first."""
    found: Search | None = getattr(view.finding, "search", None)
    if found is None:
        return None
    answer = view.finding.answer
    texts = [(text or END) if one.ended else f"{text} {CUT}" for text, one in found.found]
    return {
        _("output"): texts,
        _("correct"): [("✓" if one.ended and text == answer else "✗") if answer else None for text, one in found.found],
        "ln p": [round(one.log_prob, 3) for _text, one in found.found],
        _("ln p per symbol"): [round(one.score(NORMALISATION), 3) for _text, one in found.found],
    }


def search_guide(view: ShapeView, _: Translate) -> list[str] | None:
    """How to read the alternatives."""
    found: Search | None = getattr(view.finding, "search", None)
    if found is None:
        return None
    best = found.found[0][1].log_prob
    total = float(np.exp([one.log_prob for _text, one in found.found]).sum())
    messages = [
        _("The beam holds the {width} most probable beginnings. Each is continued by every symbol, and the most "
          "probable of all continuations are kept; one that writes the end ({end}) is done. With a width of 1 that is "
          "the likeliest symbol at each step, as in the diagram.").format(width=found.width, end=END),
        _("The order is that of ln p divided by the number of symbols, {end} among them. By ln p alone short outputs "
          "would come first, for every further symbol makes ln p less.").format(end=END),
        _("Of all that the network could write, these have a probability of {total} together.").format(
            total=percent(total)),
    ]  # fmt: skip
    if best > found.greedy + 1e-6:
        messages.append(
            _("Here the search has found an output that is more probable as a whole, ln p = {best:.3f}, than the one "
              "that takes the likeliest symbol at each step, ln p = {greedy:.3f}.").format(
                best=best, greedy=found.greedy)
        )  # fmt: skip
    return messages


def quality_table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """Every way to find outputs, a row for each."""
    rows: tuple[Quality, ...] = view.finding.qualities
    width = view.finding.width
    table: dict[str, list[Any]] = {
        _("outputs"): [_(WAYS[row.way]).format(width=width) for row in rows],
        _("whole outputs right"): [f"{row.exact:.1%}" for row in rows],
    }
    if rows[0].bleu is not None:
        table[_("BLEU (%)")] = [f"{100 * row.bleu.score:.1f}" for row in rows if row.bleu is not None]
    return table


def quality_guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read their quality."""
    rows: tuple[Quality, ...] = view.finding.qualities
    own = {row.way: row for row in rows}
    count = int(view.finding.counts.sum())
    messages = [
        _("Measured on {count} held-out inputs, none of which was trained on. An output is right when no symbol of it "
          "is wrong.").format(count=count),
    ]  # fmt: skip
    score = own["greedy"].bleu
    if score is not None:
        shares = ", ".join(f"{share:.1%}" for share in score.precisions)
        messages += [
            _("BLEU (Papineni et al. 2002) also sees what is right in part: the shares of single words, and of runs of "
              "two, three and four, that the right translation has too, here {shares}; their geometric mean, times a "
              "penalty for outputs that are too short, here {penalty:.3f}.").format(
                shares=shares, penalty=score.brevity_penalty),
            _("No sentence held out has the people, deeds, things and places of one that was trained on, in whatever "
              "tense or form."),
        ]  # fmt: skip
    messages.append(
        _("The last row is what an output is worth that knows the task and not the input: the blind guess takes the "
          "right output of another held-out input.")
    )  # fmt: skip
    if "beam" in own:
        messages.append(
            _("Beam search finds what the network considers probable, not what is right: with it {beam:.1%} of the "
              "outputs are right, without it {greedy:.1%}.").format(beam=own["beam"].exact, greedy=own["greedy"].exact)
        )  # fmt: skip
    return messages


def known_guide(view: ShapeView, _: Translate) -> list[str] | None:
    """The symbols of which an input may be made."""
    if view.setup.task not in PAIRS:
        return None
    return [" ".join(PAIRS[view.setup.task](**dict(view.setup.task_options)).symbols[1:])]
