"""Kernels for training on several threads: compiled, or loaded, by another thread while the network trains on one."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from rnn_core import Trainer
from rnn_core.kernels.parallel import passes_in_parts

_POOL = ThreadPoolExecutor(1, thread_name_prefix="kernels")
_LOCK = threading.Lock()
_KERNELS: dict[tuple[str, str, str], Future[Any]] = {}  # by cell, optimiser and float type


def use_cores(trainer: Trainer, cores: int) -> None:
    """Let it train on so many cores where that is faster; what it computes stays the same to the last bit."""
    threads = trainer.threads_that_pay(cores)
    if threads != trainer.config.threads and not trainer.diverged and (threads == 1 or _ready(trainer)):
        trainer.configure(threads=threads)


def _ready(trainer: Trainer) -> bool:
    """Whether this network can train on several threads at once, without waiting for a compiler; where it cannot yet,
    the kernels are being made."""
    kind = trainer.model.config.cell, trainer.config.optimizer, trainer.model.config.dtype
    with _LOCK:
        made = _KERNELS.get(kind)
        if made is None:
            made = _KERNELS[kind] = _POOL.submit(passes_in_parts, *kind)
    return made.done() and made.exception() is None
