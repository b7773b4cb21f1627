"""RNN Lab in a notebook: the app's figures of rnn_core's traces, and of what one's own PyTorch module computes.

    from rnn_lab import figures
    figures.score(trace, vocabulary)

`record` is the hook for PyTorch, `measure_gradients` what `figures.gradient_matrix` draws.
"""

from typing import TYPE_CHECKING, Any

from rnn_lab.home import make_known

if TYPE_CHECKING:
    from rnn_lab.measuring import Gradients, measure_gradients
    from rnn_lab.recording import Recording, record

make_known()

__all__ = ["Gradients", "Recording", "measure_gradients", "record"]
MODULES = {"Gradients": "measuring", "measure_gradients": "measuring", "Recording": "recording", "record": "recording"}


def __getattr__(name: str) -> Any:
    """What is loaded when it is first asked for: the command needs none of it."""
    import importlib

    if name in MODULES:
        return getattr(importlib.import_module(f"rnn_lab.{MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
