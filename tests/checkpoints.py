"""Trainers that tests save and load."""

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import TASKS

TEXT = "it was the best of times, it was the worst of times. " * 4


def trainer_on(task, cell="lstm", dtype="float32", seed=4, **settings) -> Trainer:
    sizes = {"input_size": task.input_size, "hidden_size": 4, "output_size": task.output_size}
    config = ModelConfig(cell, **sizes, output=task.output, loss=task.loss, dtype=dtype, seed=seed)
    return Trainer(Model(config), task, TrainConfig(**settings))


def text_trainer(cell="lstm", text=TEXT, **settings) -> Trainer:
    return trainer_on(TASKS["text"](text=text, sequence_length=6, batch_size=2), cell, **settings)
