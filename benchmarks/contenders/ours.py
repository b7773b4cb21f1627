"""RNN Lab, as any program would use it: through its public API."""

from benchmarks.cases import Case, batches, parameters
from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import FixedBatches

CELLS = {"rnn": "rnn_tanh", "gru": "gru", "lstm": "lstm"}


class Ours:
    """A Trainer on the case's batches; threads: on which it computes an update, where more than one pays."""

    def __init__(self, case: Case, threads: int = 1):
        task = FixedBatches(batches(case), input_size=case.vocabulary, output_size=case.outputs)
        config = ModelConfig(
            CELLS[case.cell], task.input_size, case.hidden, task.output_size, output=task.output, loss=task.loss
        )
        model = Model(config)
        model.load_state_dict(parameters(case))
        self.trainer = Trainer(
            model,
            task,
            TrainConfig(
                optimizer=case.optimizer,
                learning_rate=case.learning_rate,
                clip_norm=case.clip_norm,
                clip_value=case.clip_value,
                threads=threads,
            ),
        )

    def step(self, n: int) -> float:
        return float(self.trainer.step(n).loss[-1])


build = Ours
