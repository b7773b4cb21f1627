"""Names of the changes made in the course of training, for the loss chart."""

from rnn_core import TrainConfig
from ui.i18n import Translate
from ui.settings.choices import OPTIMIZER_NAMES
from ui.training.model_history import Change

LETTERS = {"input": "U", "recurrent": "W", "readout": "V", "peepholes": "P", "gains": "G"}  # the article's


def change_name(change: Change, _: Translate) -> str:
    """Which settings of learning changed, and to what."""
    before, after = change.before, change.config
    found = []
    if before.optimizer != after.optimizer:
        found.append(_(OPTIMIZER_NAMES[after.optimizer]))
    if before.learning_rate != after.learning_rate:
        found.append(_("learning rate {rate:g}").format(rate=after.learning_rate))
    if (before.clip_norm, before.clip_value) != (after.clip_norm, after.clip_value):
        found.append(_clipping(after, _))
    if (before.truncate, before.truncation) != (after.truncate, after.truncation):
        over = _("BPTT over {steps} steps").format(steps=after.truncate)
        found.append(_("full BPTT") if after.truncate is None else over)
    if before.stateful != after.stateful:
        found.append(_("state carried on") if after.stateful else _("state reset"))
    if before.dropout != after.dropout:
        found.append(_("dropout {rate:g}").format(rate=after.dropout))
    if before.vanishing_penalty != after.vanishing_penalty:
        found.append(_("penalty on vanishing gradients {weight:g}").format(weight=after.vanishing_penalty))
    if before.scheduled_sampling != after.scheduled_sampling:
        off = after.scheduled_sampling is None
        found.append(_("true symbols as input") if off else _("own guesses as input"))
    if change.weights is not None:
        zero, first = _("{matrix} set to zero"), _("{matrix} as the seed drew it")
        name = LETTERS.get(change.weights.matrix) or _("biases")
        found.append((zero if change.weights.values == "zero" else first).format(matrix=name))
    if change.emptied:
        found.append(_("diverged"))
    return _(", ").join(found)


def _clipping(config: TrainConfig, _: Translate) -> str:
    if config.clip_norm is not None:
        return _("norm clipped to {norm:g}").format(norm=config.clip_norm)
    if config.clip_value is not None:
        return _("values clipped to {value:g}").format(value=config.clip_value)
    return _("no clipping")
