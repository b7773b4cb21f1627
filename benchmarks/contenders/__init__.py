"""The contenders. A contender is a module with build(case, **options), which returns an object with step(n):

make n training steps (fresh batch, forward, loss, full backpropagation through time, clipping, update; float32) and
return the loss of the last one, from before its update.
"""

import importlib
from dataclasses import dataclass, field

OURS, OURS_ON_TWO = "ours", "ours2"


@dataclass(frozen=True)
class Contender:
    """One column of the table."""

    label: str
    module: str
    options: dict = field(default_factory=dict)
    threads: int | None = None  # of the libraries underneath; None leaves it to them
    package: str = "numpy"  # left out where it is not installed

    @property
    def environment(self) -> dict[str, str]:
        """Environment that must be set before the process imports anything."""
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
        return {} if self.threads is None else dict.fromkeys(names, str(self.threads))

    def build(self, case):
        return importlib.import_module(f"benchmarks.contenders.{self.module}").build(case, **self.options)


CONTENDERS = {
    OURS: Contender("RNN Lab, 1 thread", "ours", threads=1, package="numba"),
    OURS_ON_TWO: Contender("RNN Lab, 2 threads", "ours", {"threads": 2}, threads=1, package="numba"),
    "torch1": Contender("PyTorch, 1 thread", "torch_eager", {"threads": 1}, threads=1, package="torch"),
    "torch2": Contender("PyTorch, 2 threads", "torch_eager", {"threads": 2}, threads=2, package="torch"),
    "jax": Contender("JAX, step by step", "jax_scan", {"many": False}, package="jax"),
    "jax_many": Contender("JAX, many steps a call", "jax_scan", {"many": True}, package="jax"),
    "jax_unrolled": Contender("JAX, the same, unrolled by 5", "jax_scan", {"many": True, "unroll": 5}, package="jax"),
    "numpy1": Contender("NumPy, 1 thread", "numpy_arrays", threads=1),
    "numpy2": Contender("NumPy, 2 threads", "numpy_arrays", threads=2),
}
