"""Sentences about a network of the reader's: what was recognised, what cannot be, what can be taken back."""

from collections.abc import Mapping
from typing import NamedTuple

from rnn_core.keras import KerasFileError, KerasNetwork
from rnn_core.pytorch import PyTorchFileError, PyTorchNetwork
from rnn_core.pytorch.refusals import listed
from ui.i18n import N_, Translate
from ui.lab.own_network import keras
from ui.lab.own_network.refused import RefusedError

KINDS = {"rnn": "nn.RNN", "gru": "nn.GRU", "lstm": "nn.LSTM"}
NEEDED = N_("Needed: the state_dict() of one nn.RNN, nn.GRU or nn.LSTM and one nn.Linear, with or without an "
            "nn.Embedding in front.")  # fmt: skip
OF_FILES = {
    "too_large": N_("The file has {size:,} bytes; at most {limit:,} are read. Save the state_dict() alone, without the "
                    "optimiser."),
    "unknown": N_("This is no file of torch.save, safetensors or Keras 3. Save model.state_dict() with torch.save or "
                  "safetensors, or a Keras model as .keras."),
    "damaged": N_("The file is damaged or cut off. Save it again and upload that."),
    "old": N_("The file is in the format of torch.save before PyTorch 1.6. Load it in a newer PyTorch and save it "
              "again."),
    "torchscript": N_("The file is a TorchScript program. Save model.state_dict() with torch.save instead."),
    "ours": N_("This is a network that RNN Lab saved. Open it under “Keep and share”, with “Continue with a saved "
               "network (.safetensors)”."),
    "code": N_("The file asks for {name}: that is code, and no code of a file is run here. Save model.state_dict() "
               "alone, not the whole model."),
    "nothing": N_("The file holds no recurrent layer. Found: {found}."),
    "cells": N_("The file holds single steps, such as nn.LSTMCell ({found}). Build the module with nn.RNN, nn.GRU or "
                "nn.LSTM; the weights have the same shapes there."),
    "several_dicts": N_("The file holds several networks: {found}. Save one of them alone."),
    "several_layers": N_("The file holds several recurrent layers beside each other: {found}. One of any depth is "
                         "possible."),
    "projection": N_("{found} projects the state (proj_size). That is not possible here: train the LSTM without "
                     "proj_size."),
    "normalisation": N_("{found} looks like layer or batch normalisation, which these networks do not have."),
    "convolution": N_("{found} looks like a convolution, which these networks do not have."),
    "attention": N_("{found} looks like attention, which these networks do not have."),
    "several_linear": N_("These are several linear layers: {found}. One is possible, from the states to the outputs."),
    "no_linear": N_("There is no nn.Linear that reads the {width} states. Found: {found}."),
    "foreign": N_("{found} belongs to no layer that is known here."),
    "missing": N_("A part of the recurrent layer is missing: {found}. Save the whole state_dict()."),
    "shape": N_("{name} has the shape {given}; expected is {expected}. The parts of this network do not fit one "
                "another."),
    "size": N_("The network is too large for this page. It has layers: {layers}, units: {units}, inputs: {inputs}, "
               "outputs: {outputs}. Possible are at most 4 layers, 1,024 units, 65,536 inputs and outputs, and 67 "
               "million parameters in all."),
    "type": N_("{name} holds numbers of type {given}. Possible are float16, bfloat16, float32 and float64: quantised "
               "networks cannot be opened."),
    "not_finite": N_("{name} holds numbers that are infinite or NaN, or too large for float32. Save the network as it "
                     "was before it diverged."),
}  # fmt: skip
LAYERED = {"nothing", "several_layers", "normalisation", "convolution", "attention", "no_linear", "foreign"}
OF_ANSWERS = {
    "no_words": N_("A network that reads words needs its vocabulary: {size:,} words in the order of their ids."),
    "other_characters": N_("The text has {count:,} different characters, the network reads {size:,} symbols. Give its "
                           "vocabulary, or the text that it was trained on."),
    "count": N_("The vocabulary has {count:,} symbols, the network reads {size:,}. Give all of them in the order of "
                "their ids."),
    "no_characters": N_("The vocabulary has too many symbols of several characters, such as {symbol}. Choose “words” "
                        "if the network reads words."),
    "twice": N_("The vocabulary has this symbol twice: {symbol}. Each id needs a symbol of its own."),
    "empty_symbol": N_("Symbol number {place:,} of the vocabulary is empty. Each id needs a symbol of its own."),
    "symbols": N_("The text has symbols that are not in the vocabulary ({count:,}): {some}. Take them out of the text, "
                  "or choose another one."),
    "masked": N_("The model leaves out the steps of id 0 (mask_zero), which is this symbol: {symbol}. It is in the "
                 "text, and here nothing is left out. Take it out of the text, or check the order of the vocabulary."),
    "empty": N_("There is no text yet. Paste one in the field above."),
    "short": N_("The text is too short: paste at least a few sentences."),
    "no_text": N_("A text needs as many outputs as inputs; this network has {inputs:,} inputs and {outputs:,} "
                  "outputs."),
    "sizes": N_("This task has other sizes than the network, which has {inputs:,} inputs and {outputs:,} outputs."),
    "nothing_fits": N_("The network has {inputs:,} inputs and {outputs:,} outputs. Texts need as many outputs as "
                       "inputs, and no task of the Lab has these sizes. It cannot be trained or shown here yet."),
    "other": N_("The network cannot be opened so: {detail}"),
}  # fmt: skip


def of_file(error: PyTorchFileError, _: Translate) -> str:
    """Why there is no network in a file: what was found, what is needed."""
    of_keras = isinstance(error, KerasFileError)
    sentences = OF_FILES | keras.OF_FILES if of_keras else OF_FILES
    needed = (keras.NEEDED, keras.LAYERED) if of_keras else (NEEDED, LAYERED)
    lines = [_(sentences[error.kind]).format(**error.values)]
    return "\n".join([*lines, *([_(needed[0])] if error.kind in needed[1] else [])])


def of_answers(error: RefusedError, _: Translate) -> str:
    """Why a network cannot be opened with what was said of it."""
    return _(OF_ANSWERS[error.kind]).format(**error.values)


class Names(NamedTuple):
    """What the layers of a file are called: each by its class, and by its own name."""

    recurrent: tuple[str, str]
    linear: tuple[str, str]
    embedding: tuple[str, str]


def _names(network: PyTorchNetwork) -> Names:
    if isinstance(network, KerasNetwork):
        return Names(*keras.names(network))
    layers = network.layers
    prefix = layers.recurrent["weight_ih_l0"].removesuffix("weight_ih_l0").rstrip(".") or "–"
    recurrent, linear = listed([prefix]), listed([layers.linear])
    return Names(
        (KINDS[layers.kind], recurrent), ("nn.Linear", linear), ("nn.Embedding", listed([layers.embedding or ""]))
    )


def recognised(network: PyTorchNetwork, _: Translate) -> list[str]:
    """What the file holds, line by line."""
    layers, names = network.layers, _names(network)
    kind, name = names.recurrent
    lines = [
        _("{kind}: {name}; layers: {layers}, units: {units}").format(
            kind=kind, name=name, layers=layers.num_layers, units=layers.hidden_size
        )
    ]
    if layers.bidirectional:
        lines.append(_("It reads in both directions."))
    kind, name = names.linear
    lines.append(_("{kind}: {name}; outputs: {outputs:,}").format(kind=kind, name=name, outputs=network.output_size))
    kind, name = names.embedding
    if layers.embedding is not None:
        lines.append(
            _("{kind}: {name}; {symbols:,} symbols of {numbers:,} numbers each, folded into the first weights").format(
                kind=kind, name=name, symbols=network.input_size, numbers=layers.width
            )
        )
        if layers.tied:
            lines.append(_("Embedding and linear layer share their weights. Here they are trained apart."))
    else:
        lines.append(_("No {kind}; inputs: {inputs:,}").format(kind=kind, inputs=network.input_size))
    if "bias_o" not in network.given:
        lines.append(_("There are no biases."))
    elif network.added:
        lines.append(
            _("These biases are not in the file and start as zeros: {names}").format(names=listed(network.added))
        )
    if network.path:
        lines.append(_("Found under: {path}").format(path=listed([".".join(network.path)])))
    if network.dtypes != ("float32",):
        lines.append(_("Saved as {types}; computed here in float32.").format(types=", ".join(network.dtypes)))
    if network.vocabulary is not None:
        lines.append(_("The file holds a vocabulary of {count:,} symbols.").format(count=len(network.vocabulary)))
    return lines + (keras.remarks(network, _) if isinstance(network, KerasNetwork) else [])


def stand_ins(others: Mapping[str, str], _: Translate) -> list[str]:
    """What stands for symbols of its vocabulary that no text can have."""
    if not others:
        return []
    pairs = listed(f"{symbol} → {other}" for symbol, other in others.items())
    return [_("In a text these symbols are written otherwise: {symbols}").format(symbols=pairs)]


def taken_back(network: PyTorchNetwork, _: Translate) -> list[str]:
    """What the file for PyTorch holds, and how its module must be made."""
    lines = []
    if not network.keeps_embedding:
        message = _(
            "The embedding of your file ({symbols} symbols, {numbers} numbers each) cannot hold everything that can be "
            "learned here. Where it does not, the file for PyTorch has one of {symbols} numbers, the identity: make "
            "the module with embedding_dim={symbols} and without shared weights."
        )
        lines.append(message.format(numbers=network.layers.width, symbols=network.input_size))
    if network.added:
        lines.append(
            _(
                "Once biases are trained that your file does not have, the file for PyTorch holds them: make the "
                "module with bias=True."
            )
        )
    if isinstance(network, KerasNetwork):
        return [*keras.taken_back(network, _), *lines]
    if not lines:
        lines.append(
            _("The file for PyTorch has the names of yours: load_state_dict(strict=True) of your module takes it.")
        )
    return lines
