"""Published results beside those of this run: what a paper did and found, what differs here, what was measured.

Each card says what its claims rest on, read in November 2026. Whoever has the papers that are named through others
should read them and say so here. What of them is trained again: ui/network/results.
"""

from typing import NamedTuple

from rnn_core.tasks.texts import STREAMS
from ui.i18n import N_, Translate, join_sentences
from ui.network.results import RESULTS
from ui.network.results.record import Paper, Result
from ui.network.results.sentences import verdict
from ui.network.results.stored import stored


class Card(NamedTuple):
    """One published result."""

    paper: str  # who did what
    here: str  # what is different here
    found: str  # what they found
    source: str  # what these claims rest on


CARDS = {  # by the name of the data: a task, or a text of the app
    "reber": Card(
        N_(
            "Hochreiter and Schmidhuber (1997) trained on 256 strings of the embedded Reber grammar, picked at random, "
            "until these and 256 others were all right: at every symbol those that may follow are the most active."
        ),
        N_(
            "Today's LSTM has a forget gate, and its gradient goes through all steps. Adam takes the place of a fixed "
            "learning rate of 0.5. The grammar, the number of strings and the judgement are the same."
        ),
        N_(
            "An LSTM of three blocks with two cells each learned it in all 30 runs, after 8,440 strings on average "
            "(3,800 to 24,100). Elman's plain network, they report from others, never did in more than 200,000."
        ),
        N_(
            "The paper: section 5.1 and table 1. The row of Elman's network is Cleeremans et al. (1989), as cited "
            "there."
        ),
    ),
    "recall": Card(
        N_(
            "Bengio, Simard and Frasconi (1994) asked why networks that learn by gradient descent have ever more "
            "trouble the longer the span is over which they must remember."
        ),
        N_(
            "One of 8 symbols must be named after a delay. The gradient is that of the answer with respect to each "
            "state, before the first update; how W or the forget gate starts decides how it fades."
        ),
        N_(
            "A plain network can either learn efficiently by gradient descent or hold information for long, not both: "
            "where it holds something for long, the gradient over that span vanishes."
        ),
        N_("The abstract; that the gradient vanishes there: others' summaries."),
    ),
    "adding": Card(
        N_(
            "The task is Hochreiter and Schmidhuber's (1997), with numbers from 0 to 1 in place of −1 to 1. Le, Jaitly "
            "and Hinton (2015) asked on it whether a ReLU network whose W starts as the identity can do what an LSTM "
            "can."
        ),
        N_("The length, the units and the optimiser are those that you set."),
        N_(
            "The ReLU network that starts from the identity did about as well as an LSTM. Always answering 1 "
            "gives an error of 1/6 = 0.1667."
        ),
        N_(
            "Section 5.4 of Hochreiter and Schmidhuber; the abstract of Le, Jaitly and Hinton (arXiv 1504.00941). The "
            "form of the task and the error of 1/6: Tallec and Ollivier (2018), the section on adding."
        ),
    ),
    "copy": Card(
        N_(
            "After Hochreiter and Schmidhuber (1997), in the form of Arjovsky, Shah and Bengio (2016): ten symbols, "
            "a hundred blanks or many more, then the ten symbols again."
        ),
        N_("Fewer symbols and a shorter delay unless you set them otherwise, and Adam."),
        N_(
            "A network with a unitary W, which neither shrinks nor stretches, copies; their LSTM did no better "
            "than a model without memory. Tallec and Ollivier (2018) got an LSTM below that line, with forget "
            "and input biases chosen for the delay."
        ),
        N_(
            "Tallec and Ollivier (2018), also for what the LSTM of Arjovsky, Shah and Bengio reached. That the "
            "unitary network copies: its authors' abstract, and others' summaries."
        ),
    ),
    "order": Card(
        N_(
            "Pascanu, Mikolov and Bengio (2013, figure 7), with a task of Hochreiter and Schmidhuber (1997): 50 units, "
            "gradient descent at 0.01 in batches of 20, up to 5 million updates, five runs for each length."
        ),
        N_(
            "The network is the one that you set; the paper's can be set, too: tanh, 50 units, SGD at 0.01, batches of "
            "20."
        ),
        N_(
            "The longer the sequences, the more it takes clipping of the gradient's norm (at 1) to learn them. A "
            "penalty against vanishing goes with it. One network of 50 tanh units learned all lengths from 50 to 200, "
            "in each of five runs."
        ),
        N_("The paper: section 4.1.1 and figure 7."),
    ),
    "count": Card(
        N_(
            "Gers and Schmidhuber (2001) trained LSTMs on strings aⁿbⁿ with n up to 10 and tested far longer ones. "
            "Weiss, Goldberg and Yahav (2018) asked which cells can count at all."
        ),
        N_("This LSTM has no peepholes, and n is drawn evenly up to the largest. Adam, clipped."),
        N_(
            "An LSTM counts, in one component of its cell state, and keeps counting beyond the longest string of the "
            "training. A ReLU network can count, too. The states of tanh and GRU are bounded, so with finite precision "
            "they cannot count without limit; on the trained lengths they can be right all the same."
        ),
        N_(
            "The abstract of Weiss, Goldberg and Yahav. The lengths in both papers, the peepholes and the one "
            "component: others' summaries."
        ),
    ),
    "flipflop": Card(
        N_(
            "Sussillo and Barak (2013) trained a network in continuous time to hold three bits, then looked for the "
            "states in which it rests or hardly moves."
        ),
        N_("A tanh network in steps, of 16 units unless you change it, by backpropagation through time with Adam."),
        N_(
            "Eight stable states at the corners of a cube, one for each memory, and saddles between them through which "
            "the network goes from one memory to another."
        ),
        N_("The abstract, and replications by others (continuous time, eight stable states, saddles)."),
    ),
    "grammar": Card(
        N_(
            "Elman (1990) had a plain network of 150 units predict the next word in a stream of sentences of two or "
            "three words, 29 different ones, then built a tree of the mean states in which it read each word."
        ),
        N_(
            "Fewer units, and gradients through all steps instead of one. The tree of this network is on the "
            "page Memory, under “State space”."
        ),
        N_(
            "In the tree, words of one class stood together, by grammar and by meaning: the network had never "
            "been told of word classes."
        ),
        N_("The abstract, and replications by others (29 words, 150 units, the tree of mean states)."),
    ),
    "marked_en": Card(
        N_(
            "Karpathy, Johnson and Fei-Fei (2016) trained LSTMs on a novel and on source code, letter by letter, "
            "and looked at each unit while they read."
        ),
        N_(
            "A generated text with quotes, brackets and lines of 40 columns, and 48 units: enough for half a minute. "
            "The page Memory searches the units and judges them on text that they were not chosen on."
        ),
        N_(
            "A few units mean something to a reader: one is active inside quotes, one follows the position in "
            "the line, one how deep the code is nested. Most do not; Karpathy put the share that does at about "
            "5%."
        ),
        N_(
            "The abstract (arXiv 1506.02078); the cells in lecture notes that show its figures. How few they are: "
            "Karpathy's article of 2015 on the same networks."
        ),
    ),
}


def data_of_card(result: Result) -> str:
    """The data beside which the Lab tells of a result: those of its card, or the stream that was made for it; else
    nothing."""
    if isinstance(result.card, str):
        return result.card
    data = {network.values.get("data", "") for network in result.networks.values()}
    return next(iter(data)) if len(data) == 1 and data <= set(STREAMS) else ""


CARDS |= {
    data_of_card(result): Card(result.card.paper, result.here, result.card.found, result.card.source)
    for result in RESULTS.values()
    if isinstance(result.card, Paper) and data_of_card(result)
}


def paper_of(result: Result) -> Paper:
    """What a result says of its paper."""
    if isinstance(result.card, Paper):
        return result.card
    known = CARDS[result.card]
    return Paper(known.paper, known.found, known.source)


def card(name: str, measured: list[str], _: Translate) -> list[str]:
    """The paragraphs of the card for this data; none where nothing was published about it.

    measured : result of this run so far, in the reader's language.
    """
    if name not in CARDS:
        return []
    published = CARDS[name]
    # A result's own words are about its own settings, which need not be those of this run.
    different = _("Different on the page “Results”: {text}") if name in STREAMS else _("Different here: {text}")
    return [
        _("The paper: {text}").format(text=_(published.paper)),
        different.format(text=_(published.here)),
        _("Found there: {text}").format(text=_(published.found)),
        _("Measured here: {text}").format(text=join_sentences(*measured)),
        *_reproduced(name, _),
    ]


def _reproduced(name: str, _: Translate) -> list[str]:
    """What was measured of it for the page Results."""
    entries = stored()
    return [
        _("“{title}”, on the page “Results”: {verdict}").format(
            title=_(result.title), verdict=verdict(result, entries[result.name].trials, _)
        )
        for result in RESULTS.values()
        if data_of_card(result) == name and result.name in entries
    ]
