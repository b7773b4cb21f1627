"""Training steps of one network on several threads, all of which call `run_in_parts` with the same arguments.

An update is a row of stages, each a number of jobs that do not depend on one another:

    PREPARE   the initial states, the weights as the backward pass needs them         one job
    PASS      forwards, loss, and backwards through time, of a part of the batch      a job for each part
    WEIGHTS   a share of the weights' gradients: sums over all steps and sequences    a job for each share
    CLIP      the loss, the norm; whether the update is made                          one job
    UPDATE    a share of the parameters                                               a job for each share

A thread takes the next job of the stage, and whoever finishes the last one opens the next stage. So no thread waits for
one that never came, and a thread may come late or leave between two jobs. Every number is computed by one thread, in
the order in which a thread alone computes it: the bits do not depend on how many there are, nor on who does what.

The state is one word of memory, TICKET: stage * MAX_JOBS + the number of its next job, stages counted from the first
update of the call on. A waiting thread reads it for a while, then yields the core.
"""

import functools

import numba
import numpy as np
from numba import types

from rnn_core.kernels.arguments import (
    Crew,
    Part,
    Share,
    Work,
    batches_type,
    bundle,
    calls_type,
    parameters_type,
    span_type,
    truncation_type,
)
from rnn_core.kernels.atomics import add, give_way, load, store, swap
from rnn_core.kernels.backward import THROUGH_TIME, TURN, WEIGHTS, backward
from rnn_core.kernels.dropout import call_draw
from rnn_core.kernels.engine import (
    GRAD_NORM,
    LOSS,
    accept,
    calls_of,
    clear,
    norm_of,
    sparse_size,
    start,
    update,
)
from rnn_core.kernels.jit import inlined, kernel
from rnn_core.kernels.linking import array, entry
from rnn_core.kernels.network import call_loss, call_pass, network_types, total_weight_of
from rnn_core.kernels.penalty import call_penalise
from rnn_core.kernels.scheduled_sampling import UPDATE as UPDATE_NUMBER
from rnn_core.kernels.vectors import flat, part_of
from rnn_core.optimizers import Setting

TICKET, FINISHED_JOBS, UPDATES, FAILED = 0, 8, 16, 24  # positions of the words, each in a line of the cache of its own
WORDS = 32
OVER = -1  # the ticket when there is nothing more to do
MAX_JOBS = 1 << 8
PREPARE, PASS, OF_WEIGHTS, CLIP, UPDATE, STAGES = range(6)
SPINS = 2000  # reads of the ticket before a waiting thread yields: some microseconds


@inlined
def _jobs(kind, crew):
    jobs = 1  # PREPARE, CLIP
    if kind == PASS:
        jobs = crew.parts.size - 1
    elif kind >= OF_WEIGHTS and kind != CLIP:
        jobs = crew.shares
    return jobs


@kernel
def run_in_parts(calls, shape, offsets, parameters, batches, span, truncation, buffers, history, crew):
    """Updates on the batches of span, together with all other callers; crew.words[UPDATES] counts them.

    As `engine.run`. Leaves when all is done, or when a thread has failed.
    """
    params, grads, slots, settings = parameters
    ids, values, target_ids, target_values, weights, reset = batches
    first, last, done, number = span
    words, parts = crew.words, crew.parts
    some_weights, rows = weights.size > 0, shape.rows
    sparse = sparse_size(shape, offsets, ids[first])
    waited = 0
    while True:
        ticket = load(words, TICKET)
        if ticket < 0 or load(words, FAILED) != 0:
            return
        stage, job = ticket // MAX_JOBS, ticket % MAX_JOBS
        u, kind = first + stage // STAGES, stage % STAGES
        jobs = _jobs(kind, crew)
        if job >= jobs:
            waited += 1
            if waited > SPINS:
                give_way(words)
            continue
        if not swap(words, TICKET, ticket, ticket + 1):
            continue
        waited = 0
        go_on = True
        ids_now, values_now = part_of(ids, u), part_of(values, u)
        weights_now = part_of(weights, u if some_weights else 0)
        if kind == UPDATE:
            share, step = Share(job, jobs), done + u - first + 1
            update(calls.update, params, grads, slots, settings, step, sparse, rows, flat(ids_now), share)
        elif kind == CLIP:
            loss = mean_loss(weights_now, buffers.loss)
            norm = norm_of(grads, sparse, rows, flat(ids_now))
            history[u - first, LOSS], history[u - first, GRAD_NORM] = loss, norm
            go_on = accept(grads, loss, norm, settings, history[u - first])
        else:
            part, share, what = Part(0, 0, 0), Share(job, jobs), TURN
            if kind == PREPARE:
                start(buffers, reset[u])
                if buffers.sampling.size > 0:
                    buffers.sampling[UPDATE_NUMBER] = number + u
            elif kind == OF_WEIGHTS:
                what = WEIGHTS
            else:
                part, what = Part(job, parts[job], parts[job + 1]), THROUGH_TIME
                clear(grads, 0 if u == first else sparse, rows, flat(part_of(ids, max(u - 1, first))), share)
                if buffers.masks.size > 0:
                    call_draw(
                        calls.draw, buffers.masks, settings[Setting.DROPOUT], int(settings[Setting.SEED]), number + u,
                        part.begin, part.end,
                    )  # fmt: skip
                call_pass(calls.pass_forward, calls.forward, shape, offsets, params, ids_now, values_now, buffers, part)
                call_loss(
                    calls.loss, buffers.logits, buffers.probs, shape.squared, part_of(target_ids, u),
                    part_of(target_values, u), weights_now, buffers.loss, buffers.d_logits, buffers.alignments, part,
                )  # fmt: skip
            backward(
                calls, shape, offsets, params, grads, ids_now, values_now, buffers, truncation,
                Work(what, part, share),
            )  # fmt: skip
            if kind == PASS and buffers.penalty.size > 0:
                call_penalise(calls.penalise, calls.slope, shape, settings[Setting.VANISHING_PENALTY], buffers, part)
        if add(words, FINISHED_JOBS, 1) == jobs:
            store(words, FINISHED_JOBS, 0)
            over = not go_on or (kind == UPDATE and u + 1 == last)
            if over:
                store(words, UPDATES, u - first + (1 if go_on else 0))
            store(words, TICKET, OVER if over else (stage + 1) * MAX_JOBS)


@inlined
def mean_loss(weights, loss_per_step):
    """The sum of what `loss_and_gradient` gives, in the order of the whole batch."""
    total_weight, total = total_weight_of(weights, loss_per_step), 0.0
    for s in range(loss_per_step.shape[0]):
        for b in range(loss_per_step.shape[1]):
            share = (1.0 if weights.size == 0 else float(weights[s, b])) / total_weight
            if share > 0.0:
                total += share * loss_per_step[s, b]
    return total


def _signature(float_type):
    """`run_in_parts`'s Numba signature: it depends on the float type alone."""
    shape, offsets, buffers = network_types(float_type)
    crew = bundle(Crew, types.int64[::1], types.int64[::1], types.int64)
    return types.void(
        calls_type(), shape, offsets, parameters_type(float_type), batches_type(float_type), span_type(),
        truncation_type(), buffers, array(types.float64, 2), crew,
    )  # fmt: skip


@functools.cache
def passes_in_parts(cell, optimizer, dtype, dropout=False, penalty=False, sampling=False, ctc=False):
    """`run_in_parts` for this cell and optimiser, as `engine.passes`. Compiles or loads what it needs."""
    float_type = numba.from_dtype(np.dtype(dtype))
    return functools.partial(
        entry(run_in_parts, _signature(float_type)),
        calls_of(cell, optimizer, float_type, dropout, penalty, sampling, ctc),
    )
