"""One budget of memory for all, and what is given back to the system."""

import os
import platform
import subprocess
import sys

import pytest

from ui.environment import LEAST_MEMORY
from ui.training import memory

SCRIPT = """
from pathlib import Path
from ui.training.memory import hand_back
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
pieces = [bytes(2000) for _piece in range(50_000)]  # a hundred megabytes
top = bytes(2000)
full = resident()
del pieces
hand_back()
print(full - resident() > 50e6)
"""


@pytest.mark.parametrize("setting", ["", "much", "-1", "12", "1e3"])
def test_a_limit_that_cannot_be_is_told(setting, monkeypatch):
    monkeypatch.setenv("RNN_LAB_MEMORY", setting)
    if setting:
        with pytest.raises(ValueError, match=r"RNN_LAB_MEMORY is .*; it must be a whole number of megabytes"):
            _limit = memory.Budget().limit
    else:
        assert memory.Budget().limit >= LEAST_MEMORY * memory.MEGABYTE
    monkeypatch.setenv("RNN_LAB_MEMORY", "1000")
    assert memory.Budget().limit == 1000 * memory.MEGABYTE


def test_what_is_looked_up_counts_always():
    budget, size = memory.Budget(limit=100), [30]
    budget.count("uploads", lambda: size[0])
    assert budget.take("networks", "Ada", 70) and not budget.take("networks", "Bo", 1)
    size[0] = 10
    assert budget.take("networks", "Bo", 20) and budget.room("networks", "Bo") == 20 and budget.free == 0
    assert budget.take("networks", "Bo", 5)  # less is always granted
    size[0] = 90
    assert budget.room("networks", "Bo") == 0 and budget.take("networks", "Bo", 5)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc")
def test_freed_memory_is_handed_back():
    environment = os.environ | {"PYTHONMALLOC": "malloc"}
    command = [sys.executable, "-c", SCRIPT]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert run.stdout == "True\n", run.stdout + run.stderr
