"""What the file of a film says of its network: the settings as the controls write them, and how the film was made."""

from collections.abc import Mapping

from ui.i18n import Translate
from ui.live.change_names import change_name
from ui.network.setup import values_of
from ui.network.written import written
from ui.settings import keys
from ui.training.snapshot import View

LONGEST = 300  # characters of a setting that are told: a name may be long
HIDDEN = (keys.PRESET, keys.TEXT)  # a reader's own text is private


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
