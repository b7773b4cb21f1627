"""A trainer of the reader's network, from its file and from what the file cannot say. No Streamlit here."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any, NamedTuple

from rnn_core import ConfigError, InputError, TrainConfig, Trainer
from rnn_core.config import LOSSES
from rnn_core.pytorch import PyTorchNetwork
from rnn_core.tasks import TASKS, TEXTS, Task, TextTask
from rnn_core.tasks.text import MAX_WORDS
from rnn_core.tasks.words import words_of
from ui.lab.own_network.refused import RefusedError
from ui.lab.own_network.vocabulary import LONGEST_SHOWN, readable, vocabulary_of
from ui.network.nearest import SHORTEST, Batching, nearest
from ui.settings.choices import OWN_TEXT
from ui.training.snapshot import Training

SOME = 8  # symbols that are listed


class Answers(NamedTuple):
    """What the reader says of the network.

    data : key of a text or of a task. text : the reader's own, where `data` says so. vocabulary : as it is written.
    """

    data: str = OWN_TEXT
    text: str = ""
    vocabulary: str = ""
    words: bool = False
    relu: bool = False


@cache
def sizes_of_tasks() -> Mapping[str, tuple[int, int, str]]:
    """(inputs, outputs, loss) of each task that is no text, with its first settings."""
    tasks = {name: kind() for name, kind in TASKS.items() if name != "text"}
    return {name: (task.input_size, task.output_size, task.loss) for name, task in tasks.items()}


def possible_data(network: PyTorchNetwork, answers: Answers) -> list[str]:
    """The reader's own text, the built-in texts whose symbols the network knows, the tasks of its sizes and outputs."""
    found = []
    if network.input_size == network.output_size:
        found = [OWN_TEXT, *(name for name in TEXTS if _reads(network, answers._replace(data=name)))]
    if network.masked:  # a task has all its ids
        return found
    losses = ("cross_entropy",) if network.softmax else LOSSES
    sizes = [(network.input_size, network.output_size, loss) for loss in losses]
    return found + [name for name, needed in sizes_of_tasks().items() if needed in sizes]


def _reads(network: PyTorchNetwork, answers: Answers) -> bool:
    try:
        _text_task(network, answers, Batching(SHORTEST, 1))
    except RefusedError:
        return False
    return True


def trainer_of(
    network: PyTorchNetwork, answers: Answers, training: Training, steps: int, batch_size: int
) -> tuple[Trainer, dict[str, str]]:
    """(a Trainer at update 0, symbol -> what stands for it in a text).

    steps, batch_size : of a text, or the nearest that it is long enough for. Raises RefusedError.
    """
    others: dict[str, str] = {}
    asked = Batching(steps, batch_size, training.stateful and not network.layers.bidirectional)
    if answers.data in TASKS and answers.data != "text":
        kind: Any = TASKS[answers.data]
        task: Task = kind(batch_size=batch_size)
        if (task.input_size, task.output_size) != (network.input_size, network.output_size):
            raise RefusedError("sizes", inputs=network.input_size, outputs=network.output_size)
    else:
        task, others = _text_task(network, answers, asked)
    settings = asdict(training) | {"stateful": asked.stateful and task.supports_stateful}
    if network.layers.bidirectional and task.output == "last":
        settings |= {"truncate": None}
    if network.layers.num_layers == 1:
        settings |= {"dropout": 0.0}
    if network.layers.kind != "rnn":
        settings |= {"vanishing_penalty": 0.0}
    if network.layers.bidirectional or not task.supports_stateful:
        settings |= {"scheduled_sampling": None}
    try:
        model = network.model(answers.relu, task.output, task.loss)
        return Trainer(model, task, TrainConfig(**settings)), others
    except (ConfigError, InputError) as error:
        raise RefusedError("other", detail=str(error)) from None


def _text_task(network: PyTorchNetwork, answers: Answers, asked: Batching) -> tuple[TextTask, dict[str, str]]:
    """(the text in the network's vocabulary, symbol -> what stands for it in a text)."""
    if network.input_size != network.output_size:
        raise RefusedError("no_text", inputs=network.input_size, outputs=network.output_size)
    text, words = (TEXTS[answers.data].text if answers.data in TEXTS else answers.text), answers.words
    if not text.strip():
        raise RefusedError("empty")
    symbols, others = readable(vocabulary_of(answers.vocabulary, text, network.input_size, words), words)
    small = all(symbol == symbol.lower() for symbol in symbols)
    cleaned = text.lower() if small else text
    unknown = _unknown(cleaned, symbols, words)
    if unknown:
        raise RefusedError("symbols", count=len(unknown), some=" ".join(unknown[:SOME]))
    if network.masked and symbols[0] in (words_of(cleaned) if words else cleaned):
        raise RefusedError("masked", symbol=symbols[0][:LONGEST_SHOWN])
    batching = nearest(cleaned, words, asked)
    if batching is None:
        raise RefusedError("short")
    options = {"sequence_length": batching.steps, "batch_size": batching.sequences, "fold_case": int(small)}
    try:
        max_words = min(len(symbols), MAX_WORDS) if words else 0
        return TextTask(text=text, max_words=max_words, given_vocabulary=symbols, **options), others
    except ConfigError as error:
        raise RefusedError("other", detail=str(error)) from None


def _unknown(text: str, symbols: tuple[str, ...], words: bool) -> list[str]:
    """The symbols of a text that the network does not know, and has nothing to read as."""
    known = set(symbols)
    if known & {"\ufffd", "<unk>"}:
        return []
    return [symbol for symbol in dict.fromkeys(words_of(text) if words else text) if symbol not in known]
