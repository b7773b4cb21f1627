"""Tasks that a network can learn: a file and a line of `TASKS` for each; `base.Task` defines a task."""

from rnn_core.tasks.adding import AddingTask
from rnn_core.tasks.agreement import AgreementTask
from rnn_core.tasks.base import Batch, Block, Task
from rnn_core.tasks.copying import CopyTask
from rnn_core.tasks.counting import CountTask
from rnn_core.tasks.fixed import FixedBatches
from rnn_core.tasks.flipflop import FlipFlopTask
from rnn_core.tasks.grammar import GrammarTask
from rnn_core.tasks.order import OrderTask
from rnn_core.tasks.reber import ReberTask
from rnn_core.tasks.recall import RecallTask
from rnn_core.tasks.sentiment import ChineseSentimentTask, SentimentTask
from rnn_core.tasks.sine import SineTask
from rnn_core.tasks.strokes import StrokesTask
from rnn_core.tasks.text import TextTask
from rnn_core.tasks.texts import TEXTS

TASKS: dict[str, type[Task]] = {
    "text": TextTask,
    "grammar": GrammarTask,
    "recall": RecallTask,
    "adding": AddingTask,
    "copy": CopyTask,
    "order": OrderTask,
    "count": CountTask,
    "flipflop": FlipFlopTask,
    "reber": ReberTask,
    "sine": SineTask,
    "sentiment": SentimentTask,
    "sentiment_zh": ChineseSentimentTask,
    "strokes": StrokesTask,
    "agreement": AgreementTask,
}

__all__ = [
    "TASKS",
    "TEXTS",
    "AddingTask",
    "AgreementTask",
    "Batch",
    "Block",
    "ChineseSentimentTask",
    "CopyTask",
    "CountTask",
    "FixedBatches",
    "FlipFlopTask",
    "GrammarTask",
    "OrderTask",
    "ReberTask",
    "RecallTask",
    "SentimentTask",
    "SineTask",
    "StrokesTask",
    "Task",
    "TextTask",
]
