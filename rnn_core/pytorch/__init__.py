"""Networks that PyTorch saved: read without PyTorch and without running anything, and written again in their names."""

from rnn_core.pytorch.network import PyTorchNetwork, Saved, read_pytorch
from rnn_core.pytorch.refusals import PyTorchFileError

__all__ = ["PyTorchFileError", "PyTorchNetwork", "Saved", "read_pytorch"]
