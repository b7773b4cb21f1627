"""Matches to start from: settings that show one thing within a minute, and a sentence on what to look for."""

from collections.abc import Mapping
from typing import Any

from ui.i18n import N_
from ui.network.presets import Preset


def _contenders(*rows: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of contenders, each a mapping of what differs from the defaults."""
    values = {"contenders": len(rows)}
    for number, row in enumerate(rows, 1):
        values |= {f"c{number}_{name}": value for name, value in row.items()}
    return values


MATCHES = {
    "start": Preset(
        N_("Does the gradient predict it?"),
        N_(
            "Two plain networks and two LSTMs, each pair differing only in how it starts. Before the first update, "
            "compare how strongly the answer depends on the first state, as a ratio to the last; then see which solve "
            "the task. Where this ratio is very high or very low, the verdict says what became of other networks "
            "with such a ratio."
        ),
        {"task": "recall", "arena_recall_delay": 29}
        | _contenders(
            {"cell": "rnn_tanh", "units": 24, "rate": 0.003},
            {"cell": "rnn_tanh", "units": 24, "rate": 0.003, "init": "orthogonal"},
            {"cell": "lstm", "units": 24, "forget": 0.0, "rate": 0.01},
            {"cell": "lstm", "units": 24, "forget": 5.0, "rate": 0.01},
        ),
    ),
    "far": Preset(
        N_("Order: plain, orthogonal, gated"),
        N_(
            "Two of 100 steps hold an X or a Y; after the last step a network must name both, in their order. Equal "
            "parameters, one learning rate, one seed: a plain network, the same with an orthogonal W, an LSTM with "
            "forget-gate bias 1, and one whose forget gates start open (bias 3). Which of them solve it, after how "
            "many updates, and do they keep what they learned?"
        ),
        _contenders(
            {"cell": "rnn_tanh", "rate": 0.0003},
            {"cell": "rnn_tanh", "rate": 0.0003, "init": "orthogonal"},
            {"cell": "lstm", "rate": 0.0003, "forget": 1.0},
            {"cell": "lstm", "rate": 0.0003, "forget": 3.0},
        ),
    ),
    "cells": Preset(
        N_("Four cells of equal size"),
        N_(
            "About 4,000 parameters each, the same symbols, the same order; a forget-gate bias of 1. Which is first to "
            "name a symbol that it saw twenty steps ago, and what does each keep in its hidden state until then?"
        ),
        {"task": "recall", "arena_recall_delay": 20}
        | _contenders(
            {"cell": "rnn_tanh", "rate": 0.003},
            {"cell": "rnn_relu", "rate": 0.001, "init": "identity"},
            {"cell": "gru", "rate": 0.01},
            {"cell": "lstm", "rate": 0.01, "forget": 1.0},
        ),
    ),
    "adding": Preset(
        N_("Adding two of 100 numbers"),
        N_(
            "Always answering 1, the mean, has a squared error of 1/6: the dashed line. Which leaves it first, after "
            "how many updates, and which stay? The table says when each one solved it."
        ),
        {"task": "adding", "arena_adding_sequence_length": 100}
        | _contenders(
            {"cell": "rnn_tanh", "units": 32, "rate": 0.003},
            {"cell": "rnn_relu", "units": 64, "rate": 0.001, "init": "identity"},
            {"cell": "gru", "units": 32, "rate": 0.01},
            {"cell": "lstm", "units": 32, "rate": 0.01, "forget": 1.0},
        ),
    ),
    "copying": Preset(
        N_("Copying three symbols"),
        N_(
            "The dashed line is what can be reached without memory: blanks where they are due, and a guess at the "
            "end. Which fall below it, and after how many updates?"
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
            "As many b's as there were a's, then the end. Which have all strings right, and after how many updates? "
            "Look for rows that climb during the a's and come down during the b's; they count."
        ),
        {"task": "count", "arena_count_longest": 20}
        | _contenders(
            {"cell": "rnn_tanh", "units": 10, "rate": 0.003},
            {"cell": "gru", "units": 10, "rate": 0.01, "init": "uniform"},
            {"cell": "lstm", "units": 10, "rate": 0.01, "forget": 1.0},
        ),
    ),
    "reber": Preset(
        N_("Embedded Reber grammar"),
        N_(
            "A string counts as right only if, at every symbol, each allowed successor ranks above every forbidden "
            "one. As long as the last letter but one is a coin flip, about half of the strings are right: whose "
            "share goes beyond that?"
        ),
        {"task": "reber", "batch": 8}
        | _contenders(
            {"cell": "rnn_tanh", "units": 0, "rate": 0.003},
            {"cell": "gru", "units": 0, "rate": 0.01, "init": "uniform"},
            {"cell": "lstm", "units": 12, "rate": 0.01, "forget": 1.0},
        )
        | {"size": 1000},
    ),
}
