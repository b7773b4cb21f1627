"""Connectionist temporal classification (Graves, Fernández, Gomez & Schmidhuber 2006): labels without their times.

    p(l | x) = sum over the paths pi with B(pi) = l of the product over t of y_t[pi_t]          L = -ln p(l | x)

A path names a symbol for every step; B merges equal neighbours, then takes out the blanks, id 0. So l has no times, and
all the ways to place it count. Forward and backward variables (sec. 4.1) run over l' = blank, l_1, blank, ..., l_U,
blank, of 2 U + 1 positions. Here they are logarithms, so that none underflows in a long sequence:

    alpha_t(s) = y_t[l'_s] (alpha_{t-1}(s) + alpha_{t-1}(s-1) [+ alpha_{t-1}(s-2) where l'_s is another label])
    beta_t(s)  = the same backwards, without y_t, so that alpha_t(s) beta_t(s) is the share of the paths through s at t
    dL/dlogits_t[k] = y_t[k] - sum over the s with l'_s = k of alpha_t(s) beta_t(s) / p(l | x)

Positions from which the end is out of reach are left out of alpha. Then P_t = sum over s of alpha_t(s) is what is still
possible after step t, P_{T-1} = p(l | x), and L is a sum over the steps, of -ln P_t / P_{t-1}: the loss of step t.

The labels are given as a path, of which only B(path) counts. A step of weight 0 is no step of any path.
"""

import math

import numpy as np

from rnn_core.kernels.arithmetic import fill
from rnn_core.kernels.jit import kernel, part
from rnn_core.kernels.network import total_weight_of
from rnn_core.kernels.vectors import part_of

BLANK = 0
NOWHERE = -math.inf


@part
def counts(weights, t, b):
    """Whether step t of sequence b is a step of its paths."""
    return weights.size == 0 or weights[t, b] > 0.0


@part
def log_sum(a, b):
    """ln(exp a + exp b)"""
    high, low = (a, b) if a > b else (b, a)
    return high if low == NOWHERE else high + math.log1p(math.exp(low - high))


@part
def skips(symbols, s):
    """Whether a path may come to position s from s - 2, without the blank between."""
    return s > 2 and s % 2 == 1 and symbols[s] != symbols[s - 2]


@part
def unfold(path, weights, b, symbols, needed):
    """symbols[s] = l'_s of B(path[:, b]); needed[s] = steps from s to the end; returns 2 U + 1."""
    count, before = 1, BLANK
    symbols[0] = BLANK
    for t in range(path.shape[0]):
        if counts(weights, t, b):
            symbol = path[t, b]
            if symbol != BLANK and symbol != before:
                symbols[count], symbols[count + 1] = symbol, BLANK
                count += 2
            before = symbol
    for s in range(count - 1, -1, -1):
        needed[s] = 0 if s >= count - 2 else needed[s + 2 if skips(symbols, s + 2) else s + 1] + 1
    return count


@kernel
def align(logits, probs, squared, target_ids, target_values, weights, loss_per_step, d_logits, alignments, piece):
    """As `rnn_core.kernels.network.loss_and_gradient`; target_ids (T, B) are paths.

    alignments[number of the part] (T + 3, 2 T + 2) : alpha in the first T rows, ln P_t in their last column; then
    beta, l' and the steps to the end.
    """
    steps, outputs, last = logits.shape[0], logits.shape[2], alignments.shape[2] - 1
    kind = logits.dtype.type
    smallest = kind(np.finfo(kind).tiny)
    room, total_weight, total = part_of(alignments, piece.number), total_weight_of(weights, loss_per_step), 0.0
    beta, symbols, needed = room[steps], room[steps + 1], room[steps + 2]
    for b in range(piece.begin, piece.end):
        count = unfold(target_ids, weights, b, symbols, needed)
        left = 0
        for t in range(steps):
            left += 1 if counts(weights, t, b) else 0
        before, log_p = -1, 0.0
        for t in range(steps):
            if not counts(weights, t, b):
                continue
            left -= 1
            alpha, log_p = room[t], NOWHERE
            for s in range(count):
                reached = NOWHERE
                if needed[s] <= left:
                    if before < 0:
                        reached = 0.0 if s < 2 else NOWHERE
                    else:
                        reached = room[before, s]
                        if s > 0:
                            reached = log_sum(reached, room[before, s - 1])
                        if skips(symbols, s):
                            reached = log_sum(reached, room[before, s - 2])
                    reached += float(logits[t, b, int(symbols[s])]) - loss_per_step[t, b]
                    log_p = log_sum(log_p, reached)
                alpha[s] = reached
            alpha[last] = log_p
            before = t
        after = -1
        for t in range(steps - 1, -1, -1):
            d, p = d_logits[t, b], probs[t, b]
            if not counts(weights, t, b):
                fill(d, 0)
                continue
            share = (1.0 if weights.size == 0 else float(weights[t, b])) / total_weight
            scale = kind(share)
            for k in range(outputs):
                part_of_d = scale * p[k]
                d[k] = kind(0.0) if part_of_d < smallest else part_of_d  # see `sigmoid`: subnormal numbers are slow
            for s in range(count):  # upwards: what is read is still that of the step after
                if after < 0:
                    beta[s] = 0.0 if s >= count - 2 else NOWHERE
                else:
                    follows = NOWHERE
                    for n in range(s, min(s + 3, count)):
                        if n < s + 2 or skips(symbols, n):
                            y = float(logits[after, b, int(symbols[n])]) - loss_per_step[after, b]
                            follows = log_sum(follows, beta[n] + y)
                    beta[s] = follows
                occupied = room[t, s] + beta[s] - log_p
                if occupied > NOWHERE:
                    d[int(symbols[s])] -= kind(share * math.exp(occupied))
            after = t
        possible = 0.0  # ln P_{-1}
        for t in range(steps):
            loss = 0.0
            if counts(weights, t, b):
                loss = possible - room[t, last]
                possible = room[t, last]
            loss_per_step[t, b] = loss
    for t in range(steps):  # in the order in which `rnn_core.kernels.parallel` sums
        for b in range(piece.begin, piece.end):
            share = (1.0 if weights.size == 0 else float(weights[t, b])) / total_weight
            if share > 0.0:
                total += share * loss_per_step[t, b]
    return total
