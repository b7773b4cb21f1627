"""Why a file of PyTorch's cannot be taken: a key for the reason, and the values that a sentence about it needs."""

from collections.abc import Iterable
from typing import Any, ClassVar

SHOWN = 6  # names that are listed, at most
LONGEST = 60  # characters of a name

NEEDED = "needed: the state_dict() of one nn.RNN, nn.GRU or nn.LSTM and one nn.Linear, with or without an nn.Embedding"
REASONS = {
    "too_large": "the file has {size:,} bytes; at most {limit:,} are read",
    "unknown": "the file is neither of safetensors nor of torch.save; needed: one that torch.save or safetensors wrote",
    "damaged": "the file is damaged ({detail}); save it again",
    "old": "the file is a pickle, as torch.save wrote them before PyTorch 1.6; save it again with a newer PyTorch",
    "torchscript": "the file is a TorchScript program; save its state_dict() instead",
    "keras": "the file is of Keras; read it with read_keras",
    "ours": "the file is a checkpoint of rnn_core; read it with load_checkpoint",
    "code": "the file names {name}, which is code and is not run here; save the state_dict() alone",
    "nothing": "the file holds no recurrent layer (found: {found}); " + NEEDED,
    "cells": "the file holds a step of its own ({found}) in place of a layer; needed: nn.RNN, nn.GRU or nn.LSTM",
    "several_dicts": "the file holds several networks, under {found}; save one of them",
    "several_layers": "the file holds several recurrent layers, {found}; " + NEEDED,
    "projection": "{found} is a projection of the state (proj_size); needed: an nn.LSTM without proj_size",
    "normalisation": "{found} looks like a normalisation layer, which there is not here; " + NEEDED,
    "convolution": "{found} looks like a convolution, which there is not here; " + NEEDED,
    "attention": "{found} looks like attention, which there is not here; " + NEEDED,
    "several_linear": "{found} are several linear layers; needed: one, from the states to the outputs",
    "no_linear": "no nn.Linear reads the {width} states of the recurrent layer (found: {found}); " + NEEDED,
    "foreign": "{found} belongs to no layer that is known here; " + NEEDED,
    "missing": "{found} is missing; a recurrent layer has it",
    "shape": "{name} has shape {given}; expected {expected}",
    "size": "the network is too large: {detail}",
    "type": "{name} is of type {given}; expected float16, bfloat16, float32 or float64",
    "not_finite": "{name} holds values that are not finite, or too large for float32; save an earlier state",
}


class PyTorchFileError(ValueError):
    """A file that cannot be taken as a network of PyTorch's. kind : key in `REASONS`. values : of its sentence."""

    reasons: ClassVar[dict[str, str]] = REASONS

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(self.reasons[kind].format(**values))
        self.kind, self.values = kind, values


def listed(names: Iterable[Any]) -> str:
    """Names of a file in a message: few, short, and printable whatever they are.

    >>> listed(["fc.weight", 3])
    'fc.weight, 3'
    >>> listed(["a" * 100, *"bcdefgh"])
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…, b, c, d, e, f, …'
    """
    names = list(names)
    return ", ".join([*map(short, names[:SHOWN]), *(["…"] if len(names) > SHOWN else [])])


def short(name: Any) -> str:
    """One of them.

    >>> short("\\ud800"), short(2**80)
    ('?', '…')
    """
    if not isinstance(name, str):
        return str(name) if isinstance(name, float) or abs(name) < 1e9 else "…"
    text = "".join(character if character.isprintable() else "?" for character in name[: LONGEST + 1])
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def shape_of(shape: tuple[int | str, ...]) -> str:
    """The same of a shape.

    >>> shape_of((2**80,)), shape_of((2, 3))
    ('(…,)', '(2, 3)')
    """
    return f"({', '.join(map(short, shape))}{',' if len(shape) == 1 else ''})"
