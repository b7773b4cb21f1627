"""python -m rnn_core.warmup: compile what the app needs into the cache on disk, with a line for each kernel."""

import time

from rnn_core.cells import CELLS
from rnn_core.encoder_decoder.engine import updates
from rnn_core.kernels.cache import cache_directory
from rnn_core.kernels.engine import passes
from rnn_core.kernels.subnormals import flushing
from rnn_core.kernels.writing import writer
from rnn_core.tasks.speech import SpeechTask

CHECKED = ("rnn_tanh", "rnn_relu")  # cells whose gradients a lesson of the course checks by differences


def main() -> None:
    """Compile training and generation of every cell, the encoder-decoder and CTC, in float32; and what checks
    gradients."""
    if cache_directory() is not None:  # without one a warning has given the reason
        print(f"Compiled kernels are kept in {cache_directory()}", flush=True)
    for number, cell in enumerate(CELLS, 1):
        begin = time.perf_counter()
        print(f"[{number}/{len(CELLS)}] {cell} ...", end=" ", flush=True)
        flushing(passes(cell, "adam", "float32"))
        writer(cell, "float32")
        print(f"{time.perf_counter() - begin:.1f} s", flush=True)
    begin = time.perf_counter()
    print("encoder-decoder ...", end=" ", flush=True)
    updates("lstm", "adam", "float32")  # the same code for every cell
    print(f"{time.perf_counter() - begin:.1f} s", flush=True)
    begin = time.perf_counter()
    print("speech ...", end=" ", flush=True)
    passes("lstm", "adam", "float32", ctc=True)
    SpeechTask().utterance(0, "train")
    print(f"{time.perf_counter() - begin:.1f} s", flush=True)
    begin = time.perf_counter()
    print("gradient check in float64 ...", end=" ", flush=True)
    for cell in CHECKED:
        passes(cell, "adam", "float64")
    print(f"{time.perf_counter() - begin:.1f} s", flush=True)


if __name__ == "__main__":
    main()
