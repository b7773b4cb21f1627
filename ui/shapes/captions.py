"""A picture in, words out: two objects to be described, and which word looked where."""

import operator
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Model, Trainer
from rnn_core.tasks.captions import CaptionTask, scenes
from rnn_core.tasks.captions.pictures import CELLS, INK, PIXELS, SIDE, centres, pictures, places_of, relation_of
from ui.charts.formatting import column, percent
from ui.charts.limits import there
from ui.i18n import N_, Translate, join_sentences
from ui.shapes import drawings, figures_captions
from ui.shapes.encoder_decoder import START
from ui.shapes.records import Chain, Diagram, Network, ShapeSetup, ShapeView
from ui.shapes.sample import SampleAnalysis, gradient_norms
from ui.theme import Theme
from ui.training.snapshot import SampleChoice

TITLE = N_("Captions: a picture in, words out")
STORY = N_(
    "The network reads a picture of 15 × 15 pixels once, at step 0, with weights that it learns: that makes its first "
    "state. From then on it reads its own words, one after the other (Vinyals et al. 2015). Every picture has two "
    "right captions, one from each object. It is judged on combinations of two colours, two shapes and a relation that "
    "it has never seen together."
)
TYPE = N_("The picture to describe")
HELP = N_("One of the held-out pictures, two objects of your choice, or what you draw.")
EXERCISE = (
    N_("Compose a picture until the page says that its combination is held out. Does the network describe it "
       "correctly? Change one thing at a time until it errs."),
    N_("Which word is the first that can tell the two objects apart? Look at its probability: how sure can a network "
       "be at this word when it knows both right captions?"),
    N_("Compare the small pictures of the two colour words, then those of the two shape words. On which object is the "
       "gradient, and is it the one that the word names?"),
    N_("Reduce the hidden units to 8. Which attribute breaks first, which last? Explain this by what a single unit "
       "would have to tell apart."),
    N_("Put the two objects on a diagonal, where no training picture has them. Which relation does the network "
       "choose?"),
    N_("Draw a shape that it has never seen, a cross or a heart. Which of its four shapes does it take it for? Look "
       "at that word's small picture: which part of your drawing speaks for the word, which against it?"),
)  # fmt: skip
NEEDED = N_("Two objects need two places.")
ALT = N_("The picture, and for each word of the caption the gradient of its output by the ink of every pixel.")
HEADING = N_("Which word looked where")
SUMMARY = 0  # which sentence of the guide is always visible
LOG_LOSS = True
PICTURE = "▦"
TASKS = {"en": "captions", "zh_CN": "captions_zh"}
PICTURE_WRITTEN = re.compile("[01],[0-3],[0-3],[0-8],[01],[0-3],[0-3],[0-8]")
LARGEST = 2.0**20  # of an output from which 1 can be taken in 32 bits
MEASURE_EVERY = 1.0  # seconds
COLOURS = N_("red"), N_("green"), N_("blue"), N_("yellow")
PLACES = (
    N_("top left"), N_("top"), N_("top right"), N_("middle left"), N_("middle"), N_("middle right"),
    N_("bottom left"), N_("bottom"), N_("bottom right"),
)  # fmt: skip
NAMES = {
    "size": N_("size"),
    "colour": N_("colour"),
    "shape": N_("shape"),
    "relation": N_("relation"),
}


class Shares(NamedTuple):
    """Of the held-out pictures."""

    exact: float  # share whose whole caption is right
    right: dict[str, float]  # share of each attribute that is right, by its name


class Caption(NamedTuple):
    """What the network says of one picture, and of the held-out ones."""

    ink: np.ndarray  # (SIDE, SIDE, 3)
    amounts: np.ndarray  # (SIDE, SIDE, colours) how much of each colour makes that ink
    drawn: bool  # by the reader: what it shows, nobody else knows
    words: tuple[str, ...]  # the end is the last, if it was written
    probs: np.ndarray  # (S,) of each
    gradient: np.ndarray  # (S, SIDE, SIDE) of each word's output by how much of its ink each pixel has
    said: str
    answers: tuple[str, ...]  # the right captions; none where nobody knows
    never_seen: bool | None  # whether the combination is held out; None where it is no task's
    looked: tuple[float, float] | None  # shares of the gradient, and of the ink, on the object that a word names
    shares: Shares
    blind: Shares

    @property
    def right(self) -> bool:
        """Whether it is a right caption."""
        return self.said in self.answers


def setup(values: Mapping[str, Any], code: str) -> ShapeSetup:
    """Captions in the chosen language."""
    return ShapeSetup(
        "captions", TASKS[values["words"]], (Network(values["cell"], values["units"], values["layers"]),), (),
        values["seed"],
    )  # fmt: skip


def composed(typed: str) -> tuple[np.ndarray, tuple[int, int]] | None:
    """((2, 3) objects, their places) of a picture as the controls write it: size, colour, shape, place of each.

    None for what was typed for another shape, which is still chosen in the moment in which the shape changes.
    """
    if not PICTURE_WRITTEN.fullmatch(typed):
        return None
    numbers = np.array(typed.split(","), int).reshape(2, 4)
    return numbers[:, :3], (int(numbers[0, 3]), int(numbers[1, 3]))


class Analyzer:
    """Has one picture described, and the held-out ones now and then."""

    def __init__(self, task: CaptionTask, trainers: Sequence[Trainer], _setup: ShapeSetup) -> None:
        self._task, self._trainer, self._model = task, trainers[0], trainers[0].model
        # the same network with a squared error, whose gradient may begin at any output
        self._other = Model(replace(self._model.config, loss="mse"))
        self._measured: tuple[Shares, Shares] | None = None
        self._measured_of, self._measured_at = -1, -float("inf")

    def read(self, sample_choice: SampleChoice, complete: bool = False) -> SampleAnalysis:
        """One picture: of the held-out ones, or composed by the reader."""
        task, model = self._task, self._model
        ink, amounts, scene = self._picture(sample_choice)
        ids = task.write(model, ink[None])
        end = np.flatnonzero(ids[:, 0] == task.output_size - 1)
        steps = int(end[0]) + 1 if end.size else len(ids)
        x = task.batch(ink[None], ids).x[: 1 + steps]
        probs = there(model.forward(x).probs)[1:, 0]
        words, said = tuple(task.words[int(i)] for i in ids[:steps, 0]), task.written(ids[:, 0])
        captions = [] if scene is None else [scenes.captions(task.side)[each] for each in (scene, self._turned(scene))]
        answers = tuple(task.written(each) for each in captions)
        wanted: tuple[str, ...] = ("",) * (1 + steps)
        norms = None
        if captions:  # the one that has more words in common
            ids_wanted = max(captions, key=lambda each: int((each[:steps] == ids[:steps, 0]).sum()))
            counted = min(steps, 1 + int((ids_wanted != task.output_size - 1).sum()))  # what is wanted has an end, too
            wanted = ("", *(task.words[int(i)] for i in ids_wanted[:counted]), *[""] * (steps - counted))
            targets, mask = np.zeros((1 + steps, 1), np.int32), np.zeros((1 + steps, 1), np.float32)
            targets[1:, 0], mask[1 : 1 + counted] = ids_wanted[:steps], 1
            norms = gradient_norms(model.backward(x, targets, mask=mask))
        trace = model.forward(x)
        chains = tuple(Chain(trace.hidden[layer, 1:, 0], layer) for layer in range(len(trace.hidden)))
        outputs = ("", *words)
        right = tuple(map(operator.eq, outputs, wanted)) if captions else None
        diagram = Diagram((PICTURE, START, *words[:-1]), chains, outputs, wanted, gradient=norms, right=right)
        gradient = self._gradient(x, ids[:steps, 0])
        shares, blind = self._shares(complete)
        finding = Caption(
            ink=ink.reshape(SIDE, SIDE, 3),
            amounts=figures_captions.paint(ink.reshape(SIDE, SIDE, 3)) if amounts is None else amounts,
            drawn=amounts is not None,
            words=words,
            probs=probs[np.arange(steps), ids[:steps, 0]],
            gradient=gradient,
            said=said,
            answers=answers,
            never_seen=None if scene is None else bool(scenes.held_out(np.array([scene]))[0]),
            looked=looked(task, ids, gradient, ink) if said in answers else None,
            shares=shares,
            blind=blind,
        )
        return SampleAnalysis(diagram, finding)

    def _picture(self, choice: SampleChoice) -> tuple[np.ndarray, np.ndarray | None, int | None]:
        """(PIXELS,) ink; of a drawing how much of each colour made it; the scene where it is one."""
        amounts = drawings.amounts_of(choice.typed) if choice.split == drawings.DRAWN else None
        if amounts is not None:
            return (amounts @ INK).ravel().astype(np.float32), amounts, None
        own = composed(choice.typed) if choice.split == "typed" else None
        if own is not None:
            objects, places = own
            ink = pictures(objects[None], centres(np.array([places])))[0]
            relation = relation_of(*places)
            if relation is None:
                return ink, None, None
            return ink, None, int(scenes.number_of(np.array([*objects[0], relation, *objects[1]])))
        batch = self._task.held_out()
        column = choice.number % batch.x.shape[1]
        scene = int(scenes.scenes_of(batch.targets[1:, [column]], self._task.side)[0])
        return batch.x[0, column, :PIXELS], None, scene

    def _turned(self, scene: int) -> int:
        return int(scenes.turned(np.array(scene)))

    def _gradient(self, x: np.ndarray, ids: np.ndarray) -> np.ndarray:
        """(S, SIDE, SIDE) of the output (before the softmax) of each word by how much of its ink each pixel has, at
        once: a sequence for each word, with an error at that word alone."""
        count = len(ids)
        self._other.parameters[:] = self._model.parameters
        every = np.ascontiguousarray(np.broadcast_to(x, (len(x), count, x.shape[2])))
        targets = self._other.forward(every).logits.copy()
        if not (np.abs(targets) < LARGEST).all():
            return np.full((count, SIDE, SIDE), np.nan)
        own = np.arange(count)
        targets[1 + own, own, ids] -= 1
        trace = self._other.backward(every, targets)
        by_pixel = trace.d_input[0, :, :PIXELS] / trace.d_logits[1 + own, own, ids][:, None]
        return (by_pixel * x[0, :, :PIXELS]).reshape(count, SIDE, SIDE, 3).sum(axis=-1)

    def _shares(self, complete: bool) -> tuple[Shares, Shares]:
        """Of the network as it is now if `complete`, else as it was a moment ago; and of a blind guess."""
        update, found = self._trainer.update, self._measured
        late = complete or time.monotonic() - self._measured_at >= MEASURE_EVERY
        if found is None or (update != self._measured_of and late):
            batch = self._task.held_out()
            ids = self._task.write(self._model, batch.x[0, :, :PIXELS])
            found = shares_of(self._task, ids), shares_of(self._task, np.roll(batch.targets[1:], 1, axis=1))
            self._measured = found
            self._measured_of, self._measured_at = update, time.monotonic()
        return found


analyzer = Analyzer


def shares_of(task: CaptionTask, ids: np.ndarray) -> Shares:
    """How right captions (S, B) of the held-out pictures are."""
    batch = task.held_out()
    agree, names = task.agreement(ids, batch), np.array(scenes.ATTRIBUTES)
    right = {name: float(agree[:, names == name].mean()) for name in NAMES}
    return Shares(float(task.matches(ids, batch).mean()), right)


def looked(task: CaptionTask, ids: np.ndarray, gradient: np.ndarray, ink: np.ndarray) -> tuple[float, float]:
    """Of the words that name an object, the shares of the gradient's size and of the ink on that object, on average.

    ids : (S, 1) a right caption. ink : (PIXELS,) of the picture.
    """
    places, paint = places_of(ink), mass(ink.reshape(SIDE, SIDE, 3).sum(axis=-1))
    relation = scenes.attributes(scenes.scenes_of(ids, task.side))[0, 3]
    first, other = places if relation % 2 == 0 else places[::-1]
    names = {word for kind in (scenes.SIZES, scenes.COLOURS, scenes.SHAPES) for word in sides(kind, task.side)}
    naming = [t for t, i in enumerate(ids[: len(gradient), 0]) if task.words[int(i)] in names]
    of = [first] * 3 + [other] * 3 if task.side == scenes.ENGLISH else [other] * 3 + [first] * 3
    shares = [mass(gradient[t])[place] for t, place in zip(naming, of, strict=True)]
    return float(np.mean(shares)), float(np.mean([paint[place] for place in of]))


def mass(table: np.ndarray) -> np.ndarray:
    """(9,) how much of the sizes in a table (SIDE, SIDE) each place has."""
    side = SIDE // CELLS
    found = np.abs(table).reshape(CELLS, side, CELLS, side).sum(axis=(1, 3)).ravel()
    return found / max(found.sum(), 1e-30)


def sides(kind: Sequence[str], side: int) -> list[str]:
    """The words of a rule in one language."""
    return [line.split(" / ")[side] for line in kind]


def figure(view: ShapeView, theme: Theme, translate: Translate) -> go.Figure:
    """The picture, and where each word looked."""
    return figures_captions.looks(view.finding, COLOURS, theme=theme, translate=translate)


def guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read it."""
    found: Caption = view.finding
    messages = [
        _verdict(found, _),
        _("Each small picture belongs to a word: the gradient of the word's output, before the softmax, by how much of "
          "its ink each pixel has. Where it is orange, more of the same ink would raise that output; where it is blue, "
          "lower it. Paper has no ink. The scale of each word is its own; lines mark the objects."),
        _("Both captions of a picture are right, and training takes one or the other at random. So the network cannot "
          "know which object to begin with: the first word that tells the two objects apart stays uncertain, and the "
          "loss never reaches 0."),
    ]  # fmt: skip
    if found.looked is not None:
        messages.append(
            _("The words for the size, colour and shape of an object have {share:.1%} of their gradient, by absolute "
              "value, on that object; on average it has {ink:.1%} of the ink.").format(
                share=found.looked[0], ink=found.looked[1])
        )  # fmt: skip
    return messages


def said_of_a_drawing(found: Caption, _: Translate) -> str:
    """What it says of the reader's drawing; nothing where that is no drawing."""
    if not found.drawn:
        return ""
    return _("It says “{said}”.").format(said=found.said) if found.said else _("It says nothing.")


def _verdict(found: Caption, _: Translate) -> str:
    """What it says of this picture, whether it is right, and how often."""
    values = {"said": found.said, "answers": _(" or ").join(_("“{text}”").format(text=text) for text in found.answers)}
    if found.drawn:
        first = join_sentences(said_of_a_drawing(found, _), _("Only you know what you drew."))
    elif not found.answers:
        first = _("It says “{said}”. No training picture has objects that lie like this, so there is no right answer.")
        if not found.said:
            first = _(
                "It says nothing. No training picture has objects that lie like this, so there is no right answer."
            )
    elif not found.said:
        first = _("It says nothing; right would be {answers}.")
    elif found.right:
        first = _("It says “{said}”, and that is right.")
    else:
        first = _("It says “{said}”; right would be {answers}.")
    sentences = [first.format(**values)]
    if found.never_seen is not None:
        sentences.append(
            _("Its combination of colours, shapes and relation is held out.")
            if found.never_seen
            else _("Its combination of colours, shapes and relation is in the training data.")
        )
    sentences.append(
        _("On held-out combinations {exact:.1%} of the captions are right to the last word; of blind guesses, "
          "{blind:.1%}.").format(exact=found.shares.exact, blind=found.blind.exact)
    )  # fmt: skip
    return join_sentences(*sentences)


def table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """Each word with its probability, and how much of its gradient lies on each of the objects."""
    found: Caption = view.finding
    masses = np.array([mass(gradient) for gradient in found.gradient])
    return {
        _("word"): list(found.words),
        _("probability"): column(found.probs, 3),
        **{
            _("gradient at: {place}").format(place=_(PLACES[place])): [percent(share) for share in masses[:, place]]
            for place in (np.flatnonzero(mass(found.ink.sum(axis=-1))) if found.drawn else places_of(found.ink.ravel()))
        },
    }


def quality_guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read the shares."""
    return [
        _("Measured on {count} held-out pictures. A caption is right when it is true of the picture to the last word, "
          "said from either object. Of an output that is no caption at all no attribute is right.").format(
            count=CaptionTask.held_out_size),
        _("The blind guess knows the language and not the picture: it says what is right for another of the pictures."),
    ]  # fmt: skip


def quality_table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """How right the captions of held-out pictures are, beside a blind guess: the caption of another picture."""
    found: Caption = view.finding
    return {
        _("share right"): [_("whole captions"), *(_(name) for name in NAMES.values())],
        _("the network"): [f"{share:.1%}" for share in (found.shares.exact, *found.shares.right.values())],
        _("a blind guess"): [f"{share:.1%}" for share in (found.blind.exact, *found.blind.right.values())],
    }
