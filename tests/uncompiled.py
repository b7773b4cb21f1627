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

# A step takes a thousand times as long: tests of many steps run compiled, and with bounds checks.
many_steps = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="many steps, which shorter tests take uncompiled")


def one_uncompiled(values, kept) -> list:
    """Values of a parameter, of which a run without compilation tries only `kept`; shorter tests try them all."""
    return [value if value == kept else pytest.param(value, marks=many_steps) for value in values]
