"""Where the app lies, and `ui` made known from there: the figures of a notebook are those of the app's pages."""

import importlib.util
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
# In an installed package its folder app, in a clone the folder around it.
HOME = PACKAGE / "app" if (PACKAGE / "app" / "app.py").is_file() else PACKAGE.parent


def make_known(home: Path = HOME) -> None:
    """Let `import ui` find the app's package, and put nothing else of its folder within reach of an import.

    Raises ImportError where another package or module named ui would be found in its place.
    """
    start = home / "ui" / "__init__.py"
    found = sys.modules["ui"].__spec__ if "ui" in sys.modules else importlib.util.find_spec("ui")
    if found is not None and (found.origin is not None or "ui" in sys.modules):  # else a folder of that name at most
        if found.origin is None or Path(found.origin).resolve() != start:
            place = found.origin or "a folder of that name"
            raise ImportError(f"rnn_lab needs its own package ui, and {place} stands in its place; rename that one")
        return
    spec = importlib.util.spec_from_file_location("ui", start, submodule_search_locations=[str(start.parent)])
    if spec is None or spec.loader is None:
        raise ImportError(f"rnn_lab is incomplete: {start} is missing; install it again")
    package = importlib.util.module_from_spec(spec)
    sys.modules["ui"] = package
    spec.loader.exec_module(package)
