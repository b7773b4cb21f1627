"""Write tests/golden/keras from Keras: `python tests/make_keras_golden.py` (needs Keras, with PyTorch behind it).

Small models as Keras saves them, and what they put out, for the tests that run without Keras.
"""

from pathlib import Path

import numpy as np
from keras_files import keras, keras_file, model
from safetensors.numpy import save_file

FOLDER = Path(__file__).parent / "golden" / "keras"
COUNT = 13  # symbols, as tests/own_networks.py has them
MODELS = {
    "lstm.keras": {"kind": "lstm", "units": 6, "embedding": 4, "softmax": True},
    "rnn.keras": {"kind": "relu", "units": 6, "functional": True},
    "gru.weights.h5": {"kind": "gru", "units": 6, "depth": 2, "both": True},
}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    rng = np.random.default_rng(0)
    arrays = {"x": rng.integers(0, COUNT, (7, 3)).astype(np.int32)}
    for name, options in MODELS.items():
        made = model(symbols=COUNT, **options)
        (FOLDER / name).write_bytes(keras_file(made, weights=name.endswith(".h5")))
        x = arrays["x"].T
        outputs = made(x if "embedding" in options else np.eye(COUNT)[x])
        arrays[name] = np.ascontiguousarray(keras.ops.convert_to_numpy(outputs).swapaxes(0, 1))
    save_file(arrays, FOLDER / "outputs.safetensors", metadata={"keras": keras.__version__})


if __name__ == "__main__":
    main()
