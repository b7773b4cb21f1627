"""Python on another CPU model: kernels compiled for a processor without vector units or fused multiply-add."""

import os
import subprocess
import sys
from pathlib import Path

from rnn_core.kernels.cache import cache_directory

TESTS = Path(__file__).parent


def printed_there(code: str, *folders: Path) -> list[str]:
    """Lines that the code prints. folders : to import from, beside tests/.

    Its kernels are kept as well, beside those of this processor and apart from them: two processes that write into one
    folder at the same time may exchange entries that differ in the processor alone.
    """
    cache = cache_directory().parent / "kernels-generic"
    generic = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(cache)}
    path = os.pathsep.join(map(str, (*folders, TESTS, TESTS.parent)))
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, env=os.environ | generic | {"PYTHONPATH": path}, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()
