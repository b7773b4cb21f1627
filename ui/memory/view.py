"""Layout of the page “Memory”: the text coloured by a unit, the units, what happens if."""

from ui.i18n import N_
from ui.live.layout import Layout
from ui.memory.guides import GUIDES
from ui.memory.renderer import MemoryRenderer, Request
from ui.network.notices import SENTENCES
from ui.settings import keys

LAYOUT = Layout(
    name="memory",
    key=keys.MEMORY_LIVE,
    renderer=MemoryRenderer,
    request=Request.of,
    guides=GUIDES,
    sentences=SENTENCES,
    words={
        "hint": N_("Click a symbol or use the arrow keys; drag, or hold Shift, to mark a range."),
        "markRange": N_("Mark a range from here"),
        "clearRange": N_("Clear the range"),
        "textLabel": N_("The text, coloured by the chosen unit"),
        "noSymbol": N_("No symbol is chosen."),
        "unitNumber": N_("Unit"),
        "textGuide": N_("How to read the coloured text"),
        "textTable": N_("These rows as a table"),
        "unitsTitle": N_("All units at this symbol"),
        "unitsAlt": N_("Bars: the value of every unit at the chosen symbol, in the chosen order."),
        "unitsTable": N_("All units as a table"),
        "chooseSymbol": N_("Point at a symbol to see all units there."),
        "multiplesTitle": N_("All units, from the first row shown on"),
        "multiplesAlt": N_("Small pictures of the rows above, one for each unit. Choose a unit with its button."),
        "searchTitle": N_("Which units follow something?"),
        "chooseRow": N_("Choose a row of the table to see how its unit relates to the property."),
        "besideAlt": N_("How the chosen unit relates to the chosen property, on text that no unit was chosen on."),
        "searchGuide": N_("How to read the findings"),
        "patternTitle": N_("The same units are active elsewhere"),
        "markFirst": N_("Mark a range of the text: drag over it, or on a touch screen press “Mark a range from here”."),
        "nearestTitle": N_("Nearest states"),
        "chooseFirst": N_("Choose a symbol in the text."),
        "goTo": N_("Go there"),
        "changeTitle": N_("What the change does"),
        "comparedTitle": N_("Before and after the change"),
        "changeGuide": N_("How to read the comparison"),
        "changeTable": N_("The comparison as a table"),
        "changeAlt": N_("Units over time: unchanged, changed, the difference; change of prediction and loss."),
        "writtenTitle": N_("Continuation, unchanged"),
        "writtenAfterTitle": N_("Continuation, changed"),
        "curveTitle": N_("How long does it last?"),
        "curveGuide": N_("How to read the memory curves"),
        "curveTable": N_("The memory curves as a table"),
        "curveAlt": N_("Memory curves: change of the prediction against the number of symbols since the change."),
    },
    chosen={
        "step": keys.MEMORY_STEP,
        "unit": keys.MEMORY_UNIT,
        "begin": keys.MEMORY_BEGIN,
        "end": keys.MEMORY_END,
    },
)
