"""The scripts of charts and pages, by Node's own tests (tests/ui/.../static/*.test.js)."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = sorted(Path(__file__).parent.glob("**/static/*.test.js"))
NODE = shutil.which("node")

pytestmark = pytest.mark.small


@pytest.mark.skipif(NODE is None and os.environ.get("CI") != "true", reason="no Node")
@pytest.mark.parametrize("test", TESTS, ids=lambda path: path.name.partition(".")[0])
def test_of_node(test):
    assert NODE is not None, "Node is needed in CI"
    run = subprocess.run([NODE, "--test", test], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
