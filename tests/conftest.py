"""PyTorch's tests are collected only where PyTorch is installed."""

import importlib.util
import os

# Without PyTorch the live comparison is not collected; on CI it is, so that a missing PyTorch fails there.
collect_ignore = []
if importlib.util.find_spec("torch") is None and os.environ.get("CI") != "true":
    collect_ignore.append("rnn_core/test_torch_live.py")
