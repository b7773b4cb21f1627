"""Ten questions before the course and ten after it: one idea each, in two parallel forms, so that the second time is
not the same ten. The gain is the normalised gain of physics teaching (Hake 1998)."""

import random
from collections.abc import Mapping
from typing import NamedTuple

from ui.i18n import N_

TIMES = ("before", "after")  # form A, form B


class Question(NamedTuple):
    """A question with its answers, the right one first: an answer is stored as its place in this list."""

    text: str
    answers: tuple[str, str, str, str]

    def order(self, idea: str) -> list[int]:
        """The places of the answers as they are shown: the same for everybody."""
        return random.Random(idea + self.text).sample(range(4), 4)


class Idea(NamedTuple):
    """One concept, in two parallel questions."""

    title: str
    before: Question
    after: Question

    def question(self, time: str) -> Question:
        """The question of that time."""
        return self.before if time == "before" else self.after


IDEAS = {
    "state": Idea(
        N_("What the state holds"),
        Question(
            N_("A network with 32 units has read 1,000 letters. What does its state hold?"),
            (
                N_("32 numbers, computed from all the letters so far"),
                N_("the last 32 letters"),
                N_("all 1,000 letters, without loss"),
                N_("one number for each letter that it has read"),
            ),
        ),
        Question(
            N_("A network with 100 units reads a text. The text grows ten times as long. What happens to the state?"),
            (
                N_("It stays 100 numbers, and every word changes them."),
                N_("It grows: every word adds some numbers."),
                N_("It keeps the first 100 words."),
                N_("It keeps the last 100 words."),
            ),
        ),
    ),
    "shared": Idea(
        N_("What is shared"),
        Question(
            N_("The same network reads a sentence of 5 words, then one of 50. How many weights does the second take?"),
            (
                N_("as many as the first"),
                N_("ten times as many"),
                N_("one set more for every new word"),
                N_("fewer: a long sentence is summarised first"),
            ),
        ),
        Question(
            N_("A network is drawn unrolled over ten steps. What is true of the ten copies of W in the drawing?"),
            (
                N_("They are one and the same matrix."),
                N_("Each is trained for its own step."),
                N_("Only the first one is trained."),
                N_("They begin equal and drift apart in training."),
            ),
        ),
    ),
    "untrained": Idea(
        N_("What an untrained network says"),
        Question(
            N_("A new network, not trained at all, predicts the next of 50 symbols. What does it say?"),
            (
                N_("about 1/50 for every symbol"),
                N_("0 for every symbol"),
                N_("1 for some symbol, at random"),
                N_("the frequency of each symbol in the text"),
            ),
        ),
        Question(
            N_("The vocabulary of an untrained network is doubled. What happens to its first loss?"),
            (
                N_("It rises a little, by the logarithm of 2."),
                N_("It doubles."),
                N_("Nothing: it always begins at 1."),
                N_("Nothing: before training it is 0."),
            ),
        ),
    ),
    "gradient": Idea(
        N_("Where the gradient comes from"),
        Question(
            N_("Only the last of 20 steps has a loss. Which steps contribute to the gradient of the weights?"),
            (
                N_("all 20, each with its part of a sum"),
                N_("the last one alone"),
                N_("the first one alone"),
                N_("none: every step would need a loss"),
            ),
        ),
        Question(
            N_("There is a loss at step 10. Through which steps does W have an effect on it?"),
            (
                N_("through all steps up to 10: each state depends on the one before"),
                N_("through step 10 alone"),
                N_("through the step at which the same symbol was last read"),
                N_("through the steps after 10"),
            ),
        ),
    ),
    "fading": Idea(
        N_("Why the gradient fades"),
        Question(
            N_("Why does the gradient with respect to a state 30 steps back often become tiny?"),
            (
                N_("Every step back multiplies it, and thirty factors below 1 make a tiny number."),
                N_("The learning rate is divided among the steps."),
                N_("The optimiser rounds small numbers to zero."),
                N_("Old symbols are deleted to make room for new ones."),
            ),
        ),
        Question(
            N_("Every step back multiplies the gradient by 0.8. How much of it is left after 20 steps?"),
            (N_("about 1%"), N_("80%"), N_("5%, one twentieth"), N_("nothing at all: it is cut off")),
        ),
    ),
    "clipping": Idea(
        N_("What clipping does, and what not"),
        Question(
            N_("What does clipping do to the gradient?"),
            (
                N_("It shortens one that is too long, so that a single update cannot ruin the weights."),
                N_("It lengthens one that is too short, so that far steps learn too."),
                N_("It removes the weights that are too large."),
                N_("It cuts off the steps that lie too far back."),
            ),
        ),
        Question(
            N_("A network cannot learn over 50 steps because its gradient vanishes. What does clipping change?"),
            (
                N_("Nothing: there is nothing to shorten."),
                N_("It learns, but more slowly."),
                N_("The gradient never falls below the clipping norm."),
                N_("It reaches exactly half as far."),
            ),
        ),
    ),
    "gates": Idea(
        N_("Why gates help, and at what price"),
        Question(
            N_("Why do the gates of an LSTM help with long dependencies?"),
            (
                N_("The cell state can be carried on nearly unchanged, and so can its gradient."),
                N_("It has more weights, and more weights remember more."),
                N_("It reads the sequence several times."),
                N_("It keeps a list of the symbols."),
            ),
        ),
        Question(
            N_("What is the price of the gates of an LSTM?"),
            (
                N_("about four times the weights for the same number of units"),
                N_("It cannot be trained by backpropagation."),
                N_("It can only read sequences of one length."),
                N_("None: it is better at everything."),
            ),
        ),
    ),
    "output": Idea(
        N_("When no output is needed"),
        Question(
            N_("A network is to say whether a review is good or bad. When must it give an answer?"),
            (
                N_("once, after the last word"),
                N_("at every word, or it could not be trained"),
                N_("after the first word"),
                N_("at every word that matters, and it must be told which"),
            ),
        ),
        Question(
            N_("Why does a network that translates not put out a word for each word that it reads?"),
            (
                N_("A word may depend on what comes later, so it reads the whole sentence first."),
                N_("A recurrent network can put out one word only."),
                N_("Both sentences always have the same length."),
                N_("An output would overwrite the state."),
            ),
        ),
    ),
    "probability": Idea(
        N_("What the probability of a sentence is good for"),
        Question(
            N_("A language model finds one sentence more probable than another. What is that good for?"),
            (
                N_("to choose between candidates, such as two things that may have been said"),
                N_("to prove that the first sentence is true"),
                N_("to know that the first sentence was in the training text"),
                N_("to tell which of them is shorter"),
            ),
        ),
        Question(
            N_("How does a language model get the probability of a whole sentence?"),
            (
                N_("It multiplies the probabilities of its words, each given the words before it."),
                N_("It counts how often the sentence stands in the training text."),
                N_("It takes the probability of the last word."),
                N_("It adds the probabilities of its words."),
            ),
        ),
    ),
    "directions": Idea(
        N_("What both directions forbid"),
        Question(
            N_("A bidirectional network fills gaps well. Why can it not write a text letter by letter?"),
            (
                N_("It reads what comes later, and while one writes there is nothing later yet."),
                N_("It has too few weights."),
                N_("It can only read backwards."),
                N_("It never learns the order of the letters."),
            ),
        ),
        Question(
            N_("A bidirectional network learns to predict the next letter of its input, and its loss goes to 0. Why?"),
            (
                N_("It has already read that letter from the other end."),
                N_("Two directions are twice as clever."),
                N_("It has learned the language."),
                N_("Its loss is shared by two directions."),
            ),
        ),
    ),
}

Marks = Mapping[str, int]  # idea -> place of the answer that was given


def read(raw: object) -> dict[str, int] | None:
    """One answer to every question, or None."""
    if not isinstance(raw, Mapping):
        return None
    answers = {idea: raw.get(idea) for idea in IDEAS}
    known = all(isinstance(place, int) and not isinstance(place, bool) and 0 <= place < 4 for place in answers.values())
    return answers if known else None  # type: ignore[return-value]


def share_right(answers: Marks) -> float:
    """The share of right answers.

    >>> share_right(dict.fromkeys(IDEAS, 0)), share_right(dict.fromkeys(IDEAS, 1))
    (1.0, 0.0)
    """
    return sum(place == 0 for place in answers.values()) / len(IDEAS)


def gain(before: float, after: float) -> float | None:
    """Of what there was to gain, the share that was gained (Hake 1998); None where there was nothing.

    >>> gain(0.5, 0.75), gain(0.5, 0.25), gain(1.0, 1.0)
    (0.5, -0.5, None)
    """
    return None if before >= 1 else (after - before) / (1 - before)
