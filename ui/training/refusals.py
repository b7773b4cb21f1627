"""Why a setup cannot be."""

from typing import Any

from rnn_core.tasks.words import words_of
from ui.training.snapshot import Notice
from ui.training.trained import Asked


def refusal(setup: Asked, error: Exception) -> Notice:
    """Why a setup cannot be; the common reasons in numbers, so that the page can say them in its own words: then the
    error's words, which may name other numbers, are left out."""
    options = dict(setup.task_options)
    text, steps = options.get("text"), options.get("sequence_length", 1)
    refused = Notice("refused", {"detail": str(error)})
    if text is None:
        return refused
    values: dict[str, Any] = {"length": len(text), "needed": 2 * (steps + 1), "steps": steps}
    if not text.strip():
        return Notice("text_empty", values)
    if len(set(text)) < 2 and len(text) >= values["needed"]:
        return Notice("text_one_symbol", values)
    if options.get("max_words"):
        values["length"] = sum(1 for _word in words_of(text))
        return Notice("words_few", values) if values["length"] < values["needed"] else refused
    return Notice("text_short", values) if len(text) < values["needed"] else refused
