"""The doctor's sentences: a diagnosis, what can be tried, and what a trial has shown."""

from typing import Any

from rnn_core import CELLS
from ui.i18n import N_, Translate, join_sentences
from ui.lab.doctor.diagnosis import SATURATED, Diagnosis
from ui.lab.doctor.outcome import Loss, Outcome, diverged_in
from ui.lab.doctor.remedy import changed
from ui.live.levels import baseline

DIAGNOSES = {
    "truncated": N_(
        "{stuck}: the answer lies {needed} steps back, and truncation lets the gradient "
        "reach back {cut} at most: none of it arrives there."
    ),
    "vanishing": N_(
        "{stuck}, and the gradient vanishes: the task needs it {needed} steps back, where {reach:.0e} of it arrives; a "
        "hundredth of it comes no further back than to step t − {reaches}."
    ),
    "dead": N_(
        "{share:.0%} of the ReLU units are dead: they are zero at every step of the held-out sequences that were "
        "measured, and no gradient passes through them. After update {first:,} it was {before:.0%}."
    ),
    "saturated": N_(
        "Saturated: {share:.0%} of the {what} are beyond 0.97 on the scale of tanh, where its slope is below 0.06, and "
        "the training loss no longer falls."
    ),
    "clipped": N_(
        "The gradient explodes and is clipped: in {share:.0%} of the updates since update {since:,}, on average to "
        "{part:.1%} of its norm; and the training loss no longer falls."
    ),
    "overfits": N_(
        "Overfitting: the held-out loss turned {ago:,} updates ago. It was {lowest:.3g} after update {when:,} and is "
        "{lately:.3g} in the median of late, while the training loss is {training:.3g} on average of late."
    ),
    "slow": N_(
        "The learning rate looks too low: since update {since:,} the training loss fell by only {share:.1%}, and the "
        "weights moved by {moved:.1%} of their norm."
    ),
    "chance": N_(
        "Stuck at {level}: the held-out loss is {now:.3g} after update {measured:,} ({level}: {chance:.3g}), and since "
        "update {since:,} the training loss has not fallen."
    ),
    "above": N_(
        "Far above {level} ({chance:.3g}): the held-out loss is {now:.3g} after update {measured:,}, {times:.3g} times "
        "as much, and since update {since:,} every one measured was at least {least:.3g} times as much. The learning "
        "rate may be too high."
    ),
    "noisy": N_(
        "Too noisy to settle: since update {since:,} the held-out loss has jittered around {mean:.3g} with a standard "
        "deviation of {jitter:.2g}, and has not fallen."
    ),
    "small": N_(
        "Flat since update {since:,}, though the weights still move: training and held-out loss are the same on "
        "average ({training:.3g}, {held_out:.3g}), so nothing is learned by heart. More than these {parameters:,} "
        "parameters may do better: that can be tried."
    ),
}
SO_LONG = {
    True: N_("No better than {level} so far"),
    False: N_("No better than {level} since update {since:,}"),
}
SATURATED_TOO = N_("{share:.0%} of the {what} are beyond 0.97 on the scale of tanh.")
OVERFLOWS: dict[str | None, str] = {
    "state": N_(
        "Diverged in update {update:,}: the hidden state at step {step} was the first number that was not finite."
    ),
    "loss": N_("Diverged in update {update:,}: the loss at step {step} was the first number that was not finite."),
    "gradient": N_(
        "Diverged in update {update:,}: the gradient at step {step} was the first number that was not finite."
    ),
    None: N_("Diverged in update {update:,}: with the weights after its step the losses are no longer finite."),
}
AFTER: dict[str | None, str] = {
    "state": N_(
        "Diverged in update {update:,}: with the weights after its step the state at step {step} is not finite."
    ),
    "loss": N_("Diverged in update {update:,}: with the weights after its step the loss at step {step} is not finite."),
    "gradient": N_(
        "Diverged in update {update:,}: with the weights after its step the gradient at step {step} is not finite."
    ),
}
GROWTH = N_(
    "The gradient norm, {usual:.3g} in the median until then, had grown to {highest:.3g} since update {since:,}."
)
AFTERWARDS = {
    "helps": N_("It helped: with “{change}” the held-out loss is {loss}, without it {without}."),
    "same": N_("It made no difference: with “{change}” the held-out loss is {loss}, without it {without}."),
    "unclear": N_(
        "With and without it cannot be told apart: with “{change}” the held-out loss is {loss}, without it {without}; "
        "it jitters, and only a difference of more than {margin:.2g} would decide."
    ),
    "worse": N_("It did not help: with “{change}” the held-out loss is {loss}, without it {without}."),
    "passed": N_(
        "It helped: with “{change}” the numbers are still finite after update {update:,}; without it the network "
        "diverged in update {diverged:,}. The held-out loss is {loss}."
    ),
    "passed, worse": N_(
        "With “{change}” the numbers are still finite after update {update:,}, without it the network diverged in "
        "update {diverged:,}. But the held-out loss is {loss}, higher than before: {without}."
    ),
}
SO_FAR = N_("Trying “{change}” until update {end:,}. So far the held-out loss is {loss}, without it {without}.")
AT_FIRST = N_(
    "Trying “{change}” from update {begin:,} on. It is judged once update {end:,} is made: by then it has had as many "
    "updates as the network without it."
)
AT_FIRST_ALONE = N_("Trying “{change}” from update {begin:,} on. It is judged once update {end:,} is made.")
BEGUN = N_("Trying “{change}”: without it the network diverged in update {diverged:,}.")
ONE_LOSS = N_("{value:.3g} (update {first:,})")
MEDIAN_LOSS = N_("{value:.3g} (median of updates {first:,}–{last:,})")
MARKS = {
    "diverged": N_("before the divergence"),
    "overfits": N_("held-out loss lowest"),
    "slow": N_("hardly falls from here on"),
    "noisy": N_("only jitters from here on"),
    "small": N_("flat from here on"),
    "clipped": N_("explodes"),
    "above": N_("far too high from here on"),
}


def sentence(diagnosis: Diagnosis, view: Any, _: Translate) -> str:
    """The diagnosis in words."""
    values = dict(diagnosis.values)
    if diagnosis.kind == "diverged":
        return _divergence(values, _)
    values |= {"level": baseline(view.trace.config, view.chance, _), "chance": view.chance}
    values["what"] = _("gates") if CELLS[view.setup.cell].gates else _("states")
    if diagnosis.kind in ("truncated", "vanishing"):
        never = values["since"] is None
        values["stuck"] = _(SO_LONG[never]).format(**values)
    told = [_(DIAGNOSES[diagnosis.kind]).format(**values)]
    if diagnosis.kind == "above" and values["saturated"] >= SATURATED:
        told.append(_(SATURATED_TOO).format(share=values["saturated"], what=values["what"]))
    return join_sentences(*told)


def _divergence(values: dict[str, Any], _: Translate) -> str:
    overflow = values["overflow"]
    kind, step = (None, 0) if overflow is None else overflow
    table = AFTER if values["after"] and overflow is not None else OVERFLOWS
    told = [_(table[kind]).format(step=step, **values)]
    if values["highest"] > values["usual"]:
        told.append(_(GROWTH).format(**values))
    return join_sentences(*told)


def told_afterwards(found: Outcome, view: Any, _: Translate) -> str:
    """What a trial has shown so far, or at its end."""
    trial, kind = view.trial, found.kind
    values: dict[str, Any] = {"end": trial.end, "update": found.update, "margin": found.margin}
    values["loss"] = _measured(found.mine, _)
    values["change"] = changed((trial.setup, trial.training), (view.setup, view.training), _)
    if found.other is not None:
        values["without"] = _measured(found.other, _)
    if trial.diagnosis == "diverged":
        values["diverged"] = diverged_in(trial, view.parent)
        kind = "passed, worse" if kind == "worse" else kind
    if found.over:
        return _(AFTERWARDS[kind]).format(**values)
    return _(BEGUN if found.other is None else SO_FAR).format(**values)


def told_at_first(view: Any, _: Translate) -> str:
    """That a remedy is being tried, before anything was measured of it."""
    trial = view.trial
    change = changed((trial.setup, trial.training), (view.setup, view.training), _)
    end = trial.end + 1 if trial.diagnosis == "diverged" else trial.end
    made = view.parent.curve.update
    both = trial.diagnosis != "diverged" and len(made) > 0 and made[-1] >= trial.end
    return _(AT_FIRST if both else AT_FIRST_ALONE).format(change=change, begin=trial.begin, end=end)


def _measured(loss: Loss, _: Translate) -> str:
    """A loss, and when it was measured."""
    return _(ONE_LOSS if loss.first == loss.last else MEDIAN_LOSS).format(**loss._asdict())
