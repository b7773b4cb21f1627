"""Limits of memory by control groups, read from trees of files that stand for those of Linux."""

from pathlib import Path

import pytest

from ui.training import memory
from ui.training.cgroup import limits

UNIT = "system.slice/system-rnn\\x2dlab.slice/rnn-lab@8501.service"
NONE_V1 = 9223372036854771712  # how version 1 says that there is no limit


@pytest.fixture
def tree(tmp_path):
    """Write files, given as path=content, and what /proc/self/cgroup says."""

    def write(groups: str | None, files: dict[str, object]) -> Path:
        if groups is not None:
            files = files | {"proc/self/cgroup": groups}
        for path, content in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(f"{content}\n", encoding="utf-8")
        return tmp_path

    return write


def test_the_units_own_limit_on_a_host(tree):
    """The outermost group of a host has no file memory.max."""
    root = tree(
        f"0::/{UNIT}",
        {f"sys/fs/cgroup/{UNIT}/memory.max": 2**32, "sys/fs/cgroup/system.slice/memory.max": "max"},
    )
    assert limits(root) == [2**32]


def test_the_smallest_may_be_that_of_a_group_around_it(tree):
    root = tree(
        f"0::/{UNIT}",
        {f"sys/fs/cgroup/{UNIT}/memory.max": "max", "sys/fs/cgroup/system.slice/memory.max": 2**31,
         f"sys/fs/cgroup/{UNIT.rpartition('/')[0]}/memory.max": 2**32},
    )  # fmt: skip
    assert min(limits(root)) == 2**31 and len(limits(root)) == 2


@pytest.mark.parametrize("groups", ["0::/", "0::/docker/of-the-host", "0::/../../outside", None])
def test_a_container_has_its_limit_at_the_top(groups, tree):
    assert limits(tree(groups, {"sys/fs/cgroup/memory.max": 2**30})) == [2**30]


@pytest.mark.parametrize("controllers", ["memory", "cpu,memory"])
def test_version_1(controllers, tree):
    root = tree(
        f"9:name=systemd:/elsewhere\n4:{controllers}:/{UNIT}\n3:cpu:/other\n0::/",
        {f"sys/fs/cgroup/memory/{UNIT}/memory.limit_in_bytes": 2**31,
         "sys/fs/cgroup/memory/other/memory.limit_in_bytes": 2**20,
         "sys/fs/cgroup/memory/memory.limit_in_bytes": NONE_V1},
    )  # fmt: skip
    assert sorted(limits(root)) == [2**31, NONE_V1]


def test_where_there_are_no_groups_there_is_no_limit(tree):
    assert limits(tree(None, {})) == limits(tree("0::/gone", {"sys/fs/cgroup/memory.max": "max"})) == []


def test_the_budget_is_half_of_the_smallest(monkeypatch):
    monkeypatch.delenv("RNN_LAB_MEMORY", raising=False)
    whole = memory.machine()
    for given, size in (([], whole), ([2**60], whole), ([2**60, 2**30], 2**30)):
        monkeypatch.setattr(memory, "limits", lambda given=given: given)
        assert memory.machine() == min(whole, size)
    assert memory.Budget().limit == 2**29
