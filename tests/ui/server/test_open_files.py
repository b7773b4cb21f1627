"""The limit of open files."""

import subprocess
import sys

import pytest

SCRIPT = """
import resource
from ui.server.open_files import raise_limit
hard = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 4096)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
print(raise_limit() == resource.getrlimit(resource.RLIMIT_NOFILE)[0] == hard)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_low_limit_is_raised_as_far_as_it_goes():
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120)
    assert run.stdout == "True\n", run.stderr
