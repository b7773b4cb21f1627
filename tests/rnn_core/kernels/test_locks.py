"""Of several processes that need a kernel one compiles it; who compiles ahead leaves to others what they compile."""

import subprocess
import sys

import pytest
from numba import config

from rnn_core.kernels import locks
from rnn_core.kernels.cache import PACKAGE
from rnn_core.kernels.locks import lock

pytestmark = [
    pytest.mark.small,
    pytest.mark.skipif(not locks.AVAILABLE, reason="this system has no locks that end with their process"),
]


@pytest.fixture
def python(own_cache):
    """Start Python with the cache of this test."""
    started = []

    def start(code):
        process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=PACKAGE.parent, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


HOLD = "from rnn_core.kernels.locks import lock\nwith lock('a'): print('mine', flush=True); input()"


def test_one_process_has_it_and_the_others_leave_it_or_wait(python):
    holder = python(HOLD)
    assert holder.stdout.readline() == "mine\n"
    with lock("a", wait=False) as mine, lock("b", wait=False) as other:
        assert (mine, other) == (False, True)
    waiting = python(HOLD)
    holder.kill()  # which gives it back
    assert waiting.stdout.readline() == "mine\n"
    waiting.communicate("\n")
    with lock("a", wait=False) as mine:
        assert mine


def test_whoever_was_stopped_is_waited_for_no_longer_than_a_kernel_takes(python, monkeypatch):
    holder = python(HOLD)
    assert holder.stdout.readline() == "mine\n"
    monkeypatch.setattr(locks, "PATIENCE", 0.1)
    with lock("a") as mine:
        assert mine and holder.poll() is None


def test_without_a_cache_each_compiles_for_itself(python, monkeypatch):
    monkeypatch.setattr(locks, "cache_directory", lambda: None)
    with lock("a") as first, lock("a") as second:
        assert first and second


# `clip` calls `squared_norm`: of all shared kernels these two, for all of them take ten seconds.
TWO = """
import numpy as np
from numba import types
from rnn_core.kernels import engine, linking
linking._SHARED = {name: linking._SHARED[name] for name in ("squared_norm", "clip")}
def hits():
    print([sum(linking._SHARED[name][0].stats.cache_hits.values()) for name in ("squared_norm", "clip")], flush=True)
"""
AHEAD = "linking.compile_ahead()\nlinking.address_of_shared(engine.clip, types.float32)\nhits()"
CALL = "a = np.full(4, 3, np.float32)\nprint(round(engine.clip(a, 6.0, 3.0, 1.0), 5), a.tolist())\nhits()"
CLIPPED = "0.33333 [1.0, 1.0, 1.0, 1.0]\n"  # to the norm 3, then each to 1: a norm of 2


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")
def test_a_caller_is_compiled_ahead_while_another_process_compiles_what_it_calls(python):
    with lock("rnn_core.kernels.arithmetic.squared_norm"):
        ahead = python(TWO + AHEAD)
        assert ahead.communicate()[0] == "[0, 0]\n" and ahead.returncode == 0
    out, _ = python(TWO + CALL).communicate()
    assert out == CLIPPED + "[0, 1]\n"  # the caller was there, and is linked with what was compiled now
    out, _ = python(TWO + CALL).communicate()
    assert out == CLIPPED + "[1, 1]\n"
