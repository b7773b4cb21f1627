"""The field's words, each with one sentence: shown on hover and on focus where they stand, and in controls' help."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from ui.i18n import N_, Translate


class Term(NamedTuple):
    """A word of the field."""

    words: str  # as it may stand in a sentence, the first as its heading; parted by |, in each language its own
    meaning: str  # one sentence


GLOSSARY = {
    "nat": Term(
        N_("nats|nat"),
        N_("The unit of a loss: a symbol that was given the probability p costs −ln p nats; one nat is 1.44 bits."),
    ),
    "bit": Term(
        N_("bits|bit"), N_("A symbol that was given the probability p costs −log₂ p bits: a fair coin costs one.")
    ),
    "perplexity": Term(
        N_("perplexity"),
        N_("e to the loss in nats: the network is as uncertain as a fair choice among so many symbols."),
    ),
    "cross_entropy": Term(
        N_("cross-entropy"), N_("The mean of −ln p over the predicted symbols, where p is what each was given.")
    ),
    "held_out": Term(
        N_("held-out data|held-out loss|held out"),
        N_("Data that are never trained on: a low loss there means that a rule was learned, not the examples."),
    ),
    "overfitting": Term(
        N_("by heart|overfitting"),
        N_(
            "The loss falls on the training data while it rises on held-out data: the examples are stored, "
            "not the rule."
        ),
    ),
    "chance": Term(N_("chance|blind guess"), N_("The loss of a model that has learned nothing from its input.")),
    "bigram": Term(
        N_("bigram model|bigram"),
        N_("A model that only counts which symbol follows which, and so looks back one symbol."),
    ),
    "ngram": Term(N_("n-gram"), N_("A model that counts which symbol follows each series of n − 1 symbols.")),
    "softmax": Term(
        N_("softmax"), N_("Turns any numbers into probabilities: the exponential of each, divided by the sum of all.")
    ),
    "logits": Term(
        N_("logits"), N_("The numbers that the read-out computes, before softmax makes probabilities of them.")
    ),
    "hidden_state": Term(
        N_("hidden states|hidden state"),
        N_("The numbers that a network hands from one step to the next: all that it remembers."),
    ),
    "cell_state": Term(
        N_("cell states|cell state"),
        N_("The LSTM's second memory c: it is only multiplied by the forget gate and added to, so it can last long."),
    ),
    "gate": Term(N_("gates|gate"), N_("A number between 0 and 1 for each unit that decides how much passes.")),
    "peephole": Term(
        N_("peepholes|peephole"),
        N_("A weight by which a gate sees its own unit's cell, even where the output gate hides it."),
    ),
    "layer_normalisation": Term(
        N_("layer normalisation"),
        N_(
            "At each step the sums of all units of a layer are brought to mean 0 and variance 1, then scaled by gains "
            "that are learned."
        ),
    ),
    "saturated": Term(
        N_("saturated"),
        N_("A unit near the end of its range: its slope f′ is near 0, and so is the gradient through it."),
    ),
    "one_hot": Term(N_("one-hot"), N_("A vector that is 1 in one place, that of the symbol, and 0 elsewhere.")),
    "bptt": Term(
        N_("BPTT|backpropagation through time"),
        N_("The unrolled network is trained like a deep one: the gradient runs back from step to step."),
    ),
    "truncation": Term(
        N_("truncation|truncated"),
        N_("The gradient is cut after k steps back: cheaper, but nothing farther is learned."),
    ),
    "gradient_norm": Term(
        N_("gradient norms|gradient norm"),
        N_("The length of a gradient: how much the loss can change if the state or the weights change a little."),
    ),
    "vanish": Term(
        N_("vanishes|vanish"),
        N_("A gradient is multiplied by one matrix per step back; if these shrink it, early steps learn nothing."),
    ),
    "explode": Term(
        N_("explodes|explode"),
        N_("If the matrices on the way back stretch a gradient, it grows without bound with the lag."),
    ),
    "clipping": Term(
        N_("clipping|clipped"), N_("A gradient whose norm is above a limit is scaled down to it before the update.")
    ),
    "spectral_radius": Term(
        N_("spectral radius"),
        N_("The largest absolute eigenvalue of a matrix: what repeated multiplication by it grows or shrinks by."),
    ),
    "eigenvalue": Term(
        N_("eigenvalues|eigenvalue"),
        N_("What a matrix multiplies one of its own directions by; complex ones also turn it."),
    ),
    "singular_value": Term(
        N_("singular values|singular value"),
        N_("How much a matrix stretches a direction; the largest bounds what one multiplication can do."),
    ),
    "jacobian": Term(N_("Jacobian"), N_("The matrix of all derivatives of one state by the state before it.")),
    "lag": Term(N_("lag"), N_("The number of steps between a loss and the state, or the input, that it depends on.")),
    "teacher_forcing": Term(
        N_("teacher forcing"),
        N_("In training, the decoder reads the right previous symbol in place of the one that it wrote itself."),
    ),
    "ctc": Term(
        N_("CTC"),
        N_(
            "Connectionist temporal classification: a loss for labels whose times nobody knows; all the ways to place "
            "them in the sequence count together."
        ),
    ),
    "symbol_error_rate": Term(
        N_("symbol error rate"),
        N_(
            "The number of symbols to be inserted, deleted or replaced until the output is right, divided by the "
            "number of the right ones."
        ),
    ),
    "temperature": Term(
        N_("temperature"),
        N_("The logits are divided by it before sampling: below 1 safer choices, above 1 bolder ones."),
    ),
    "beam_search": Term(
        N_("beam search|beam width"),
        N_("Of all beginnings of a text the few most probable are continued, side by side."),
    ),
    "bleu": Term(
        N_("BLEU"),
        N_(
            "A measure of translations from 0 to 100%: how many of their runs of one to four words the right ones "
            "have, too."
        ),
    ),
    "batch": Term(N_("batch"), N_("The sequences whose gradients are averaged for one update of the weights.")),
    "orthogonal": Term(
        N_("orthogonal"),
        N_("A matrix that turns and mirrors, but neither stretches nor shrinks: all singular values are 1."),
    ),
    "fixed_point": Term(
        N_("fixed points|fixed point"), N_("A state that stays where it is while the input stays the same.")
    ),
    "saddle": Term(
        N_("saddle points|saddle"), N_("A fixed point that attracts from some directions and repels in others.")
    ),
    "auc": Term(
        N_("AUC"),
        N_("How well a unit tells two kinds of places apart: 0.5 is no better than a coin, 1 is without an error."),
    ),
    "bag_of_words": Term(N_("bag of words"), N_("A model that knows which words occur, but not in which order.")),
    "seed": Term(N_("seed"), N_("The number that all random draws start from: the same one gives the same run.")),
}


def entries(_: Translate) -> list[list[Any]]:
    """[words, meaning] of each term in the reader's language, for the browser."""
    return [[_(term.words).split("|"), _(term.meaning)] for term in GLOSSARY.values()]


def explained(names: Iterable[str], _: Translate) -> list[str]:
    """Each of the named terms with its meaning, as Markdown."""
    found = [(_(GLOSSARY[name].words).split("|")[0], _(GLOSSARY[name].meaning)) for name in names]
    return [_("{word}: {meaning}").format(word=f"**{word}**", meaning=meaning) for word, meaning in found]
