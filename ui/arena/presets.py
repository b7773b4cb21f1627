"""Matches to start from: settings that show one thing within a minute, and a sentence on what to look for."""

from ui.i18n import N_
from ui.lab.presets import Preset


def _contenders(*rows) -> dict:
    """The settings of contenders, each a mapping of what differs from the defaults."""
    values = {"contenders": len(rows)}
    for number, row in enumerate(rows, 1):
        values |= {f"c{number}_{name}": value for name, value in row.items()}
    return values


MATCHES = {
    "start": Preset(
        N_("The gradient curve predicts which networks learn"),
        N_(
            "Two plain networks and two LSTMs, each pair differing only in how it starts. Before the first update, "
            "look at the curve of how strongly the answer depends on each state: the two that still reach the first "
            "step learn, the other two stay at chance."
        ),
        {"task": "recall", "arena_recall_delay": 29}
        | _contenders(
            {"cell": "rnn_tanh", "units": 24, "rate": 0.003},
            {"cell": "rnn_tanh", "units": 24, "rate": 0.003, "init": "orthogonal"},
            {"cell": "lstm", "units": 24, "forget": 0.0, "rate": 0.01},
            {"cell": "lstm", "units": 24, "forget": 5.0, "rate": 0.01},
        ),
    ),
    "cells": Preset(
        N_("Four cells of equal size"),
        N_(
            "The same number of parameters, the same symbols, the same order. Which of them is first to name a symbol "
            "that it saw twenty steps ago, and what does each keep in its hidden state until then?"
        ),
        {"task": "recall", "arena_recall_delay": 20},
    ),
    "adding": Preset(
        N_("Adding two numbers a hundred steps apart"),
        N_(
            "All networks first learn to answer 1, the mean, for an error of 1/6. The GRU leaves that line "
            "first, then the ReLU network that starts from the identity, then the LSTM; the plain network stays."
        ),
        {"task": "adding", "arena_adding_sequence_length": 100}
        | _contenders(
            {"cell": "rnn_tanh", "units": 32, "rate": 0.003},
            {"cell": "rnn_relu", "units": 64, "rate": 0.001, "init": "identity"},
            {"cell": "gru", "units": 32, "rate": 0.01},
            {"cell": "lstm", "units": 32, "rate": 0.01},
        ),
    ),
    "copying": Preset(
        N_("Copying three symbols"),
        N_(
            "The dashed line is what can be reached without memory: blanks where they are due, and a guess at "
            "the end. The GRU falls below it; the plain network stays on it."
        ),
        {"task": "copy", "arena_copy_delay": 30}
        | _contenders(
            {"cell": "rnn_tanh", "units": 32, "rate": 0.003},
            {"cell": "rnn_tanh", "units": 32, "rate": 0.003, "init": "orthogonal"},
            {"cell": "gru", "units": 32, "rate": 0.01},
        ),
    ),
    "counting": Preset(
        N_("Counting: aⁿbⁿ"),
        N_(
            "As many b's as there were a's, then the end. An LSTM of ten units counts in its cell; look for the rows "
            "that climb during the a's and come down during the b's."
        ),
        {"task": "count", "arena_count_longest": 20}
        | _contenders(
            {"cell": "rnn_tanh", "units": 10, "rate": 0.003},
            {"cell": "gru", "units": 10, "rate": 0.01, "init": "uniform"},
            {"cell": "lstm", "units": 10, "rate": 0.01},
        ),
    ),
    "reber": Preset(
        N_("The embedded Reber grammar"),
        N_(
            "A string counts as right only if, at every symbol, each allowed successor ranks above every "
            "forbidden one. The share waits where the last letter but one is a coin flip, then jumps."
        ),
        {"task": "reber", "batch": 8}
        | _contenders(
            {"cell": "rnn_tanh", "units": 0, "rate": 0.003},
            {"cell": "gru", "units": 0, "rate": 0.01, "init": "uniform"},
            {"cell": "lstm", "units": 12, "rate": 0.01},
        )
        | {"size": 1000},
    ),
}
