"""Gates that start at the time scale of the task (Tallec & Ollivier 2018)."""

from ui.i18n import N_
from ui.network.results.recall import LSTM, SOLVED, learning_curves, measure, solves, takes_at_most
from ui.network.results.record import Door, Network, Paper, Result

UPDATES = 1000
TASK = LSTM | {"recall_delay": 60}
CHRONO = {"chrono": 60}


RESULT = Result(
    "chrono",
    by="Tallec & Ollivier 2018",
    card=Paper(
        N_(
            "Tallec and Ollivier (2018) asked what a network must be able to do so that a sequence that runs faster or "
            "slower is as easy for it, and found gates. From this follows how their biases should start: such that the "
            "units keep what they hold for all times up to the longest of the task."
        ),
        N_(
            "With this chrono initialisation LSTMs learn long spans far better, among others the copy and the adding "
            "task, than with a forget-gate bias of 1."
        ),
        N_("The abstract (arXiv 1804.11188); the tasks: the sections on copying and adding."),
    ),
    title=N_("Chrono initialisation: gates set to the span of the task"),
    claim=N_("Gates whose biases start at the time scale of the task learn over it at once."),
    published=N_("No number for this task: long spans are learned far better."),
    here=N_(
        "Another task: one of 8 symbols must be named after 60 steps of distractors. The longest span is set to 60; 24 "
        "units, Adam at 0.01 in batches of 32, clipped at norm 1. A GRU is compared, too."
    ),
    expected=N_(
        "A unit whose forget gate starts at 1 − 1/u keeps what it holds for about u steps. With u spread evenly up to "
        "60 some units reach back to the symbol from the first update on, and there is a gradient to learn from. With "
        "a bias of 1 a cell forgets about a quarter in each step, and 60 steps leave nothing."
    ),
    networks={
        "lstm": Network(N_("LSTM, forget-gate bias 1"), TASK, UPDATES),
        "lstm_chrono": Network(N_("LSTM, chrono"), TASK | CHRONO, UPDATES),
        "gru": Network("GRU", TASK | {"cell": "gru"}, UPDATES),
        "gru_chrono": Network(N_("GRU, chrono"), TASK | {"cell": "gru"} | CHRONO, UPDATES),
    },
    measure=measure,
    quantities={"solved": SOLVED},
    checks=(
        solves("lstm_chrono", 3, 3),
        solves("gru_chrono", 3, 3),
        takes_at_most("lstm_chrono", 600),
        takes_at_most("gru_chrono", 600),
        solves("lstm", 0, 0),
        solves("gru", 0, 1),
    ),
    door=Door("lab"),
    chart=learning_curves(
        N_("The paper draws the loss of other tasks over the training. Drawn is how fast each network learns this one.")
    ),
)
