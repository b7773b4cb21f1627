"""Python on another CPU model: kernels compiled for a processor without vector units or fused multiply-add."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent


def printed_there(code: str, cache: Path, *folders: Path) -> list[str]:
    """Lines that the code prints. cache : of the kernels, an empty folder. folders : to import from, beside tests/."""
    generic = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(cache)}
    path = os.pathsep.join(map(str, (*folders, TESTS, TESTS.parent)))
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, env=os.environ | generic | {"PYTHONPATH": path}, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()
