"""Small sweeps for tests."""

from ui.network.settings import SETTINGS, TRAINED
from ui.settings import keys
from ui.sweeps.axes import Swept
from ui.sweeps.records import Plan


def plan(across=None, down=None, seeds=1, budget=30, cells=None, **values) -> Plan:
    """A sweep on the delayed recall of four symbols by four units."""
    across = across or Swept(keys.RADIUS, (0.5, 1.0))
    down = down or Swept(keys.LEARNING_RATE, (0.001, 0.03))
    small = {"data": "recall", "recall_delay": 3, "hidden_size": 4, "batch_size": 4} | values
    base = {name: SETTINGS[name].default for name in TRAINED} | small
    fixed = tuple(sorted((name, value) for name, value in base.items() if name not in (across.name, down.name)))
    every = tuple((column, row) for row in range(len(down.values)) for column in range(len(across.values)))
    return Plan(fixed, None, across, down, cells or every, seeds, budget)


DIVERGING = {"cell": "rnn_relu", "optimizer": "sgd", "clipping": "off", "recall_delay": 60}


def done(run):
    """View of a sweep after all of its networks were trained."""
    while not run.finished:
        run.train()
    return run.view()
