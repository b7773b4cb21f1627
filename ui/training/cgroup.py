"""Memory that the control groups of this process leave it, on Linux: those of a container, of a systemd unit."""

from pathlib import Path

# Where groups lie, and the file with what one of them allows, in bytes: of version 2, and of version 1.
UNIFIED, MEMORY = ("sys/fs/cgroup", "memory.max"), ("sys/fs/cgroup/memory", "memory.limit_in_bytes")


def limits(root: Path = Path("/")) -> list[int]:
    """Bytes that the process's own group and each around it allow; those without a limit are left out.

    root : under which proc and sys lie.
    """
    found = []
    for file in _files(root):
        try:
            text = file.read_text(encoding="ascii").strip()
        except (OSError, ValueError):  # no such controller, or a group that is not to be seen from within a container
            continue
        if text.isdecimal():  # and not "max"
            found.append(int(text))
    return found


def _files(root: Path) -> list[Path]:
    """The files with the limits of each group, the outermost ones in any case."""
    found = [root / top / file for top, file in (UNIFIED, MEMORY)]
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return found
    for line in lines:  # 0::/system.slice/lab.service, or 4:memory:/system.slice/lab.service
        _number, controllers, path = line.split(":", 2)
        names = [name for name in path.split("/") if name]
        if ".." in names or not (controllers == "" or "memory" in controllers.split(",")):
            continue  # a group outside those that are mounted here, or of other things
        top, file = MEMORY if controllers else UNIFIED
        found += [(root / top).joinpath(*names[:depth], file) for depth in range(1, len(names) + 1)]
    return found
