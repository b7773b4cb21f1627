"""Guides and tables of the page “Language”. Symbols of a text stand in table cells only."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_core.analysis.scoring import Score
from rnn_core.tasks.stream import Symbols
from ui.charts.formatting import MOST_DIGITS, grouped, perplexity, power, power_of_ten
from ui.charts.symbols import visible
from ui.i18n import Translate, join_sentences
from ui.language.baselines import NgramBaselines, between
from ui.language.branches import Branch, Drawing
from ui.language.figures import FigureStyle
from ui.language.sentences import Scored


def amount(nats: float, style: FigureStyle, digits: int = 2) -> str:
    """Nats in the reader's unit, with its name; a dash where there is no finite number."""
    return f"{grouped(nats * style.scale, digits)} {style.unit_name}" if math.isfinite(nats) else "–"


def probability(log_p: float) -> str:
    """A probability from its logarithm, however small.

    >>> probability(math.log(0.25)), probability(-1000.0)
    ('25.0%', '5.1×10⁻⁴³⁵')
    """
    return f"{100 * math.exp(log_p):.1f}%" if log_p > math.log(0.001) else power(log_p)


def times(nats: float) -> str:
    """exp(nats) as a factor, however large.

    >>> times(math.log(12)), times(1000.0)
    ('12', '2.0×10⁴³⁴')
    """
    if nats >= math.log(9999.5):
        return power(nats)
    return f"{math.exp(nats):,.0f}" if nats >= math.log(99.95) else f"{math.exp(nats):.3g}"


def verdict(found: list[Scored], best: int | None, _: Translate) -> str:
    """Which sentence the network prefers, and by how much."""
    scores = {number: item.score for number, item in enumerate(found) if item.score}
    order = sorted(scores, key=lambda number: -scores[number].total)
    if best is None or len(order) < 2:
        return ""
    next_ = order[1]
    ahead = scores[best].total - scores[next_].total
    beyond = ahead > MOST_DIGITS * math.log(10)
    sentence = (
        _("Sentence {best} is the most probable, more than {times} times as probable as sentence {next}, the second.")
        if beyond
        else _("Sentence {best} is the most probable, about {times} times as probable as sentence {next}, the second.")
    )
    factor = power_of_ten(MOST_DIGITS) if beyond else times(ahead)
    message = sentence.format(best=best + 1, times=factor, next=next_ + 1)
    lengths = {len(item.symbols.ids) for item in found if item.score}
    if len(lengths) > 1:
        cheapest = min(order, key=lambda number: scores[number].perplexity)
        longer = _(
            "The sentences differ in length, and each further symbol makes a sentence less probable; by symbol, "
            "sentence {number} has the lowest perplexity."
        ).format(number=cheapest + 1)
        message = join_sentences(message, longer)
    return message


def score_guide(style: FigureStyle, chance: float) -> list[str]:
    """How to read the scored sentences."""
    _ = style.translate
    return [
        _(
            "The probability of a sentence is the product of the probabilities of its symbols, each given all before "
            "it. Below every symbol stands its surprise, −log p: nothing where the network was sure of it, a full bar "
            "where it cost as much as a blind guess among all symbols, {chance}."
        ).format(chance=amount(chance, style)),
        _(
            "A language model prefers the sentence with the higher probability, the smaller sum. Perplexity is the "
            "surprise per symbol as a number of choices: a network of perplexity 4 is as uncertain as a fair choice "
            "among four symbols."
        ),
    ]


def score_table(symbols: Symbols, score: Score, vocabulary: Sequence[str], style: FigureStyle) -> dict[str, list[Any]]:
    """The chosen sentence, a row for each symbol."""
    _ = style.translate
    return {
        _("symbol"): [visible(symbol) for symbol in symbols.written],
        _("probability"): [probability(value) for value in score.log_probs],
        _("surprise ({unit})").format(unit=style.unit_name): [
            f"{-value * style.scale:.3f}" for value in score.log_probs
        ],
        _("expected ({unit})").format(unit=style.unit_name): [f"{value * style.scale:.3f}" for value in score.entropy],
        _("rank"): [int(rank) + 1 for rank in score.ranks],
        _("likeliest"): [visible(vocabulary[i]) for i in score.likeliest],
    }


def write_guide(style: FigureStyle, drawing: Drawing, branch: Branch, kept: np.ndarray) -> list[str]:
    """How to read the continuations."""
    _ = style.translate
    sentences = [
        _(
            "At each step the network gives every symbol a probability. Temperature sharpens or flattens these, "
            "top-k and top-p cut the improbable ones off, and one symbol is drawn from what is left. Click a "
            "symbol to see what else might have come there; click one of those to continue from it instead."
        ),
        _("On average {kept:.1f} symbols could be drawn; what was drawn costs {surprise} per symbol.").format(
            kept=float(np.mean(kept)), surprise=amount(-float(branch.score.log_probs.mean()), style)
        ),
    ]
    if drawing.temperature == 0:
        sentences.append(_("At temperature 0 the most probable symbol is always taken: greedy search."))
    sentences.append(
        _(
            "Beam search keeps the few continuations that are most probable as a whole. Compare its ln p with "
            "that of the texts that were drawn, and read both: the most probable text need not be a typical one."
        )
    )
    return sentences


def write_table(
    branch: Branch, vocabulary: Sequence[str], kept: np.ndarray, style: FigureStyle
) -> dict[str, list[Any]]:
    """The chosen branch, a row for each step."""
    _ = style.translate
    score = branch.score
    return {
        _("step t"): list(range(len(branch.ids))),
        _("symbol"): [visible(vocabulary[i]) for i in branch.ids],
        _("probability"): [probability(value) for value in score.log_probs],
        _("surprise ({unit})").format(unit=style.unit_name): [
            f"{-value * style.scale:.3f}" for value in score.log_probs
        ],
        _("expected ({unit})").format(unit=style.unit_name): [f"{value * style.scale:.3f}" for value in score.entropy],
        _("could be drawn"): [int(count) for count in kept],
    }


def compared_with_counting(baselines: NgramBaselines, held_out: float, style: FigureStyle) -> str:
    """Rank of the network among the counting models."""
    _ = style.translate
    worse, better = between(baselines.losses, held_out)
    loss = amount(held_out, style, 3)
    if better is None:
        return _(
            "The network needs {loss} per symbol on the held-out text, less than every counting model: it uses "
            "more than the last symbol, or uses it better.",
            "The network needs {loss} per symbol on the held-out text, less than every counting model: it uses "
            "more than the last {symbols} symbols, or uses them better.",
            len(baselines.losses) - 1,
        ).format(loss=loss, symbols=len(baselines.losses) - 1)
    if worse is None:
        message = _("The network needs {loss} per symbol on the held-out text, more than counting single symbols does.")
    else:
        message = _(
            "The network needs {loss} per symbol on the held-out text: less than n = {worse}, more than n = {better}."
        )
    return join_sentences(message.format(loss=loss, worse=worse, better=better), _needs_no_more(baselines, style))


def _needs_no_more(baselines: NgramBaselines, style: FigureStyle) -> str:
    """Memory that the text asks for, by the best count, where a network does no better."""
    _ = style.translate
    return _(
        "Counting does best here with the last symbol, {best}: so far nothing shows that this text needs a "
        "longer memory. The experiment “A text that needs memory” has a text that does.",
        "Counting does best here with the last {symbols} symbols, {best}: so far nothing shows that this text needs a "
        "longer memory. The experiment “A text that needs memory” has a text that does.",
        baselines.best - 1,
    ).format(symbols=baselines.best - 1, best=amount(baselines.losses[baselines.best - 1], style, 3))


def baselines_guide(
    baselines: NgramBaselines | None, size: int, letters: float, held_out: float, style: FigureStyle
) -> list[str]:
    """Guide to the lines. letters : characters that a symbol of the held-out text is written with, on average."""
    _ = style.translate
    sentences = [
        _(
            "An n-gram model learns nothing: it counts which symbols followed the last n − 1 ones. Here orders 1 to 8 "
            "are smoothed by interpolated Kneser-Ney (Kneser and Ney 1995; Chen and Goodman 1998): a count is "
            "discounted, and what that frees goes to the next shorter history, down to 1/K."
        ),
        _(
            "Network and counting models see the same training text and are measured on the same held-out sequences, "
            "each read from its start. The uppermost line is a blind guess among {size:,} symbols, {blind}."
        ).format(size=size, blind=style.of_a_blind_guess),
    ]
    if baselines is not None:
        sentences.append(
            _("{symbols:,} symbols were counted. The best order is n = {order}, with {loss} per symbol.").format(
                symbols=baselines.counted,
                order=baselines.best,
                loss=amount(baselines.losses[baselines.best - 1], style, 3),
            )
        )
    if letters > 1:
        sentences.append(
            _(
                "A word of the held-out text is written with {letters:.1f} characters, its space included: the network "
                "needs {loss} per character. That can be compared with a network that reads characters, though words "
                "read as unknown are cheaper here than they would be there."
            ).format(letters=letters, loss=amount(held_out / letters, style, 3))
        )
    return sentences


def baselines_table(
    baselines: NgramBaselines | None, held_out: float, chance: float, style: FigureStyle
) -> dict[str, list[Any]]:
    """All levels and the network, the worst first."""
    _ = style.translate
    rows = [
        (chance, _("blind guess, {blind}").format(blind=style.of_a_blind_guess), ""),
        (held_out, _("network, held-out"), ""),
    ]
    if baselines is not None:
        counts = [f"{len(level.keys):,}" for level in baselines.ngrams.levels]
        rows += [(loss, f"n = {n}", counts[n - 1]) for n, loss in enumerate(baselines.losses, start=1)]
    rows.sort(key=lambda row: -row[0])
    return {
        _("model"): [name for _loss, name, _count in rows],
        _("{unit} per symbol").format(unit=style.unit_name): [
            f"{loss * style.scale:.3f}" for loss, _name, _count in rows
        ],
        _("perplexity"): [perplexity(loss) for loss, _name, _count in rows],
        _("different n-grams"): [count for _loss, _name, count in rows],
    }


def game_guide(style: FigureStyle, rounds: int) -> list[str]:
    """The rules."""
    _ = style.translate
    return [
        _(
            "Guess the next symbol, {rounds} times, and say how sure you are. A right guess costs −log of your "
            "certainty; a wrong one costs more, the surer you were: what you did not bet is spread over the "
            "other symbols by how frequent they are. All players see the same text; costs are in {unit}: less is "
            "better."
        ).format(rounds=rounds, unit=style.unit_name),
        _(
            "Shannon had people guess English in 1951 and concluded that a letter carries about one bit. Models of "
            "letters that know only the last few of them need two or more."
        ),
    ]


def game_table(rows: Sequence[tuple[str, str, dict[str, float]]], style: FigureStyle) -> dict[str, list[Any]]:
    """A row for each symbol that was guessed: (guess, what came, price of each player)."""
    _ = style.translate
    table: dict[str, list[Any]] = {
        _("your guess"): [row[0] for row in rows],
        _("what came"): [row[1] for row in rows],
    }
    for number, name in enumerate(rows[0][2] if rows else {}):
        table[f"{name} ({style.unit_name})"] = [f"{list(row[2].values())[number] * style.scale:.2f}" for row in rows]
    return table
