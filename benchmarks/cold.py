"""Cold start: what the Lab needs before its first update, with an empty cache of kernels and with a full one."""

import json
import os
import subprocess
import sys
import tempfile
from statistics import median

from benchmarks.process import ROOT

NEEDED = """
import json, time
begin = time.process_time()
from rnn_core import CELLS, Model, ModelConfig, TrainConfig, Trainer, generate, tasks
imported = time.process_time()
task = tasks.TextTask()
trainer = Trainer(Model(ModelConfig({cell!r}, task.input_size, 32, task.output_size)), task, TrainConfig("adam"))
trainer.step(1)
trainer.evaluate()
x, targets, mask = task.example(0, "train")
trainer.model.backward(x, targets, mask=mask)
generate(trainer.model, [0], 10, seed=1)
print(json.dumps([imported - begin, time.process_time() - imported]))
"""


def rows(rounds: int):
    """(what, measured, goal) for the table in docs/speed.md; seconds of processor time, so of one core."""
    for cell in ("rnn_tanh", "gru", "lstm"):
        with tempfile.TemporaryDirectory() as cache:
            imported, compiled = ready(cell, cache)
            loaded = median(ready(cell, cache)[1] for _ in range(min(rounds, 5)))
        yield f"compile what the Lab needs, {cell}, empty cache", f"{compiled:.1f} s", "8 s"
        yield f"load it, {cell}, full cache", f"{loaded:.2f} s", "0.5 s"
    yield "import of the core", f"{imported:.2f} s", ""


def ready(cell: str, cache: str) -> tuple[float, float]:
    """Seconds for the import and for everything else, in a fresh process."""
    command = [sys.executable, "-c", NEEDED.format(cell=cell)]
    environment = os.environ | {"NUMBA_CACHE_DIR": cache}
    run = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return tuple(json.loads(run.stdout))
