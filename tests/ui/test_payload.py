"""Payloads match the types of the scripts: TypeScript holds real frames of every page to the types that the scripts
are written against (ui/live/static/payload.d.ts). A key too many, one too few or of another kind fails."""

import json
import os
import re
import shutil
import subprocess

import pytest
from visits import ROOT, until, visits

from ui.charts.spec import foreign
from ui.server.handlers import COMMANDS
from ui.settings import keys

TYPES = ROOT / "ui" / "live" / "static" / "payload.d.ts"
TSC = ROOT / "node_modules" / ".bin" / "tsc"
OPTIONS = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--target",
    "es2023",
    "--allowImportingTsExtensions",
]
PARTS = ",".join(sorted({
    name for path in (ROOT / "ui").rglob("*.html")
    for name in re.findall(r'data-part="(\w+)"', path.read_text(encoding="utf-8"))
}))  # fmt: skip
SMALL = {"hidden_size": "6", "memory_length": "1000"}
SWEEP = {"task": "recall", "arena_recall_delay": "3", "lags": "2,5", "seeds": "1", "budget": "500", "contenders": "2"}
# Type -> how the page is opened, the key of its session, the requests.
PAGES = {
    "LabFrame": ("lab", {}, keys.SESSION, [{}, {"step": "3", "loss": "0"}]),
    "GradientsFrame": ("gradients", {}, keys.SESSION, [{}, {"t": "7", "k": "3"}, {"t": "3", "k": "7"}]),
    "ArenaFrame": ("arena", SWEEP, keys.ARENA_SESSION, [{}, {"loss": "0"}]),
    "ShapesFrame": ("shapes", {}, keys.SHAPES_SESSION, [{}, {"loss": "0"}]),
    "ScoreFrame": ("language", {"look_at": "score", "sentences": "a cat\nω"}, keys.SESSION, [{}, {"sentence": "1"}]),
    "WriteFrame": ("language", {"look_at": "write"}, keys.SESSION, [{}, {"step": "2", "branches": "[[0, [1]]]"}]),
    "BaselinesFrame": ("language", {"look_at": "rulers"}, keys.SESSION, [{}]),
    "GameFrame": ("language", {"look_at": "game"}, keys.SESSION, [{}, {"guesses": '[["e", 50]]'}]),
    "MemoryFrame": ("memory", SMALL, keys.SESSION, [{}, {"step": "9", "multiples": "1", "goto": "1"}]),
    "MemoryFrame, search": (
        "memory", SMALL | {"memory_view": "search"}, keys.SESSION, [{"step": "9", "begin": "9", "end": "12"}],
    ),
    "MemoryFrame, change": ("memory", SMALL | {"memory_view": "change"}, keys.SESSION, [{"step": "9"}]),
    "PlaneFrame": ("memory", SMALL | {"memory_view": "plane"}, keys.SESSION, [{}, {"input": "1"}]),
    "PlaneFrame, tree": (
        "memory", {"preset": "grammar", "memory_view": "plane", "plane_view": "tree"}, keys.SESSION, [{}],
    ),
}  # fmt: skip

pytestmark = pytest.mark.skipif(not TSC.exists() and os.environ.get("CI") != "true", reason="no TypeScript: make lint")


def frame(session, query: dict) -> dict:
    """The next frame with figures."""

    def there():
        session.seen()
        text = session.pictures.frame(session, session.pictures.request({"open": PARTS} | query))
        return "figures" in (made := json.loads(text)) and made

    return until(there)


def held(folder, name: str, values: list) -> str:
    """TypeScript's errors for values that should be of this type; empty if they are."""
    source = folder / "contract.ts"
    literal = json.dumps(values, ensure_ascii=True)
    types = os.path.relpath(TYPES, folder).replace(os.sep, "/")
    source.write_text(f'import type {{ {name} }} from "{types}";\nexport const values: {name}[] = {literal};\n')
    assert TSC.exists(), "TypeScript is needed in CI: make lint"
    run = subprocess.run([TSC, *OPTIONS, source], cwd=folder, capture_output=True, text=True)
    return run.stdout[:2000]


def without_figures(made: dict) -> dict:
    """The frame with empty figures: ui/charts/spec.py holds those."""
    assert [foreign(figure) for figure in made["figures"].values()] == [[]] * len(made["figures"])
    return made | {"figures": {name: {} for name in made["figures"]}}


@pytest.mark.parametrize("kind", PAGES)
def test_frames_are_what_the_scripts_expect(tmp_path, kind):
    page, opened, key, queries = PAGES[kind]
    with visits(page) as visit:
        session = visit(**opened).session_state[key]
        until(lambda: (view := session.snapshot.view) and view.update > 0)
        frames = [frame(session, query) for query in queries]
        if kind == "ArenaFrame":
            (COMMANDS | session.commands)["sweep"](session)
            until(lambda: session.sweep_view and session.sweep_view.outcomes)
            frames.append(frame(session, {}))
            assert {"climb", "rule"} <= frames[-1]["figures"].keys()
    assert held(tmp_path, kind.partition(",")[0], [without_figures(made) for made in frames]) == ""


def test_a_frame_with_another_key_is_found_out(tmp_path):
    notice = {"kind": "info", "sentence": "a", "detail": "", "action": None}
    assert held(tmp_path, "Notice", [notice]) == ""
    assert "'sentence' is missing" in held(tmp_path, "Notice", [{"kind": "info", "detail": "", "action": None}])
    assert "'\"more\"' does not exist" in held(tmp_path, "Notice", [notice | {"more": 1}])
    assert '"shout"' in held(tmp_path, "Notice", [notice | {"kind": "shout"}])


def test_typescript_is_the_locked_one():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    installed = json.loads((TSC.parents[1] / "typescript" / "package.json").read_text(encoding="utf-8"))
    assert shutil.which("node") and installed["version"] == lock["packages"]["node_modules/typescript"]["version"]
