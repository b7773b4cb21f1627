"""Reading from both ends (Schuster & Paliwal 1997)."""

from collections.abc import Generator

from rnn_core import Trainer
from ui.i18n import N_
from ui.network.results.measuring import right, watch
from ui.network.results.record import Chart, Check, Door, Network, Paper, Quantity, Result, Trial, of

TASK = {"data": "agreement", "batch_size": 32, "cell": "gru", "learning_rate": 0.01}


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """The share of right answers over the training."""
    watched = yield from watch(run, network, right)
    seen = tuple(100 * share for share in watched.seen)
    return Trial(run.config.seed, {"right": seen[-1]}, (watched.updates, seen))


RESULT = Result(
    "both_directions",
    by="Schuster & Paliwal 1997",
    card=Paper(
        N_(
            "Schuster and Paliwal (1997) put a second chain of states beside the first, which reads the sequence from "
            "its end, and trained both at once."
        ),
        N_(
            "On artificial data the bidirectional network did better than other approaches, in regression and in "
            "classification; phonemes of recorded speech (TIMIT) showed the same tendency."
        ),
        N_("The abstract."),
    ),
    title=N_("What comes later decides: reading in both directions"),
    claim=N_("Where an answer depends on what comes before and after, a network must read from both ends."),
    published=N_("not known to us. It says: better than other approaches on artificial data, and so on TIMIT."),
    here=N_(
        "Another task: the verb missing from a sentence, whose number stands before the gap and whose tense after it; "
        "the answer is read at the gap. GRUs with about as many parameters, 40 units in one direction or 22 in each of "
        "two; Adam at 0.01 in batches of 32, clipped at norm 1."
    ),
    expected=N_(
        "One that has read up to the gap knows singular or plural, but not which of four tenses: it is right in a "
        "quarter of the sentences. One that reads from both ends knows both."
    ),
    networks={
        "one": Network(N_("GRU, one direction"), TASK | {"hidden_size": 40}, 1000),
        "both": Network(N_("GRU, both directions"), TASK | {"hidden_size": 22, "bidirectional": True}, 1000),
    },
    measure=measure,
    quantities={"right": Quantity(N_("right answers at the end (%)"), ".0f")},
    checks=(
        Check(N_("{network}: right answers, lowest (%)"), of("both", "right", min), 99, 100, "both", ".0f"),
        Check(N_("{network}: right answers, highest (%)"), of("one", "right", max), 0, 50, "one", ".0f"),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("update"),
        N_("right answers (%)"),
        N_("The share of right answers on held-out data over the updates, a curve for each seed."),
        N_("No figure of the paper was read. Drawn is how fast each network learns."),
        bounds=(0.0, 104.0),
    ),
)
