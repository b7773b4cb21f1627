"""Published results that are trained again, in the order of the page; the name of each is the name of its file."""

from ui.network.results import (
    activations,
    adding,
    both_directions,
    chrono,
    clipping,
    copying,
    counting,
    dropout,
    flipflop,
    gradient_curves,
    layer_norm,
    linear,
    meanings,
    peepholes,
    reber,
    reber_stream,
    reset_gate,
    rprop,
    scheduled_sampling,
    syllables,
    unspaced,
    vanishing_penalty,
    word_classes,
    xor_stream,
)
from ui.network.results.record import Result

_ALL = (
    reber, reber_stream, gradient_curves, activations, linear, chrono, clipping, vanishing_penalty, rprop, reset_gate,
    adding, layer_norm, copying, counting, peepholes, flipflop, xor_stream, syllables, unspaced, word_classes,
    meanings, dropout, scheduled_sampling, both_directions,
)  # fmt: skip
RESULTS: dict[str, Result] = {module.RESULT.name: module.RESULT for module in _ALL}
