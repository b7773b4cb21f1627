"""Verdict on the network so far: one or two sentences made from the recorded losses and from nothing else."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from ui.i18n import Translate, join_sentences
from ui.live.levels import baseline, choice
from ui.training.snapshot import View

AT_CHANCE = 0.95  # of chance: a loss from there on is no better
LEARNED = 0.05  # of chance: where no loss at all is possible, it has learned from there on
RISEN = 0.05  # of its lowest value and of chance: a held-out loss that is higher by both has turned; see `overfits`


class LossCurve(NamedTuple):
    """The held-out loss of a run, seen as a whole."""

    left: int | None  # the last measured update up to which it was at chance; 0: it never was; None: it still is
    back: bool  # it had left chance and is there again
    lowest: tuple[int, float]  # (update, loss)
    turned: bool  # it has risen well above its lowest
    learned: bool  # no loss at all is possible, and it is near that


def course(held_out: Sequence[tuple[int, float]], chance: float, best: float | None) -> LossCurve:
    """How the held-out losses (update, loss), in order, lie below chance.

    >>> course([(0, 2.1), (100, 2.0), (200, 0.4), (300, 0.1)], chance=2.08, best=0.0)
    LossCurve(left=100, back=False, lowest=(300, 0.1), turned=False, learned=True)
    """
    level = AT_CHANCE * chance
    now, lowest = held_out[-1][1], min(held_out, key=lambda point: point[1])
    below = [place for place, (_update, loss) in enumerate(held_out) if loss < level]
    first = below[0] if below else None
    return LossCurve(
        left=None if first is None else held_out[first - 1][0] if first else 0,
        back=first is not None and now >= level,
        lowest=lowest,
        turned=has_turned(now, lowest[1], chance),
        learned=best == 0 and now <= LEARNED * chance,
    )


def has_turned(loss: float, lowest: float, chance: float) -> bool:
    """Whether a held-out loss is well above the lowest."""
    return loss > (1 + RISEN) * lowest and loss > lowest + RISEN * chance


def verdict(view: View, _: Translate, diagnosed: bool = False, unit: str = "nats") -> str:
    """Verdict from the losses of this run.

    diagnosed : the doctor's line says that it overfits, and since when. unit : of the numbers beside it.
    """
    update, now = view.held_out[-1]
    if not math.isfinite(now):
        return ""
    config, chance = view.trace.config, view.chance
    found, level = course(view.held_out, chance, view.best), baseline(config, chance, _)
    values = {"update": update, "loss": now, "chance": chance, "level": level, "left": found.left}
    values |= {"lowest": found.lowest[1], "when": found.lowest[0]}
    if not update and view.setup.source is not None:
        message = _("As it is in your file: held-out loss {loss:.3g} ({level}: {chance:.3g}).")
    elif not update:
        message = _("Not trained yet: held-out loss {loss:.3g} ({level}: {chance:.3g}).")
    elif found.left is None:
        message = _("So far no better than {level}: after update {update:,} the held-out loss is {loss:.3g} "
                    "({level}: {chance:.3g}).")  # fmt: skip
    elif found.back and _overfits(view, found):
        message = _("No better than {level} ({chance:.3g}) any more: held-out loss {loss:.3g} after update {update:,}.")
    elif found.back:
        message = _("It had left this level ({level}: {chance:.3g}), with {lowest:.3g} after update {when:,}, and is "
                    "back at it: {loss:.3g} after {update:,}.")  # fmt: skip
    elif found.learned and found.left:
        message = _("No better than {level} up to update {left:,}, then it learned: held-out loss {loss:.3g} after "
                    "{update:,}.")  # fmt: skip
    elif found.learned:
        message = _("It has learned: held-out loss {loss:.3g} after update {update:,} ({level}: {chance:.3g}).")
    elif found.left:
        message = _("No better than {level} ({chance:.3g}) up to update {left:,}, then better: held-out loss "
                    "{loss:.3g} after {update:,}.")  # fmt: skip
    else:
        message = _("Better than {level} ({chance:.3g}): held-out loss {loss:.3g} after update {update:,}.")
    other = unit == "perplexity" and config.loss == "cross_entropy"
    nats = _("Losses in these sentences are in nats.") if other else ""
    return join_sentences(message.format(**values), *_beside(view, found, _, diagnosed), nats)


def _training(view: View) -> float:
    """The loss of the last update; where it is not known, as before the first, the held-out loss."""
    return view.held_out[-1][1] if view.training_loss is None else view.training_loss


def overfits(found: LossCurve, training: float, chance: float) -> bool:
    """Whether the training loss lies well below all that the held-out loss ever reached, and that was better than
    chance and has risen: who has learned nothing does not learn by heart."""
    return found.turned and found.left is not None and training < found.lowest[1] - RISEN * chance


def _overfits(view: View, found: LossCurve) -> bool:
    return overfits(found, _training(view), view.chance)


def _beside(view: View, found: LossCurve, _: Translate, diagnosed: bool) -> list[str]:
    """More from the losses: how many symbols are open, overfitting, what bigrams reach, the best."""
    sentences, now = [], view.held_out[-1][1]
    if found.left is not None and not found.back and not found.learned and view.held_out[-1][0]:
        sentences += choice(view.trace.config, view.chance, view.best, now, _)
    if found.turned and not diagnosed and (not found.back or _overfits(view, found)):
        when, lowest = found.lowest
        training = _training(view)
        sentence = (
            _("The held-out loss was lowest, {lowest:.3g}, after update {when:,} and has risen since, while the "
              "training loss is {training:.3g}: the network overfits.")
            if _overfits(view, found)
            else _("The held-out loss was lowest, {lowest:.3g}, after update {when:,} and has risen since.")
        )  # fmt: skip
        sentences.append(sentence.format(lowest=lowest, when=when, training=training))
    if view.bigram is not None and view.held_out[-1][0]:
        sentence = (
            _("A held-out loss of {loss:.3g} is below that of the bigram model, {bigram:.3g}.")
            if now < view.bigram
            else _("The bigram model reaches {bigram:.3g}.")
        )
        sentences.append(sentence.format(loss=now, bigram=view.bigram))
    if view.best:
        sentences.append(_("The best possible is {best:.3g}.").format(best=view.best))
    return sentences
