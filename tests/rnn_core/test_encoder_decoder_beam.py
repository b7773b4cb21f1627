"""Beam search of an encoder-decoder: against all outputs that there are, and against following the likeliest symbol."""

from itertools import product

import numpy as np
import pytest
from uncompiled import uncompiled_overflows

from rnn_core import EncoderDecoder, EncoderDecoderConfig, InputError
from rnn_core.analysis.scoring import log_softmax
from rnn_core.encoder_decoder.beam import beam_search

D, K, LENGTH = 4, 3, 4
END = K - 1
X = np.array([[0, 1], [2, 3], [1, 3]])
# of up to LENGTH symbols: those with an end behind none or some others, and those without
ENDED = [(*ids, END) for n in range(LENGTH) for ids in product(range(END), repeat=n)]
ALL = [*ENDED, *product(range(END), repeat=LENGTH)]

pytestmark = pytest.mark.small


def network(cell="lstm", seed=0, scale=2.5, **options):
    """One with weights large enough that its outputs differ."""
    made = EncoderDecoder(EncoderDecoderConfig(cell, D, 5, K, dtype="float64", seed=seed, **options))
    made.load_state_dict({name: scale * value for name, value in made.state_dict().items()})
    return made


def log_prob(made, b, ids):
    """ln p of one output, by the pass that training takes."""
    ids = np.array(ids)[:, None]
    table = log_softmax(made.forward(X[:, b : b + 1], made.shifted(ids)).decoder.logits)
    return float(np.take_along_axis(table, ids[..., None], axis=-1).sum())


@pytest.mark.parametrize("options", [{"attention": True}, {"num_layers": 2}], ids=str)
@pytest.mark.parametrize("normalisation", [0, 1])
def test_a_beam_as_wide_as_all_outputs_is_exhaustive(options, normalisation):
    made = network(**options)
    for b, found in enumerate(beam_search(made, X, LENGTH, len(ALL), normalisation)):
        scores = {ids: log_prob(made, b, ids) / len(ids) ** normalisation for ids in ALL}
        assert [one.ids for one in found] == sorted(ALL, key=lambda ids: -scores[ids])
        assert [one.score(normalisation) for one in found] == pytest.approx(sorted(scores.values(), reverse=True))
        assert {one.ids for one in found if one.ended} == set(ENDED)
        # every path has an end, or is cut off: together they are all that the network can say
        assert sum(np.exp(one.log_prob) for one in found) == pytest.approx(1)


def test_a_beam_of_one_is_greedy_and_a_wider_one_finds_what_is_more_probable():
    better = 0
    for seed in range(20):
        made = network("gru", seed, attention=True)
        greedy, wide = (beam_search(made, X, LENGTH, width, 0) for width in (1, 4))
        for b, column in enumerate(made.translate(X, LENGTH).T.tolist()):
            ids = column[: column.index(END) + 1] if END in column else column
            [one] = greedy[b]
            assert one.ids == tuple(ids) and one.ended == (END in column)
            best = max(log_prob(made, b, ids) for ids in ALL)
            assert one.log_prob <= best + 1e-9 and wide[b][0].log_prob <= best + 1e-9
            assert len(wide[b]) == 4 and len({one.ids for one in wide[b]}) == 4
            better += wide[b][0].log_prob > one.log_prob + 1e-9
    assert better >= 5


def test_each_input_is_searched_as_if_it_were_alone():
    made = network(attention=True)
    together = beam_search(made, X, LENGTH, 3)
    for b in range(X.shape[1]):
        [alone] = beam_search(made, X[:, b : b + 1], LENGTH, 3)
        assert [one.ids for one in alone] == [one.ids for one in together[b]]
        assert [one.log_prob for one in alone] == pytest.approx([one.log_prob for one in together[b]])


def test_what_does_not_fit_is_refused():
    made = network()
    for wrong in ({"length": 0}, {"width": 0}, {"width": 10_000}, {"normalisation": -1}, {"x": X + D}):
        with pytest.raises(InputError):
            beam_search(**{"network": made, "x": X, "length": 3, "width": 2} | wrong)


@uncompiled_overflows
def test_a_network_that_has_exploded_is_refused():
    with pytest.raises(InputError, match="not finite"):
        beam_search(network("rnn_relu", scale=1e200), X, LENGTH, 2)
