"""Help of the controls, a sentence or two each, shown on hover and on focus. A control's own stands with its setting;
here are those that several pages have."""

from collections.abc import Callable
from typing import NamedTuple

from ui.i18n import N_
from ui.settings.glossary import explained


class Help(NamedTuple):
    """What a control does, in English, and the words of the glossary that it uses."""

    sentence: str
    terms: tuple[str, ...] = ()

    def text(self, _: Callable[[str], str]) -> str:
        """In the reader's language, the words explained below."""
        return "\n\n".join([_(self.sentence), *explained(self.terms, _)])


SEED = Help(N_("The first weights and the data are drawn from it. The same seed gives the same run."))
LEARNING_RATE = Help(N_("How far each update moves the weights. Too small learns slowly; too large diverges."))
SPEED = Help(N_("Slow motion or full speed. It changes nothing in what is learned per update."))
CELL = Help(
    N_(
        "How the state is computed: by one layer of units with this function (identity: none), or with gates that "
        "decide what is kept. The reset gate of a GRU hides parts of what W makes of the old state, as in PyTorch, or "
        "the units themselves before W reads them, as in the first paper. With peepholes, the gates of an LSTM see its "
        "cells, too. With layer normalisation, the sums of an LSTM and its cells are brought to mean 0 and variance 1 "
        "at each step, then scaled and shifted by numbers that are learned."
    ),
    ("gate", "hidden_state"),
)
HIDDEN_SIZE = Help(
    N_("How many numbers the state has: the size of the memory. Parameters grow with its square."), ("hidden_state",)
)
LAYERS = Help(N_("Networks on top of each other: each layer reads the states of the one below."))
BATCH_SIZE = Help(N_("How many sequences are averaged for one update."), ("batch",))
OPTIMIZER = Help(
    N_(
        "How a gradient becomes a change of the weights. Adam adapts the step for each weight; SGD does not. Rprop "
        "uses the sign alone, begins with steps of the learning rate, and wants large batches."
    )
)
FORGET_BIAS = Help(
    N_(
        "Above 0 the forget gate starts open, and the cell state keeps what it holds; below 0 it forgets. At 30 it "
        "stays open for good: the LSTM of 1997, which had no forget gate."
    ),
    ("cell_state",),
)
CHRONO = Help(
    N_(
        "The gates start such that the units keep what they hold for different times, up to this many steps (Tallec "
        "and Ollivier 2018). It takes the place of the forget-gate bias."
    )
)
DROPOUT = Help(
    N_(
        "Against overfitting: in every update each output of a layer is hidden from the layer above with this "
        "probability, and the rest is scaled up (Zaremba et al. 2014), so that no unit relies on a certain other one. "
        "What is shown is the network without it. It needs two layers."
    ),
    ("overfitting",),
)
VANISHING_PENALTY = Help(
    N_(
        "Weight of a penalty on vanishing gradients (Pascanu et al. 2013): W is also moved such that a gradient keeps "
        "its length from step to step. The loss on the page is without it. It is for networks without gates and full "
        "backpropagation."
    ),
    ("vanish",),
)
SCHEDULED_SAMPLING = Help(
    N_(
        "Scheduled sampling (Bengio et al. 2015): in training, more and more of the symbols read are the network's own "
        "guesses, drawn from what it predicted a step before; what should come next stays. The share of true symbols "
        "is k / (k + exp(i / k)) in update i; chosen is when it is a half. For texts that are read in one direction."
    )
)
INIT = Help(
    N_(
        "Uniform: small random numbers. Orthogonal: neither stretches nor shrinks. Identity: each unit keeps its value."
    ),
    ("orthogonal",),
)
EXAMPLE = Help(N_("The same number is always the same sequence."))
VIEW = Help(N_("The parts of this page; each keeps its settings."))
CLIP = Help(N_("A longer gradient is scaled down to this norm before the update."), ("gradient_norm", "clipping"))
EXPERIMENT = Help(N_("Settings that show one thing. Choosing one sets all controls; change any of them afterwards."))
NOTATION = Help(N_("The letters of the article, or the names that PyTorch gives to the same things."))
# Settings of the tasks
OF_TASKS = {
    "sequence_length": Help(N_("Steps of one sequence: as far back as the gradient can run.")),
    "delay": Help(N_("Steps between what must be remembered and the answer: the longer, the harder.")),
    "symbols": Help(N_("How many different symbols must be told apart.")),
    "distractors": Help(N_("How many different symbols fill the time between. 1: always the same one.")),
    "length": Help(N_("How many symbols must be held at once.")),
    "longest": Help(N_("The network counts from 1 to this.")),
    "bits": Help(N_("How many channels must be remembered at once: n bits are 2ⁿ states.")),
    "clauses": Help(N_("More clauses make longer sentences, with more turns by “but” and “although”.")),
    "attractors": Help(N_("Nouns of the other number between subject and verb lead the network astray.")),
    "noise": Help(N_("How much random noise is added to each value.")),
    "period": Help(N_("Steps of one wave.")),
}
