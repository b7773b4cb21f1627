"""The scripts of the charts as one text: for a page that opens without a server.

Each module becomes a function that returns what it exports; it is called once, after those that it imports.
"""

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*//[^\n]*\n|^[ \t]*/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*\n", re.MULTILINE)


def bundle(entry: Path) -> str:
    """The module and all that it imports, as a script of its own."""
    names: dict[Path, str] = {}
    parts: list[str] = []
    _add(entry.resolve(), names, parts, ())
    return "\n".join(['"use strict";', *parts])


def _add(path: Path, names: dict[Path, str], parts: list[str], above: tuple[Path, ...]) -> None:
    """Append a module, after those that it imports."""
    if path in above:
        raise ValueError(f"{path.name} imports itself by way of {', '.join(each.name for each in above)}")
    if path in names:
        return
    source = path.read_text(encoding="utf-8")
    imports = []
    for found in IMPORT.finditer(source):
        other = (path.parent / found[2]).resolve()
        _add(other, names, parts, (*above, path))
        taken = re.sub(r"(\w+) as (\w+)", r"\1: \2", re.sub(r"\s+", " ", found[1].strip()))
        imports.append(f"const {{ {taken} }} = {names[other]};")
    names[path] = f"module{len(names)}"
    exported = EXPORT.findall(source)
    body = COMMENT.sub("", EXPORT.sub("", IMPORT.sub("", source)))
    if re.search(r"^(import|export)\b", body, re.MULTILINE) or "</script" in body:
        raise ValueError(f"{path.name} cannot stand in a page: it imports or exports in another way")
    lines = [f"const {names[path]} = (() => {{", *imports, body, f"return {{ {', '.join(exported)} }};", "})();"]
    parts.append("\n".join(lines))
