"""The table of the pair of experiments: all of its grid is there, and it shows what the pair is for."""

import csv

from ui.arena.trials import KEYS, PAIR, PAIR_RATES, SEEDS, TEN_MINUTES, pair_trials
from ui.network.presets import PRESETS


def rows():
    with PAIR.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_pairs_grid_is_complete():
    wanted = {tuple(map(str, key)) for key, _budget, _every in pair_trials()}
    assert {tuple(row[name] for name in KEYS) for row in rows()} == wanted and len(rows()) == len(wanted)


def test_the_lstm_solves_at_every_rate_and_the_plain_network_at_none():
    lstm = [row for row in rows() if (row["cell"], row["forget_bias"]) == ("lstm", "3.0")]
    plain = [row for row in rows() if (row["cell"], row["init"]) == ("rnn_tanh", "uniform")]
    assert len(lstm) == len(plain) == len(PAIR_RATES) * len(SEEDS)
    assert all(row["solved_at"] for row in lstm) and not any(row["left_chance"] for row in plain)
    longest = [row for row in plain if int(row["updates"]) == TEN_MINUTES]
    assert len([row for row in longest if float(row["learning_rate"]) == PAIR_RATES[0]]) == len(SEEDS)


def test_the_pair_of_the_lab_is_a_row_of_the_grid_at_the_pairs_rate():
    for name, cell in (("forgets", "rnn_tanh"), ("remembers", "lstm")):
        values = PRESETS[name].values
        assert values["learning_rate"] == PAIR_RATES[0]
        assert any(
            (row["cell"], row["units"], float(row["learning_rate"]), row["lag"])
            == (cell, str(values["hidden_size"]), PAIR_RATES[0], str(values["order_sequence_length"]))
            for row in rows()
        )
