"""Names of the tasks' measures of right answers."""

from ui.i18n import N_

MEASURES = {
    "right_answers": N_("right answers on held-out data"),
    "within_0.04": N_("sums within 0.04 on held-out data"),
    "copied_symbols": N_("copied symbols on held-out data"),
    "whole_strings": N_("whole strings right"),
    "right_bits": N_("bits held right on held-out data"),
    "strict_strings": N_("strings right by the strict criterion, held out"),
    "legible_digits": N_("drawings most like the digit asked for"),
    "variance_explained": N_("variance explained on held-out data"),
}
