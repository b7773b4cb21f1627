"""The page “Lab”: a small recurrent network trains, and every step of a sequence is shown while it does."""

from ui.lab import panels, runs, weights
from ui.lab.own_network.view import own_network
from ui.lab.renderer import LabRenderer, ViewOptions
from ui.lab.view import LAYOUT
from ui.lab.welcome import welcome
from ui.live.layout import Shown
from ui.live.page import Visit
from ui.network.beyond import show_network
from ui.network.controls import Choices
from ui.network.formula import show_formula
from ui.network.page import choose_network, network_page
from ui.network.session import act
from ui.settings import keys
from ui.settings.setting import Setting
from ui.training.session import TrainingSession

LONGEST_BESIDE = 500  # characters of what the address says of another run


def _show(visit: Visit, choices: Choices) -> Shown:
    welcome(visit.gettext)
    panels.introduction(choices, visit.gettext)
    show_formula(choices, visit.gettext)
    split, display = choices.sample_choice.split, choices.display._asdict()
    labels = dict(visit.widgets.labels)
    return Shown(LAYOUT, ViewOptions(visit.language, visit.theme, split=split, labels=labels, **display))


def _act(session: TrainingSession, action: str) -> None:
    """Do what was pressed beside the charts: called before the controls are drawn."""
    if action != "try_remedy":
        act(session, action)
    elif isinstance(session.renderer, LabRenderer) and (remedy := session.renderer.advice.remedy) is not None:
        show_network(remedy.setup, remedy.training)
        session.try_out(remedy)


def _controls(visit: Visit) -> Choices:
    choices = choose_network(visit)
    own_network(visit, choices)
    return choices


def _below(visit: Visit, choices: Choices) -> None:
    weights.show(visit, choices)
    runs.show(visit, choices)


PAGE = network_page(
    "lab",
    layouts=(LAYOUT,),
    show=_show,
    controls=_controls,
    below=_below,
    settings={keys.BESIDE: Setting("", longest=LONGEST_BESIDE)},
    shared=True,
    act=_act,
    keep=lambda visit: panels.keep(visit.session, visit.gettext),
)
