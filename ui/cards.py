"""Published results beside what happens here: what a paper did and found, what is different here, what is seen now.

The figures of the Reber grammar, of the order of two symbols and of the adding problem's error were read in the papers.
The rest is told from memory and was not looked up again: whoever can, should.
"""

from typing import NamedTuple

from ui.language import N_


class Card(NamedTuple):
    """One published result."""

    paper: str  # who did what
    here: str  # what is different here
    found: str  # what they found


CARDS = {  # by the name of the data: a task, or a text of the app
    "reber": Card(
        N_(
            "Hochreiter and Schmidhuber (1997) trained on 256 strings of the embedded Reber grammar, string by string, "
            "and judged on 256 others. A string is right if at every symbol those that may follow are the most active."
        ),
        N_(
            "Today's LSTM has a forget gate, and its gradient goes through all steps. Adam takes the place of a fixed "
            "learning rate of 0.5. The grammar, the number of strings and the judgement are the same."
        ),
        N_(
            "An LSTM of three blocks with two cells each learned it in every run, after 8,440 strings on average "
            "(3,800 to 24,100). Elman's plain network had not learned it in any run after 200,000 strings."
        ),
    ),
    "adding": Card(
        N_(
            "The task is Hochreiter and Schmidhuber's (1997). Le, Jaitly and Hinton (2015) gave it this form and asked "
            "whether a ReLU network whose W starts as the identity can do what an LSTM can."
        ),
        N_("Adam takes the place of plain gradient descent, and the networks are smaller."),
        N_(
            "The ReLU network that starts from the identity learns it about as well as an LSTM. Who always answers 1 "
            "has an error of 1/6 = 0.1667; the paper prints 0.1767, a slip."
        ),
    ),
    "copy": Card(
        N_(
            "After Hochreiter and Schmidhuber (1997), in the form of Arjovsky, Shah and Bengio (2016): ten symbols, "
            "a hundred blanks or many more, then the ten symbols again."
        ),
        N_("Fewer symbols and a shorter delay unless you set them otherwise, and Adam."),
        N_(
            "A plain network and an LSTM hardly leave the line of those who remember nothing when the delay is long. A "
            "network with a unitary W, which neither shrinks nor stretches, copies."
        ),
    ),
    "order": Card(
        N_(
            "Pascanu, Mikolov and Bengio (2013, figure 7), with a task of Hochreiter and Schmidhuber (1997): 50 tanh "
            "units, gradient descent at 0.01 in batches of 20, sequences of growing length."
        ),
        N_("The same can be set here: tanh, 50 units, SGD, 0.01. Expect tens of thousands of updates."),
        N_(
            "Without clipping, the share of runs that learn falls quickly as sequences grow. Clipping the gradient's "
            "norm helps; a penalty that also keeps the gradient from vanishing helps most."
        ),
    ),
    "count": Card(
        N_(
            "Gers and Schmidhuber (2001) trained LSTMs on short strings aⁿbⁿ and tested far longer ones. Weiss, "
            "Goldberg and Yahav (2018) compared cells."
        ),
        N_("This LSTM has no peepholes, and n is drawn evenly up to the largest. Adam, clipped."),
        N_(
            "An LSTM counts: one cell climbs with every a and comes down with every b, also beyond the longest string "
            "of the training. The states of tanh and GRU are bounded, and they do not count."
        ),
    ),
    "flipflop": Card(
        N_(
            "Sussillo and Barak (2013) trained a network in continuous time to hold three bits, then looked for the "
            "states in which it rests."
        ),
        N_("A tanh network in steps, of 16 units unless you change it, by backpropagation through time with Adam."),
        N_(
            "Eight stable states at the corners of a cube, one for each memory, and saddles between them through which "
            "the network goes from one memory to another."
        ),
    ),
    "grammar": Card(
        N_(
            "Elman (1990) had a plain network of 150 units predict the next word of 10,000 sentences made of 29 words, "
            "then built a tree of the mean states in which it read each word."
        ),
        N_(
            "Fewer units, and gradients through all steps instead of one. The tree of this network is on the page "
            "Memory, under «States as places»."
        ),
        N_(
            "The tree had two large branches, verbs and nouns, and within them animate and inanimate, humans and "
            "animals: nobody had told the network of word classes."
        ),
    ),
    "marked_en": Card(
        N_(
            "Karpathy, Johnson and Fei-Fei (2016) trained LSTMs on a novel and on source code, letter by letter, and "
            "looked at each cell while they read."
        ),
        N_(
            "A generated text with quotes, brackets and lines of 40 columns, and 48 units: enough for half a minute. "
            "The page Memory searches the units and judges them on text that they were not chosen on."
        ),
        N_(
            "A few cells mean something to a reader: one is on inside quotes, one counts the position in the line, one "
            "follows how deep an expression is nested. Most do not."
        ),
    ),
}


def card(name: str, measured: list[str], _) -> list[str]:
    """The paragraphs of the card for this data; none where nothing was published about it.

    measured : what is seen here now, in the reader's language.
    """
    if name not in CARDS:
        return []
    told = CARDS[name]
    return [
        _("The paper: {text}").format(text=_(told.paper)),
        _("Different here: {text}").format(text=_(told.here)),
        _("Found there: {text}").format(text=_(told.found)),
        _("Measured here, now: {text}").format(text=" ".join(measured)),
    ]
