"""Values of settings as their controls write them, for sentences and files."""

from typing import Any

from ui.i18n import N_, Translate
from ui.network.settings import CLIPPINGS, SETTINGS, SYMBOL_KINDS, TRUNCATIONS
from ui.settings import keys
from ui.settings.choices import CELL_NAMES, INIT_NAMES, OPTIMIZER_NAMES, OWN_TEXT, TASK_NAMES, text_names

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
