"""A task as plain settings and arrays, and back: what a checkpoint keeps of it."""

import json
from dataclasses import fields
from typing import Any

import numpy as np

from rnn_core.errors import ConfigError
from rnn_core.tasks.base import Task
from rnn_core.tasks.fixed import FixedBatches

FIXED_SETTINGS = ("input_size", "output_size", "output", "loss", "vocabulary")


def to_saved(task: Task) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """(settings that JSON can hold, arrays) of a task; a text becomes the bytes of its UTF-8, a vocabulary those of its
    JSON, for a header has little room."""
    if isinstance(task, FixedBatches):
        arrays = {"x": task.x, "targets": task.targets, "mask": task.mask}
        return (
            {"name": task.name} | {name: getattr(task, name) for name in FIXED_SETTINGS},
            {name: array for name, array in arrays.items() if array is not None},
        )
    numbers, texts, lists = _names(type(task))
    settings = {"name": task.name} | {name: getattr(task, name) for name in numbers}
    encoded = {name: getattr(task, name).encode("utf-8", "surrogatepass") for name in texts}
    given = {name: getattr(task, name) for name in lists}
    encoded |= {name: json.dumps(symbols).encode() for name, symbols in given.items() if symbols is not None}
    return settings, {name: np.frombuffer(text, np.uint8) for name, text in encoded.items()}


def from_saved(registry: dict[str, type[Task]], settings: dict[str, Any], arrays: dict[str, np.ndarray]) -> Task:
    """The task that `to_saved` described, of a registry; ConfigError or InputError if there is none such."""
    name = settings.get("name") if isinstance(settings, dict) else None
    if not isinstance(name, str) or (name not in registry and name != FixedBatches.name):
        raise ConfigError(f"task is named {str(name)[:100]!r}; expected one of {', '.join(registry)}")
    settings = {key: value for key, value in settings.items() if key != "name"}
    fixed = name == FixedBatches.name
    settings = ({} if fixed else _defaults(registry[name])) | settings
    numbers, texts, optional = (list(FIXED_SETTINGS), ["x", "targets"], ["mask"]) if fixed else _names(registry[name])
    if set(settings) != set(numbers) or set(arrays) - set(optional) != set(texts):
        given = sorted(str(key)[:50] for key in [*settings, *arrays])[:10]
        raise ConfigError(f"task {name!r} has {given}; expected {sorted([*numbers, *texts])}")
    if fixed:
        parts = [arrays[key] for key in ("x", "targets", "mask") if key in arrays]
        return FixedBatches(list(zip(*parts, strict=True)), **settings)
    decoded = {key: array.tobytes().decode("utf-8", "surrogatepass") for key, array in arrays.items()}
    return registry[name](**settings, **decoded | {key: _list(decoded[key]) for key in optional if key in decoded})


def _list(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ConfigError(f"{text[:50]!a} is no list of symbols in JSON") from None


def _names(task: type[Task]) -> tuple[list[str], list[str], list[str]]:
    """The names of a task's numbers, declared with `setting`, of its texts, and of its lists of symbols, which may be
    None."""
    numbers = [field.name for field in fields(task) if "low" in field.metadata]
    lists = [field.name for field in fields(task) if field.default is None]
    return numbers, [field.name for field in fields(task) if field.name not in (*numbers, *lists)], lists


def _defaults(task: type[Task]) -> dict[str, Any]:
    """The settings that an older file may lack."""
    return {field.name: field.default for field in fields(task) if field.metadata.get("later")}
