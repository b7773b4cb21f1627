"""The page «Memory» in the browser: the words that stand in it, and what the reader chooses there."""

from pathlib import Path

from ui.live import model_picker
from ui.live.component import live_component
from ui.memory import controls
from ui.memory.renderer import MemoryRenderer, ViewOptions
from ui.settings import keys

STATIC = Path(__file__).parent / "static"

CHOSEN = {
    "step": keys.MEMORY_STEP,
    "unit": keys.MEMORY_UNIT,
    "begin": keys.MEMORY_BEGIN,
    "end": keys.MEMORY_END,
}


def show(session, theme, widgets, choices, part: str, language) -> None:
    """Draw the page's own controls and what moves. choices : those of the side bar. part : the view that is open."""
    _ = language.gettext
    read = controls.choose(widgets, choices.setup, _)
    change = controls.choose_change(widgets, choices.setup, _) if part == "change" else controls.ChangeChoices()
    layer, temperature = choices.display.layer, choices.sample_choice.temperature
    MemoryRenderer.of(session).show(ViewOptions(language, theme, part, layer, read, change, temperature))
    _element(session, theme, widgets.settings, part, _)


def _element(session, theme, settings, part, _) -> None:
    """Live part; note which symbol, unit and range the reader has chosen there."""
    words = {
        "hint": _("Click a symbol or use the arrow keys; drag, or hold Shift, to mark a range."),
        "markRange": _("Mark a range from here"),
        "clearRange": _("Clear the range"),
        "textLabel": _("The text, coloured by the chosen unit"),
        "noSymbol": _("No symbol is chosen."),
        "unitNumber": _("Unit"),
        "textGuide": _("How to read the coloured text"),
        "textTable": _("These rows as a table"),
        "unitsTitle": _("All units at this symbol"),
        "unitsAlt": _("Bars: the value of every unit at the chosen symbol, in the chosen order."),
        "unitsTable": _("All units as a table"),
        "chooseSymbol": _("Point at a symbol to see all units there."),
        "multiplesTitle": _("All units, from the first row shown on"),
        "multiplesAlt": _("Small pictures of the rows above, one for each unit. Choose a unit with its button."),
        "searchTitle": _("Which units follow something?"),
        "chooseRow": _("Choose a row of the table to see how its unit relates to the property."),
        "besideAlt": _("How the chosen unit relates to the chosen property, on text that no unit was chosen on."),
        "searchGuide": _("How to read the findings"),
        "patternTitle": _("The same units are active elsewhere"),
        "markFirst": _("Mark a range of the text: drag over it, or on a touch screen press “Mark a range from here”."),
        "nearestTitle": _("Nearest states"),
        "chooseFirst": _("Choose a symbol in the text."),
        "goTo": _("Go there"),
        "changeTitle": _("Before and after the change"),
        "changeGuide": _("How to read the comparison"),
        "changeTable": _("The comparison as a table"),
        "changeAlt": _("Units over time: unchanged, changed, the difference; change of prediction and loss."),
        "writtenTitle": _("Continuation, unchanged"),
        "writtenAfterTitle": _("Continuation, changed"),
        "curveTitle": _("How long does it last?"),
        "curveGuide": _("How to read the memory curves"),
        "curveTable": _("The memory curves as a table"),
        "curveAlt": _("Memory curves: change of the prediction against the number of symbols since the change."),
    }
    first = {name: settings.first(key) for name, key in CHOSEN.items()} | {
        "network": model_picker.first_choice(settings)
    }
    words |= model_picker.words(_)
    now = live_component(keys.MEMORY_LIVE, STATIC, session, theme, words, _, more={"view": part}, **first)
    for name, key in CHOSEN.items():
        chosen = getattr(now, name)
        settings.note(key, chosen if isinstance(chosen, int) else settings.first(key))
    model_picker.note_choice(settings, now.network)
