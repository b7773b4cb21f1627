"""Rules of the run without compilation."""

import pytest
from numba import config

# Compiled kernels overflow silently; the same lines in Python have NumPy warn.
uncompiled_overflows = pytest.mark.filterwarnings(
    *(
        ["ignore:overflow encountered:RuntimeWarning", "ignore:invalid value:RuntimeWarning"]
        if config.DISABLE_JIT
        else []
    )
)
