"""Recurrent networks in NumPy and Numba, made to be looked into: train one, and read every number it computed."""

from rnn_core import tasks
from rnn_core.analysis.gradients import check_gradients, gradient_flow, itemised_gradients
from rnn_core.cells import CELLS
from rnn_core.checkpoint import load_checkpoint, save_checkpoint
from rnn_core.config import ModelConfig, TrainConfig
from rnn_core.encoder_decoder import EncoderDecoder, EncoderDecoderConfig, EncoderDecoderTrainer
from rnn_core.errors import CheckpointError, ConfigError, InputError
from rnn_core.generation import generate
from rnn_core.model import Model
from rnn_core.optimizers import OPTIMIZERS
from rnn_core.trace import Trace
from rnn_core.training import Trainer
from rnn_core.training_loop import History

__all__ = [
    "CELLS",
    "OPTIMIZERS",
    "CheckpointError",
    "ConfigError",
    "EncoderDecoder",
    "EncoderDecoderConfig",
    "EncoderDecoderTrainer",
    "History",
    "InputError",
    "Model",
    "ModelConfig",
    "Trace",
    "TrainConfig",
    "Trainer",
    "check_gradients",
    "generate",
    "gradient_flow",
    "itemised_gradients",
    "load_checkpoint",
    "save_checkpoint",
    "tasks",
]
