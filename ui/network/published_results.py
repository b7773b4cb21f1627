"""Published results beside what happens here: what a paper did and found, what is different here, what is seen now.

What each claim rests on, read in November 2026:

- reber, order: the papers themselves. Hochreiter and Schmidhuber (1997), section 5.1 and table 1 (the row of Elman's
  network is Cleeremans et al. 1989, as cited there); Pascanu, Mikolov and Bengio (2013), section 4.1.1 and figure 7.
- adding: section 5.4 of Hochreiter and Schmidhuber and the abstract of Le, Jaitly and Hinton (arXiv 1504.00941); the
  form of the task and the error of 1/6 in Tallec and Ollivier (ICLR 2018, section on the adding task).
- copy: Tallec and Ollivier (ICLR 2018), also for what the LSTM of Arjovsky, Shah and Bengio (2016) reached. That the
  unitary network copies: its authors' abstract, and others' summaries of it.
- count: the abstract of Weiss, Goldberg and Yahav (ACL 2018). The lengths in both papers, the peepholes and the one
  cell: others' summaries.
- marked_en: the abstract (arXiv 1506.02078); the cells in lecture notes that show its figures; how few they are in
  Karpathy's article of 2015 on the same networks.
- flipflop, grammar: the abstracts, and replications by others: of Sussillo and Barak (continuous time, eight stable
  states, saddles), of Elman (29 words, 150 units, the tree of mean states).

Whoever has the papers that are named through others should read them and say so here.
"""

from typing import NamedTuple

from ui.i18n import N_, join_sentences


class Card(NamedTuple):
    """One published result."""

    paper: str  # who did what
    here: str  # what is different here
    found: str  # what they found


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
    ),
    "order": Card(
        N_(
            "Pascanu, Mikolov and Bengio (2013, figure 7), with a task of Hochreiter and Schmidhuber (1997): 50 units, "
            "gradient descent at 0.01 in batches of 20, up to 5 million updates, five runs for each length."
        ),
        N_("The same can be set here: tanh, 50 units, SGD, 0.01."),
        N_(
            "The longer the sequences, the more it takes clipping of the gradient's norm (at 1) to learn them. A "
            "penalty against vanishing goes with it. One network of 50 tanh units learned all lengths from 50 to 200, "
            "in each of five runs."
        ),
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
    ),
}


def card(name: str, measured: list[str], _) -> list[str]:
    """The paragraphs of the card for this data; none where nothing was published about it.

    measured : what is seen here now, in the reader's language.
    """
    if name not in CARDS:
        return []
    published = CARDS[name]
    return [
        _("The paper: {text}").format(text=_(published.paper)),
        _("Different here: {text}").format(text=_(published.here)),
        _("Found there: {text}").format(text=_(published.found)),
        _("Measured here, now: {text}").format(text=join_sentences(*measured)),
    ]
