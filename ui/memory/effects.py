"""Effects of a change on the network, and how long they last, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnn_core.analysis.memory import MemoryCurve
from ui.charts.formatting import short
from ui.i18n import Translate
from ui.memory.curves_by_cell import MemoryCurves
from ui.memory.interventions import Comparison


def no_curves(_: Translate) -> str:
    """Which networks have memory curves."""
    return _(
        "Memory curves and continued texts need a network that reads in one direction and predicts a symbol at "
        "every step. Switch off “Bidirectional”, or choose a text as data."
    )


def cannot_change(detail: str, _: Translate) -> str:
    """A change that the core refused."""
    if detail == "unexpected":
        return _("This change could not be computed. Choose another symbol or another change.")
    return _("This change could not be computed: {detail}").format(detail=detail)


def change_messages(shown: Comparison, _: Translate) -> dict[str, Any]:
    """Effects of the change, in sentences, and the texts that the network writes."""
    if shown.verdict is not None:
        return _verdict_messages(shown, *shown.verdict, _)
    if shown.both_ways:
        return _bidirectional_messages(shown, _)
    after = shown.divergence[shown.at - shown.begin :]
    most = int(np.argmax(after))
    if after[most] == 0:
        sentence = _("Nothing changes: the network does not use what was changed here.")
    elif most == 0:
        sentence = _("The prediction changes most right at symbol {at}, where the change begins: by {most} nats.")
    else:
        sentence = _("The prediction changes most at symbol {place}: by {most} nats. The change begins at symbol {at}.")
    sentences = [sentence.format(place=shown.at + most, at=shown.at, most=short(float(after[most])))]
    losses = shown.loss[shown.at - shown.begin :]
    losses = losses[np.isfinite(losses)]
    if losses.size:
        sentences.append(
            _(
                "From there on, the loss changes by {change:+.3f} nats on average (predictions that count: {count})."
            ).format(count=losses.size, change=float(losses.mean()))
        )
    return {
        "sentences": sentences,
        "written": _sendable(shown.written),
        "writtenAfter": _sendable(shown.written_after),
    }


def _verdict_messages(shown: Comparison, moved: float, loss: float, _: Translate) -> dict[str, Any]:
    """The same of a network that has one output, at the end."""
    if moved == 0:
        sentences = [_("The one output, at the end, does not change: what was changed here does not get that far.")]
    else:
        sentences = [_("The one output, at the end, changes by {most} nats.").format(most=short(moved))]
    if np.isfinite(loss):
        sentences.append(_("Its loss changes by {change:+.3g} nats.").format(change=loss))
    step = shown.end - 1 - int(np.abs(shown.after - shown.before).max(axis=1)[::-1].argmax())
    largest = float(np.abs(shown.after - shown.before).max())
    if largest > 0:
        sentences.append(
            _("Among the numbers shown, the largest change is {largest}, at symbol {step}.").format(
                largest=short(largest), step=step
            )
        )
    return {"sentences": sentences}


def _bidirectional_messages(shown: Comparison, _: Translate) -> dict[str, Any]:
    """The same of a network that reads in both directions."""
    most = int(np.argmax(shown.divergence))
    if shown.divergence[most] == 0:
        return {"sentences": [_("Nothing changes: the network does not use what was changed here.")]}
    sentences = [
        _("The prediction changes most at symbol {place}: by {most} nats. The change begins at symbol {at}.").format(
            place=shown.begin + most, most=short(float(shown.divergence[most])), at=shown.at
        )
    ]
    early = shown.divergence[: shown.at - shown.begin]
    if early.size and early.max() > 0:
        sentences.append(
            _(
                "Before it, where only the backward direction brings it, predictions change by up to {most} nats."
            ).format(most=short(float(early.max())))
        )
    losses = shown.loss[np.isfinite(shown.loss)]
    if losses.size:
        sentences.append(
            _("Over the symbols shown, the loss changes by {change:+.3g} nats on average (predictions that count: "
              "{count}).").format(count=losses.size, change=float(losses.mean()))
        )  # fmt: skip
    return {"sentences": sentences}


def lasting(curves: Mapping[str, MemoryCurve], others: Sequence[MemoryCurves], _: Translate) -> list[str]:
    """Duration of a change, in steps, beside that in networks of other cells."""
    messages = []
    names = {
        "symbol": _("Another symbol is read: symbols until its effect on the predictions has fallen to a half: {half}, "
                    "to 1%: {hundredth} (mean of {places} places)."),
        "state": _("The memory is emptied: symbols until the effect has fallen to a half: {half}, to 1%: {hundredth} "
                   "(mean of {places} places)."),
    }  # fmt: skip
    for kind, curve in curves.items():
        half, hundredth = _falls(curve, _)
        messages.append(names[kind].format(half=half, hundredth=hundredth, places=curve.places))
    for other in others:
        (half, hundredth), (half_state, hundredth_state) = (_falls(curve, _) for curve in other.curves.values())
        messages.append(
            _(
                "For comparison, on the same text: {network}. Another symbol read: half {half}, 1% {hundredth}; memory "
                "emptied: half {half_state}, 1% {hundredth_state}."
            ).format(
                network=other.name(_), half=half, hundredth=hundredth, half_state=half_state,
                hundredth_state=hundredth_state,
            )
        )  # fmt: skip
    return messages


def _falls(curve: MemoryCurve, _: Translate) -> list[str | int]:
    """Symbols until the mean effect has fallen to a half, and to 1 %."""
    never = _("more than {count}").format(count=len(curve.mean) - 1)
    return [never if lag is None else lag for lag in (curve.half, curve.hundredth)]


def _sendable(text: str) -> str:
    """A lone half of a surrogate pair cannot be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")
