"""Published results about where states lie: the flip-flop's fixed points, Elman's word classes (`make reproduce`)."""

import numpy as np
import pytest

from rnn_core.analysis.fixed_points import fixed_points, step_map
from rnn_core.analysis.projection import fit
from rnn_core.tasks import FlipFlopTask, GrammarTask
from tests.rnn_core.test_reproductions import SEEDS, Row, report, trainer
from ui.memory.states.trees import trees

pytestmark = pytest.mark.reproduction
__all__ = ["report"]  # the fixture


def test_flip_flop(report):
    """Sussillo & Barak 2013, section 4.2."""
    counts, shares = [], []
    for seed in SEEDS:
        task = FlipFlopTask(sequence_length=64, batch_size=64, pulses=0.5)
        run = trainer(task, "rnn_tanh", 16, 0.01, seed)
        run.step(2000)
        states = run.model.forward(task.held_out().x).hidden[0, 1:].reshape(-1, 16)
        found = fixed_points(step_map(run.model), states, starts=400)
        counts.append(np.bincount(found.unstable).tolist())
        corners = run.model.state_dict()["weight_ho"] @ found.states[found.unstable == 0].T
        signs = {tuple(row) for row in np.sign(corners + run.model.state_dict()["bias_o"][:, None]).T}
        assert len(signs) == 8  # each stable one holds other bits
        shares.append(fit(states, 3).shares(states).sum())
    measured = f"{counts}; {', '.join(f'{100 * share:.0f} %' for share in shares)}"
    report.append(
        Row("3-bit flip-flop: fixed points; first 3 PCs", "8 stable + saddles", "8+12+6+1; >= 90 %", measured)
    )
    assert counts == [[8, 12, 6, 1]] * len(SEEDS) and min(shares) >= 0.9


def test_elmans_word_classes(report):
    """Elman 1990, figure 7: classes of words that stand together in the tree of mean states."""
    together, before = [], []
    for seed in SEEDS:
        task = GrammarTask(sequence_length=20, batch_size=16)
        run = trainer(task, "rnn_tanh", 24, 0.01, seed)
        run.step(1000)
        found = trees(run.model, task, 0, "symbol")
        together.append(len(found.now.together))
        before.append(len(found.before.together))
    measured = f"{together} of {len(task.groups)}; untrained {before}"
    report.append(
        Row("Elman's words: classes together", "nouns, verbs, animate ...", ">= 7/8; untrained <= 3/8", measured)
    )
    assert min(together) >= 7 and max(before) <= 3
