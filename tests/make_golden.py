"""Write tests/golden/<cell>.safetensors from PyTorch: `python tests/make_golden.py` (needs torch).

Logits, loss and the parameters' gradients come from nn.RNN, nn.GRU and nn.LSTM; dL/dh_t and dL/dc_t from the
same network unrolled with nn.RNNCell, nn.GRUCell and nn.LSTMCell, which is first held to the former's results. ctc has
values and gradients of functional.ctc_loss.
"""

import itertools

import ctc_cases
import numpy as np
import torch
from encoder_decoder_cases import CASES as PAIR_CASES
from encoder_decoder_cases import batch_of, by_torch
from golden_cases import CASES, FEW, FOLDER, STORED, B, Case, D, K, T
from reference import GATES, PAIRS
from safetensors.numpy import save_file
from torch_network import Net, loss_of


def draw(case: Case, attempt: int) -> dict[str, np.ndarray]:
    """Parameters, x, targets, initial state: exact in float32, so that both dtypes compute the same function."""
    which = (list(GATES).index(case.cell), case.num_layers, case.bidirectional, case.bias, attempt)
    rng = np.random.default_rng(which)
    # wide enough that gates move off 1/2, narrow enough that nothing saturates
    size = sum(int(np.prod(shape)) for shape in case.shapes().values())
    parameters = rng.uniform(-0.9, 0.9, size)
    h0, c0 = rng.uniform(-0.8, 0.8, (2, case.num_layers * (1 + case.bidirectional), B, case.sizes[1]))
    ids, wanted = rng.integers(0, D, (T, B)), rng.integers(0, K, (T, B))
    x, y = rng.uniform(-1, 1, (T, B, D)), rng.uniform(-1, 1, (B, K))
    task = {"x": ids, "targets": wanted} if case.output == "every" else {"x": x, "targets": y}
    arrays = {"parameters": parameters, "h0": h0, "c0": c0} | task
    return {name: a.astype(np.int32 if a.dtype.kind == "i" else np.float32) for name, a in arrays.items()}


def state_of(case: Case, given: dict, dtype) -> tuple | torch.Tensor:
    h0, c0 = (torch.tensor(given[name], dtype=dtype, requires_grad=True) for name in ("h0", "c0"))
    return (h0, c0) if case.cell in PAIRS else h0


def results(case: Case, given: dict, dtype_name: str) -> dict[str, np.ndarray]:
    dtype = getattr(torch, dtype_name)
    net = Net(case.cell, case.sizes, case.num_layers, case.bidirectional, case.bias, case.output, dtype)
    net.load(case.unflatten(given["parameters"]))
    ids = given["x"].dtype.kind == "i"
    x = np.eye(D)[given["x"]] if ids else given["x"]
    x = torch.tensor(x, dtype=dtype, requires_grad=True)
    targets = torch.tensor(given["targets"]).long() if ids else torch.tensor(given["targets"][None], dtype=dtype)

    logits = net(x, state_of(case, given, dtype))
    loss = loss_of(case.loss, logits, targets)
    named = net.named()
    grads = torch.autograd.grad(loss, [*named.values(), x])

    unrolled, states = net.unroll(x, state_of(case, given, dtype))
    unrolled_loss = loss_of(case.loss, unrolled, targets)
    single = [tensor for row in states for pair in row for tensor in pair]
    tolerance = 1e-13 if dtype_name == "float64" else 1e-5
    torch.testing.assert_close(unrolled, logits, rtol=0, atol=tolerance)
    for a, b in zip(torch.autograd.grad(unrolled_loss, [*named.values(), x], retain_graph=True), grads, strict=True):
        largest = max(1.0, float(b.abs().max()))  # what no function bounds grows: identity's gradients reach 60
        torch.testing.assert_close(a, b, rtol=0, atol=tolerance * largest)
    # a state that no read-out depends on (the last cell of a layer that only h leaves) has gradient zero
    found = torch.autograd.grad(unrolled_loss, single, allow_unused=True)
    found = [torch.zeros_like(s) if d is None else d for s, d in zip(single, found, strict=True)]
    per_state = iter(found)
    stacked = [torch.stack([torch.stack([next(per_state) for _ in pair]) for pair in row]) for row in states]
    d_states = torch.stack(stacked)  # (LD, T+1, 1 or 2, B, H)

    arrays = {
        "logits": logits,
        "loss": loss.reshape(1),
        "grads": torch.tensor(case.flatten({name: g for name, g in zip(named, grads, strict=False)})),
        "d_input": grads[-1],
        "d_hidden": d_states[:, :, 0],
    }
    if case.cell in PAIRS:
        arrays["d_cell"] = d_states[:, :, 1]
    return {name: value.detach().numpy().copy() for name, value in arrays.items()}


def alive(case: Case, arrays: dict) -> bool:
    """Whether every parameter and every layer gets a gradient: ReLU units may all be off."""
    largest = [np.abs(grad).max() for grad in case.unflatten(arrays["grads"]).values()]
    return min(*largest, *np.abs(arrays["d_hidden"]).max(axis=(1, 2, 3))) > 1e-3


def parts(case: Case) -> dict[str, dict]:
    """The first draw whose network is alive, and PyTorch's results in each dtype."""
    for attempt in itertools.count():
        given = draw(case, attempt)
        exact = results(case, given, "float64")
        if alive(case, exact):
            return {"given": given, "float64": exact, "float32": results(case, given, "float32")}


def main() -> None:
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    for cell in (*STORED, *FEW):
        tensors = {
            f"{case}/{part}/{name}": value
            for case in CASES if case.cell == cell
            for part, arrays in parts(case).items()
            for name, value in arrays.items()
        }  # fmt: skip
        path = FOLDER / f"{cell}.safetensors"
        save_file(tensors, path, metadata={"torch": torch.__version__, "numpy": np.__version__})
        print(f"{path.name}: {len(tensors)} arrays, {path.stat().st_size:,} bytes")
    pairs = {}
    for case in PAIR_CASES:
        if case.cell not in STORED:
            continue
        given = batch_of(case)
        found = {dtype: by_torch(case, given, dtype) for dtype in ("float64", "float32")}
        pairs |= {f"{case}/{part}/{name}": np.ascontiguousarray(value)
                  for part, arrays in ({"given": given} | found).items() for name, value in arrays.items()}  # fmt: skip
    aligned = {}
    for case in ctc_cases.CASES:
        given = ctc_cases.batch_of(case)
        found = ctc_cases.by_torch(given, "float64")
        aligned |= {f"{case}/{name}": np.ascontiguousarray(value) for name, value in (given | found).items()}
    for name, arrays in (("encoder_decoder", pairs), ("ctc", aligned)):
        path = FOLDER / f"{name}.safetensors"
        save_file(arrays, path, metadata={"torch": torch.__version__, "numpy": np.__version__})
        print(f"{path.name}: {len(arrays)} arrays, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
