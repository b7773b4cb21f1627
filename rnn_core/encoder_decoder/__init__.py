"""Two networks in a row: one reads the whole input, the other starts from its last state and writes the output."""

from rnn_core.encoder_decoder.network import EncoderDecoder, EncoderDecoderConfig, Passes
from rnn_core.encoder_decoder.training import EncoderDecoderTrainer

__all__ = ["EncoderDecoder", "EncoderDecoderConfig", "EncoderDecoderTrainer", "Passes"]
