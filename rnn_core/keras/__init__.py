"""Networks that Keras 3 saved: read without Keras and without running anything, their numbers under PyTorch's names."""

from rnn_core.keras.network import KerasNetwork, read_keras
from rnn_core.keras.refusals import KerasFileError

__all__ = ["KerasFileError", "KerasNetwork", "read_keras"]
