"""PyTorch's and Keras' tests are collected only where these are installed; the order of the files; collections of
garbage that do not look at what all tests share; tables that tests record are printed at the end."""

import gc
import importlib.util
import os
from collections import Counter
from itertools import groupby

import pytest

# Without PyTorch or Keras the live comparison is not collected; on CI it is, so that what is missing fails there.
collect_ignore = []
if importlib.util.find_spec("torch") is None and os.environ.get("CI") != "true":
    collect_ignore += [
        "rnn_core/test_torch_dropout.py",
        "rnn_core/test_torch_live.py",
        "rnn_core/pytorch",
        "rnn_lab/test_recording.py",
        "test_notebook.py",
    ]

if importlib.util.find_spec("keras") is None and os.environ.get("CI") != "true":
    collect_ignore += ["rnn_core/keras/test_network.py", "rnn_core/keras/test_refused.py"]

LARGE = 40  # tests in a file
# The files of the browser that take longest, by what was measured: one of them that begins last leaves a core idle.
LONGEST = ("violations", "connection", "survival", "course", "access", "lab", "past", "class", "proxy", "unroll")
RANKS = {f"test_{name}_browser.py": rank for rank, name in enumerate(LONGEST)}


@pytest.hookimpl(trylast=True)  # of those that are run
def pytest_collection_modifyitems(items):
    """Order the files so that all workers have something to do until the end: first the large ones, which compile what
    the app computes with; then those of the browser, the longest first; the many small ones fill up what is left."""
    tests = Counter(item.path for item in items)

    def place(item):
        browser, count = item.path.name.endswith("_browser.py"), tests[item.path]
        return 1 if browser else 0 if count >= LARGE else 2, RANKS.get(item.path.name, len(RANKS)), -count

    items.sort(key=place)
    # Every second file of the core from its end: two workers that begin at the same time compile different kernels, and
    # load later what the other has compiled.
    core = [path for path in dict.fromkeys(item.path for item in items) if path.parent.name == "rnn_core"]
    backwards = set(core[1::2])
    items[:] = [
        item
        for path, of_file in groupby(items, lambda item: item.path)
        for item in (reversed([*of_file]) if path in backwards else of_file)
    ]


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """No garbage is looked for meanwhile: there is little among eleven thousand tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.fixture(scope="module", autouse=True)
def frozen():
    """Streamlit collects garbage after every run of a script. With all tests, PyTorch and a compiler in memory that
    took most of a run's time: what is there before a file's first test, no collection takes note of any more."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter):
    """Print the rows that tests recorded as "table" (headings first), of all workers, in the order of their names."""
    tables = sorted(
        (each.nodeid, value)
        for reports in terminalreporter.stats.values()
        for each in reports
        if getattr(each, "when", None) == "teardown"
        for name, value in each.user_properties
        if name == "table"
    )
    if tables:
        rows = [tables[0][1][0], *(row for _test, table in tables for row in table[1:])]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            terminalreporter.write_line("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)))
