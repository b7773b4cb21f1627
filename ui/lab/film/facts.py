"""What the file of a film says of its network: the settings as the controls write them, and how the film was made."""

from collections.abc import Mapping
from typing import Any

from ui.i18n import N_, Translate
from ui.live.change_names import change_name
from ui.network.settings import CLIPPINGS, SETTINGS, SYMBOL_KINDS, TRUNCATIONS
from ui.network.setup import values_of
from ui.settings import keys
from ui.settings.choices import CELL_NAMES, INIT_NAMES, OPTIMIZER_NAMES, OWN_TEXT, TASK_NAMES, text_names
from ui.training.snapshot import View

LONGEST = 300  # characters of a setting that are told: a name may be long
HIDDEN = (keys.PRESET, keys.TEXT)  # a reader's own text is private
NAMES = {
    keys.CELL: CELL_NAMES,
    keys.OPTIMIZER: OPTIMIZER_NAMES,
    keys.INIT: INIT_NAMES,
    keys.CLIPPING: CLIPPINGS,
    keys.TRUNCATION: TRUNCATIONS,
    keys.BY: SYMBOL_KINDS,
    keys.DATA: {OWN_TEXT: N_("Your own text")} | TASK_NAMES,
}
NONE = {keys.RADIUS: N_("unscaled")}  # of other settings: off


def facts(view: View, count: int, labels: Mapping[str, str], _: Translate) -> list[list[str]]:
    """Rows (name, text): the settings with the seed, what was set on the way, how the film was made.

    count : of the film's moments. labels : of the settings that matter, by name: those whose control is on the page.
    """
    values = values_of(view.setup, view.training)
    rows = [
        [labels[name], written(name, value, _)[:LONGEST]]
        for name, value in values.items()
        if name in labels and name not in HIDDEN
    ]
    set_later = [f"{change.update:,}: {change_name(change, _)}" for change in view.changes]
    if set_later:
        rows.append([_("Set on the way, at update"), "; ".join(set_later)])
    made = _(
        "Each picture is the network as it was at that update, replayed to the last bit; numbers in the charts are "
        "rounded to three digits."
    )
    return [*rows, [_("Moments"), f"{count}"], [_("How it was made"), made]]


def written(name: str, value: Any, _: Translate) -> str:
    """The value of a setting as its control writes it.

    >>> written("cell", "rnn_tanh", str), written("bias", True, str), written("spectral_radius", None, str)
    ('RNN (tanh)', 'yes', 'unscaled')
    """
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return _(NONE.get(name, N_("off")))
    if name == keys.DATA and value in (titles := text_names(_)):
        return titles[value]
    known = NAMES.get(name, {}).get(value)
    return _(known) if known else SETTINGS[name].spell(value) if name in SETTINGS else str(value)
