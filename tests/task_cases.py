"""One small task of each kind, and what its arrays must be."""

import dataclasses

import numpy as np

from rnn_core.tasks import TASKS

SMALL = {
    "text": {"text": "the rain, the river, the sea. " * 8, "sequence_length": 6, "batch_size": 3},
    "grammar": {"sequence_length": 7, "batch_size": 3, "sentences": 1000},
    "recall": {"delay": 5, "batch_size": 3},
    "adding": {"sequence_length": 9, "batch_size": 3},
    "copy": {"delay": 8, "batch_size": 3},
    "order": {"sequence_length": 12, "batch_size": 3},
    "count": {"longest": 5, "batch_size": 3},
    "flipflop": {"sequence_length": 8, "batch_size": 3, "bits": 2},
    "reber": {"batch_size": 3},
    "sentiment": {"batch_size": 3},
    "sentiment_zh": {"clauses": 3, "batch_size": 3},
    "strokes": {"sequence_length": 12, "batch_size": 3},
    "agreement": {"batch_size": 3},
    "sine": {"sequence_length": 8, "batch_size": 3},
}
STREAMS = [name for name, kind in TASKS.items() if kind.supports_stateful]
SEEDED = [name for name, kind in TASKS.items() if "seed" in {f.name for f in dataclasses.fields(kind)}]


def make(name, **changes):
    return TASKS[name](**{**SMALL[name], **changes})


def same(a, b):
    return all((p is None and q is None) or np.array_equal(p, q) for p, q in zip(a, b, strict=True))


def check_arrays(task, arrays, lead):
    """Shapes and types of a block (lead = (n,)) or of a batch (lead = ())."""
    steps, batch = arrays.x.shape[len(lead) : len(lead) + 2]
    outputs = steps if task.output == "every" else 1
    assert steps == task.sequence_length
    if task.vocabulary is None:
        assert arrays.x.shape == (*lead, steps, batch, task.input_size)
        assert arrays.x.dtype == np.float32
        assert np.isfinite(arrays.x).all()
    else:
        assert arrays.x.shape == (*lead, steps, batch)
        assert arrays.x.dtype == np.int32
        assert 0 <= arrays.x.min() <= arrays.x.max() < task.input_size == len(task.vocabulary)
    if task.loss == "mse":
        assert arrays.targets.shape == (*lead, outputs, batch, task.output_size)
        assert arrays.targets.dtype == np.float32
    else:
        assert arrays.targets.shape == (*lead, outputs, batch)
        assert arrays.targets.dtype == np.int32
        assert 0 <= arrays.targets.min() <= arrays.targets.max() < task.output_size
    if arrays.mask is not None:
        assert arrays.mask.shape == (*lead, outputs, batch)
        assert arrays.mask.dtype == np.float32
        assert (arrays.mask >= 0).all() and (arrays.mask.sum(axis=(-2, -1)) > 0).all()
    assert all(a.flags.c_contiguous for a in arrays if a is not None)
    return batch
