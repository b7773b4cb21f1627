"""What a network can learn here: a file and a line of `TASKS` for each; `base.Task` says what a task is."""

import reprlib
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from rnn_core.errors import ConfigError
from rnn_core.tasks.adding import AddingTask
from rnn_core.tasks.base import Batch, Block, Task
from rnn_core.tasks.fixed import FixedBatches
from rnn_core.tasks.grammar import GrammarTask
from rnn_core.tasks.reber import ReberTask
from rnn_core.tasks.recall import RecallTask
from rnn_core.tasks.sine import SineTask
from rnn_core.tasks.text import TextTask
from rnn_core.tasks.texts import TEXTS

TASKS: dict[str, type[Task]] = {
    "text": TextTask,
    "grammar": GrammarTask,
    "recall": RecallTask,
    "adding": AddingTask,
    "reber": ReberTask,
    "sine": SineTask,
}


def to_dict(task: Task) -> tuple[dict[str, Any], bytes | None]:
    """A task as JSON can hold it, its name and parameters; and its text as UTF-8 bytes, None if it has none.

    Lone surrogates of a text are kept ("surrogatepass"). Raises ConfigError for given batches.

    >>> to_dict(RecallTask(delay=3))[0]
    {'name': 'recall', 'delay': 3, 'symbols': 8, 'distractors': 4, 'batch_size': 32, 'seed': 0}
    """
    if not is_dataclass(task):
        raise ConfigError(
            f"the task is a {type(task).__name__}, which is made of arrays; only the tasks of TASKS can be "
            "saved: save the model's state_dict() and the arrays instead"
        )
    parameters = asdict(task)
    text = parameters.pop("text", None)
    return {"name": task.name, **parameters}, None if text is None else text.encode("utf-8", "surrogatepass")


def from_dict(saved: Mapping[str, Any], text: bytes | None = None) -> Task:
    """The task that `to_dict` described. ConfigError where the names, values or bytes do not make one.

    >>> from_dict(*to_dict(RecallTask(delay=3))) == RecallTask(delay=3)
    True
    """
    name = saved.get("name") if isinstance(saved, Mapping) else None
    if not isinstance(name, str) or name not in TASKS:
        raise ConfigError(
            f"the task is {reprlib.repr(saved)}; expected a mapping whose name is one of {', '.join(TASKS)}"
        )
    parameters = {key: value for key, value in saved.items() if key != "name"}
    if text is not None:
        try:
            parameters["text"] = bytes(text).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise ConfigError(f"the text of task {name!r} is not UTF-8: {error.reason}") from None
    expected = [field.name for field in fields(TASKS[name])]
    if set(parameters) != set(expected):
        raise ConfigError(
            f"task {name!r} has the parameters {reprlib.repr(list(parameters))}; expected {', '.join(expected)}"
        )
    return TASKS[name](**parameters)


__all__ = [
    "TASKS",
    "TEXTS",
    "AddingTask",
    "Batch",
    "Block",
    "FixedBatches",
    "GrammarTask",
    "ReberTask",
    "RecallTask",
    "SineTask",
    "Task",
    "TextTask",
    "from_dict",
    "to_dict",
]
