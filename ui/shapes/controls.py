"""Controls of the page “Shapes”, and the records for its session."""

import math
from typing import Any, NamedTuple

import streamlit as st

from rnn_core import CELLS
from rnn_core.config import MAX_LAYERS
from rnn_core.tasks.pairs import PAIRS
from rnn_core.tasks.strokes import DIGITS
from ui.i18n import LANGUAGES, N_, Language, Translate
from ui.settings import keys
from ui.settings.choices import CELL_NAMES, RATES, SPEEDS
from ui.settings.help import CELL, EXAMPLE, HIDDEN_SIZE, LAYERS, LEARNING_RATE, SEED, SPEED, Help
from ui.settings.setting import Setting, Settings
from ui.settings.widgets import Widgets
from ui.shapes import picture_controls
from ui.shapes.picture_controls import choose_picture
from ui.shapes.records import ShapeSetup
from ui.shapes.registry import SHAPES
from ui.shapes.sound_controls import LABELS, choose_sound
from ui.training.snapshot import SampleChoice, Training

PAIR_NAMES = {
    "numerals": N_("Number words into digits"),
    "numerals_zh": N_("Chinese number words into digits"),
    "dates": N_("Dates into ISO form"),
    "reverse": N_("Strings, reversed"),
    "translation": N_("English into Chinese"),
    "translation_zh": N_("Chinese into English"),
}
FIRST_PAIRS = {"en": "numerals", "zh_CN": "numerals_zh"}
SHAPE_NAMES = {
    "many_to_many": N_("many to many"),
    "many_to_one": N_("many to one"),
    "one_to_many": N_("one to many"),
    "encoder_decoder": N_("encoder–decoder"),
    "bidirectional": N_("bidirectional"),
    "deep": N_("deep"),
    "speech": N_("speech"),
    "captions": N_("captions"),
}
FORCINGS = {1.0: N_("the right symbols"), 0.5: N_("half and half"), 0.0: N_("its own symbols")}
SEEN = {"last": N_("the last state"), "all": N_("all states, with attention")}
OWN_RATE = {  # where nothing else is set
    "rnn_relu": 0.001, "gru": 0.01, "lstm": 0.01, "lstm_peephole": 0.01, "lstm_layer_norm": 0.01,
}  # fmt: skip
PLAIN_RATE = 0.003  # of the others
SLOWER = {"captions": 0.003}  # shapes whose networks learn more at this rate at most
LONGEST_TYPED = 200
SPEAKERS = (1, 4, 32)
CHOSEN = ("one_to_many", "captions")  # nothing is typed for them


def typed_key(shape: str) -> str:
    """The key of what is typed for a shape."""
    return f"say_{shape}"


TABLE = {
    keys.SHAPE: Setting(
        "many_to_one",
        tuple(SHAPES),
        label=N_("Shape"),
        help=Help(N_("At which steps there is an input, and at which an output.")),
    ),
    keys.SHAPE_CELL: Setting("lstm", tuple(CELLS), label=N_("Cell"), help=CELL),
    keys.SHAPE_UNITS: Setting(48, low=2, high=96, label=N_("Hidden units"), help=HIDDEN_SIZE),
    keys.SHAPE_LAYERS: Setting(1, low=1, high=MAX_LAYERS, label=N_("Layers"), help=LAYERS),
    keys.SHAPE_DEPTH: Setting(
        2,
        tuple(range(1, MAX_LAYERS + 1)),
        label=N_("Layers of the network shown"),
        help=Help(N_("Four networks of equal size learn side by side; this one's inside is shown.")),
    ),
    keys.SHAPE_PAIRS: Setting(
        "numerals",
        tuple(PAIRS),
        label=N_("Task"),
        help=Help(N_("What is read, and what must be written when all of it was read.")),
    ),
    keys.SHAPE_FORCING: Setting(
        1.0,
        tuple(FORCINGS),
        label=N_("While it learns, the decoder reads"),
        help=Help(
            N_("Its own words, the right ones, or a mixture: those that it will read later are its own."),
            ("teacher_forcing",),
        ),
    ),
    keys.SHAPE_SEEN: Setting(
        "last",
        tuple(SEEN),
        label=N_("Of the input, the decoder sees"),
        help=Help(
            N_(
                "With attention (Bahdanau, Cho and Bengio 2015) it weighs, before every symbol, all the encoder's "
                "states. A network without attention is then trained beside it, on the same batches."
            )
        ),
    ),
    keys.SHAPE_BEAM: Setting(
        4,
        (1, 2, 4, 8),
        label=N_("Beam width"),
        help=Help(
            N_("How many beginnings are continued side by side; 1 always takes the most probable symbol."),
            ("beam_search",),
        ),
    ),
    keys.SHAPE_WORDS: Setting(
        "en",
        tuple(LANGUAGES),
        label=N_("Sentences in"),
        help=Help(N_("The language of the sentences; another one starts another network.")),
    ),
    keys.SHAPE_DIGIT: Setting(
        "3",
        tuple(DIGITS),
        label=SHAPES["one_to_many"].TYPE,
        help=Help(N_("The network reads it once, at the first step, and draws it.")),
    ),
    keys.SHAPE_LABELS: Setting(
        "ctc",
        tuple(LABELS),
        label=N_("It learns from"),
        help=Help(
            N_(
                "The vowels that were said, in their order, or the vowel that sounds in each frame of 16 ms. Another "
                "choice starts another network."
            ),
            ("ctc",),
        ),
    ),
    keys.SHAPE_SPEAKERS: Setting(
        32,
        SPEAKERS,
        label=N_("Speakers in the training data"),
        help=Help(
            N_("How many different voices it hears while it learns; the accuracy is that on sixteen others."),
            ("symbol_error_rate",),
        ),
    ),
    **{
        typed_key(shape): Setting("", longest=LONGEST_TYPED, label=module.TYPE, help=Help(module.HELP))
        for shape, module in SHAPES.items()
        if shape not in CHOSEN
    },
    **picture_controls.settings(),
    keys.SHAPE_EXAMPLE: Setting(0, low=0, high=9999, label=N_("Number of the example"), help=EXAMPLE),
    keys.SHAPE_RATE: Setting(None, (None, *RATES), label=N_("Learning rate"), help=LEARNING_RATE),
    keys.SHAPE_SEED: Setting(0, low=0, high=2**31, label=N_("Seed"), help=SEED),
    keys.SHAPE_SPEED: Setting(None, SPEEDS, label=N_("Updates per second"), help=SPEED),
}


class Choices(NamedTuple):
    """Everything the reader has set."""

    setup: ShapeSetup
    training: Training
    speed: float | None  # updates per second at most
    sample_choice: SampleChoice


def widgets_of(language: Language) -> Widgets:
    """The page's controls in this run of its script."""
    first = {keys.SHAPE_WORDS: language.code, keys.SHAPE_PAIRS: FIRST_PAIRS[language.code]}
    return Widgets(Settings("shapes", TABLE, first), language.gettext)


def choose_shape(widgets: Widgets, _: Translate) -> str:
    """Which shape is looked at."""
    return widgets.segments(keys.SHAPE, SHAPE_NAMES)


def choose(widgets: Widgets, shape: str, language: Language) -> Choices:
    """Draw the side bar and the input of the shape, and read them."""
    _ = language.gettext
    with st.sidebar:
        st.caption(_("Changing the shape or network restarts training."))
        widgets.select(keys.SHAPE_CELL, CELL_NAMES)
        widgets.slider(keys.SHAPE_UNITS)
        seen = widgets.segments(keys.SHAPE_SEEN, SEEN) if shape == "encoder_decoder" else "all"
        widgets.slider(keys.SHAPE_LAYERS, seen == "last")
        if shape == "speech":
            widgets.segments(keys.SHAPE_SPEAKERS, {count: str(count) for count in SPEAKERS})
        widgets.steps(keys.SHAPE_RATE, lambda rate: _("usual") if rate is None else f"{rate:g}")
        speed = widgets.steps(keys.SHAPE_SPEED, lambda speed: _("full speed") if speed is None else f"{speed:,}")
        widgets.number(keys.SHAPE_SEED)
    sample_choice = _choose_input(widgets, shape, language)
    setup, training = arranged(shape, widgets.settings.values, language.code)
    return Choices(setup, training, speed, sample_choice)


def _choose_input(widgets: Widgets, shape: str, language: Language) -> SampleChoice:
    """Choose the network's input."""
    _ = language.gettext
    if shape == "one_to_many":
        digit = widgets.segments(keys.SHAPE_DIGIT, {digit: digit for digit in DIGITS})
        return SampleChoice("held_out", int(digit))
    if shape == "speech":
        return choose_sound(widgets, typed_key(shape), _)
    if shape == "captions":
        return choose_picture(widgets, _(SHAPES[shape].NEEDED), _)
    left, middle, right = st.columns([5, 3, 2], vertical_alignment="bottom")
    with middle:
        if shape == "encoder_decoder":
            widgets.select(keys.SHAPE_PAIRS, PAIR_NAMES)
        elif shape == "many_to_one":
            widgets.segments(keys.SHAPE_WORDS, LANGUAGES)
        elif shape == "deep":
            depths = {depth: str(depth) for depth in range(1, MAX_LAYERS + 1)}
            widgets.segments(keys.SHAPE_DEPTH, depths)
    with left:
        hint = _("Type and press Enter; leave empty for an example")
        typed = widgets.text(typed_key(shape), placeholder=hint)
    with right:
        number = widgets.number(keys.SHAPE_EXAMPLE, not typed.strip())
    beam = 1
    if shape == "encoder_decoder":
        with left:
            widgets.segments(keys.SHAPE_FORCING, FORCINGS)
        with middle:
            beam = widgets.segments(keys.SHAPE_BEAM, {width: str(width) for width in TABLE[keys.SHAPE_BEAM].choices})
    if typed.strip():
        return SampleChoice("typed", typed=typed, beam_width=beam)
    return SampleChoice("held_out", number, beam_width=beam)


def arranged(shape: str, values: dict[str, Any], code: str) -> tuple[ShapeSetup, Training]:
    """Records for these settings."""
    first = {name: setting.default for name, setting in TABLE.items()} | values
    cell = first[keys.SHAPE_CELL]
    setup = SHAPES[shape].setup(
        {
            "cell": cell,
            "units": first[keys.SHAPE_UNITS],
            "layers": first[keys.SHAPE_LAYERS],
            "depth": first[keys.SHAPE_DEPTH],
            "pairs": first[keys.SHAPE_PAIRS],
            "forcing": first[keys.SHAPE_FORCING],
            "attention": first[keys.SHAPE_SEEN] == "all",
            "words": first[keys.SHAPE_WORDS],
            "labels": first[keys.SHAPE_LABELS],
            "speakers": first[keys.SHAPE_SPEAKERS],
            "seed": first[keys.SHAPE_SEED],
        },
        code,
    )
    rate = first[keys.SHAPE_RATE]
    usual = min(OWN_RATE.get(cell, PLAIN_RATE), SLOWER.get(shape, math.inf))
    return setup, Training(learning_rate=usual if rate is None else rate, clip_norm=1.0)
