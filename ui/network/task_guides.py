"""Each task in a few sentences: what goes in, what must come out, how far back it lies, what a blind guess costs, what
its signs stand for."""

import math
from functools import lru_cache
from typing import Any

from rnn_core.tasks import TASKS
from ui.i18n import N_, Translate, join_sentences

TEXT_SIGNS = N_("␣ is a space, ⏎ a line end.")
PADDING = N_("“·” fills the places that the sentence leaves empty.")

# name of a task -> what goes in and comes out, how far back it lies, what a blind guess costs, what its signs mean; the
# fields are those of `_facts`
TASK_GUIDES: dict[str, tuple[str, ...]] = {
    "text": (
        N_("In: one symbol of the text per step. Out: at every step, how probable each symbol is as the next one."),
        N_("How far back one has to remember depends on the text: letters of a word are near, a subject or an open "
           "quote can be dozens of symbols away."),
        N_("A blind guess among K different symbols costs ln K nats, here {chance:.3g} for {outputs} symbols."),
        TEXT_SIGNS,
    ),
    "grammar": (
        N_("In: one word of a simple sentence per step. Out: at every step, how probable each of {outputs} words is as "
           "the next one."),
        N_("One or two words back are enough: sentences have two or three words."),
        N_("A blind guess costs ln {outputs} = {chance:.2f} nats; the best possible is {best:.2f}, since the sentences "
           "are drawn at random."),
        N_("“.” ends a sentence."),
    ),
    "recall": (
        N_("In: one capital letter, then small letters that mean nothing, then “?”. Out: at “?”, the capital letter."),
        N_("How many steps back it lies: {delay}."),
        N_("A blind guess among {symbols} letters costs ln {symbols} = {chance:.2f} nats. Only the answer counts."),
    ),
    "adding": (
        N_("In: two numbers per step, a random one between 0 and 1 and a mark, which is 1 at two steps and 0 elsewhere."
           " Out: after the last step, the sum of the two marked numbers."),
        N_("The first mark lies in the first half of the {sequence_length} steps, so up to {farthest} steps back."),
        N_("Always answering 1 has a squared error of 1/6 = {chance:.3f}."),
    ),
    "copy": (
        N_("In: a string of letters (length {length}), a pause of “-”, then “?”. Out: “-” all the time, and after “?” "
           "the string again."),
        N_("How many steps back each lies: {back}."),
        N_("Knowing when the letters are due but not which they were costs {chance:.2f} nats per step on average; a "
           "blind guess among all {outputs} signs would cost {blind:.2f}."),
    ),
    "order": (
        N_("In: E, then small letters that mean nothing, among them X or Y at two places, then B. Out: after the last "
           "step, which two they were, in their order: XX, XY, YX or YY."),
        N_("The first of the two lies about {first_back} steps back, the second about {second_back}."),
        N_("A blind guess among 4 answers costs ln 4 = {chance:.2f} nats."),
        N_("E and B only mark the beginning and the end."),
    ),
    "count": (
        N_("In: n times a, then n times b, n between 1 and {longest}. Out: the next symbol; only the steps at which a b"
           " is read count."),
        N_("When the last b is read, the first a lies 2n − 1 steps back: up to {farthest}."),
        N_("Knowing how often a string ends, but not counting, costs {chance:.2f} nats per step; a blind guess among 3 "
           "symbols would cost {blind:.2f}."),
        N_("“#” is the end of the string."),
    ),
    "flipflop": (
        N_("In: one channel or several (here {bits}), at most steps 0, now and then a pulse of +1 or −1. Out: for each "
           "channel the sign of its last pulse, at every step."),
        N_("How far back that lies is a matter of luck: a channel has a pulse every {gap:.0f} steps on average."),
        N_("Always answering 0 has a squared error of {chance:.0f}."),
    ),
    "reber": (
        N_("In: one letter of a string per step: B, then T or P, then a string of a small grammar, then the same T or "
           "P, then E. Out: the next letter, at every step."),
        N_("The last letter but one repeats the second, 6 to {outer} letters after it. All else is decided by the last "
           "few letters."),
        N_("A blind guess among 7 letters costs ln 7 = {chance:.2f} nats; the best possible is {best:.2f}, since the "
           "strings are drawn at random."),
        N_("A string that is too short is filled up with E; these steps do not count."),
    ),
    "sine": (
        N_("In: one value of a noisy sine wave per step. Out: the next value, at every step."),
        N_("Two values without noise would do; with noise, the more of the wave is remembered the better: it has a "
           "period of {period} steps."),
        N_("Always answering 0 has a squared error of {chance:.2f}; the noise alone has {floor:.3f}."),
    ),
    "sentiment": (
        N_("In: one word of a review per step. Out: after the last word, − or +: is it a bad or a good review?"),
        N_("A “but” or a “not” decides, up to {farthest} words back."),
        N_("A blind guess between two costs ln 2 = {chance:.2f} nats."),
        PADDING,
    ),
    "sentiment_zh": (
        N_("In: one character of a Chinese review per step. Out: after the last one, − or +: is it a bad or a good "
           "review?"),
        N_("A “but” or a “not” decides, up to {farthest} characters back."),
        N_("A blind guess between two costs ln 2 = {chance:.2f} nats."),
        PADDING,
    ),
    "strokes": (
        N_("In: a digit at the first step, then blanks. Out: at every step where the pen is, x and y from −1 to 1, and "
           "1 where it draws, 0 where it is lifted."),
        N_("The digit lies up to {farthest} steps back, and the network has to know how far the drawing has come."),
        N_("Always answering the mean of all drawings has a squared error of {chance:.2f}; the shake of the hand alone "
           "has {best:.3f}."),
        N_("“·” is a blank: nothing is read."),
    ),
    "agreement": (
        N_("In: one word per step of a sentence whose verb is missing. Out: at “_”, the missing verb; only that step "
           "counts."),
        N_("Its number depends on a subject up to {subject} words before the gap, its tense on words after it: reading "
           "forwards alone it can only be guessed."),
        N_("A blind guess among {outputs} verbs costs ln {outputs} = {chance:.2f} nats; reading forwards alone costs "
           "at least ln 4 = 1.39."),
        N_("“_” is the gap. “·” fills the places behind the sentence."),
    ),
}  # fmt: skip

STREAMS = {  # of the texts that are streams of symbols: how far back one has to remember
    "reber_stream": N_(
        "The last letter but one of each string repeats its second, at least six letters after it; nothing marks "
        "where one string ends and the next begins."
    ),
    "xor_stream": N_(
        "Every third bit says whether the two before it differ; all others are random. So two steps back are "
        "enough, and no held-out loss below ⅔ ln 2 = 0.46 is possible but by luck."
    ),
    "syllables": N_(
        "A consonant is random and decides which vowel follows and how often: ba, dii, guuu. So four steps back "
        "are enough."
    ),
    "unspaced": N_(
        "Words stand in random order without a space: within a word the letters so far leave few choices, after its "
        "last one any word can follow."
    ),
}
_IN, _BACK, _GUESS, _SIGNS = TASK_GUIDES["text"]
TASK_GUIDES |= {name: (_IN, back, _GUESS) for name, back in STREAMS.items()}


def task_guide(name: str, options: dict[str, Any], _: Translate, *, brief: bool = False, symbols: int = 1) -> str:
    """The task of that name, or the stream of symbols, in a few sentences with the numbers of its options.

    brief : what goes in and out alone. symbols : how many different ones a text has.
    """
    facts = (
        {"outputs": symbols, "chance": math.log(symbols)}
        if name == "text" or name in STREAMS
        else _facts(name, tuple(sorted(options.items())))
    )
    sentences = TASK_GUIDES[name][:1] if brief else TASK_GUIDES[name]
    return join_sentences(*(_(sentence).format(**facts) for sentence in sentences))


@lru_cache(64)
def _facts(name: str, options: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """The numbers that the sentences name."""
    task: Any = TASKS[name](**dict(options))  # each kind has fields of its own
    steps = task.sequence_length
    facts = {name: getattr(task, name) for name in task.difficulty}
    facts |= {"sequence_length": steps, "outputs": task.output_size, "chance": task.chance, "best": task.best}
    facts |= {"farthest": steps - 1, "floor": getattr(task, "noise_floor", 0.0)}
    match name:
        case "copy" | "count":
            facts |= {"blind": math.log(task.output_size), "back": steps - getattr(task, "length", 0)}
        case "reber":
            facts["outer"] = steps - 2
        case "order":
            facts |= {"first_back": round(0.85 * steps), "second_back": round(0.45 * steps)}
        case "flipflop":
            facts["gap"] = task.bits / task.pulses if task.pulses else steps
        case "agreement":
            facts["subject"] = 1 + 3 * task.attractors
    return facts
