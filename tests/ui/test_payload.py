"""Payloads match the types of the scripts: TypeScript holds real frames of every page to the types that the scripts
are written against (ui/live/static/payload.d.ts). A key too many, one too few or of another kind fails."""

import json
import os
import re
import shutil
import subprocess
from types import SimpleNamespace
from typing import get_args

import pytest
from visits import ROOT, frame_of, until, visits

from tests.ui.unroll.tape.test_tape import computation
from ui.charts.spec import foreign
from ui.course.classroom.classroom import Classroom
from ui.course.classroom.frames import Variant, content
from ui.course.guess import Guess
from ui.course.lessons import NAMES, lesson
from ui.live.renderer import sendable
from ui.server.handlers import COMMANDS
from ui.settings import keys
from ui.theme import LIGHT
from ui.unroll.payload import payload
from ui.unroll.tape import open_up

TYPES = ROOT / "ui" / "live" / "static" / "payload.d.ts"
TSC = ROOT / "node_modules" / ".bin" / "tsc"
OPTIONS = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--target",
    "es2023",
    "--lib",
    "es5",  # all that the types need, read in a third of the time
    "--allowImportingTsExtensions",
]
PARTS = ",".join(sorted({
    name for path in (ROOT / "ui").rglob("*.html")
    for name in re.findall(r'data-part="(\w+)"', path.read_text(encoding="utf-8"))
}))  # fmt: skip
TABLES = (keys.SHARES_TABLE, keys.STEPS_TABLE)  # parts of the page Unroll that hold a table
SMALL = {"hidden_size": "6", "memory_length": "1000"}
SWEEP = {"task": "recall", "arena_recall_delay": "3", "lags": "2,5", "seeds": "1", "budget": "500", "contenders": "2"}
# Type -> how the page is opened, the key of its session, the requests.
PAGES = {
    "LabFrame": ("lab", {}, keys.SESSION, [{}, {"step": "3", "loss": "0"}]),
    "GradientsFrame": ("gradients", {}, keys.SESSION, [{}, {"t": "7", "k": "3"}, {"t": "3", "k": "7"}]),
    "ArenaFrame": ("arena", SWEEP, keys.ARENA_SESSION, [{}, {"loss": "0"}]),
    "SweepsFrame": ("sweeps", {"sweep_updates": "20"}, keys.SWEEPS_SESSION, [{}, {"column": "1", "row": "2"}]),
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
        return "figures" in (made := frame_of(session, open=PARTS, **query)) and made

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
        if kind == "SweepsFrame":
            session.sweep()
        until(lambda: (view := session.snapshot.view) and view.update > 0)
        frames = [frame(session, query) for query in queries]
        if kind == "ArenaFrame":
            (COMMANDS | session.commands)["sweep"](session)
            until(lambda: session.sweep_view and session.sweep_view.outcomes)
            frames.append(frame(session, {}))
            assert {"climb", "rule"} <= frames[-1]["figures"].keys()
    assert held(tmp_path, kind.partition(",")[0], [without_figures(made) for made in frames]) == ""


# Type -> page, query, and the function that makes the component which gets such data.
DATA = {
    "UnrollData": ("unroll", {}, "ui.unroll.view._VIEW"),
    "UnrollData, windowed": ("unroll", {"unrolled_cell": "lstm", "cut": "windowed"}, "ui.unroll.view._VIEW"),
    "FigureData": ("unroll", {}, "ui.live.figure._component"),
    "TableData": ("unroll", {}, "ui.live.table._component"),
    "LineData": ("unroll", {}, "ui.live.line._component"),
    "WelcomeData": ("lab", {}, "ui.lab.welcome._component"),
    "DrawingData": ("shapes", {"shape": "captions", "picture": "drawn"}, "ui.shapes.paper._component"),
    "CourseData": ("course", {"lesson": "untrained"}, "ui.course.form._component"),
    "ClassData": ("course", {"class": "ABC-DEF-GHJ"}, "ui.course.classroom.view._component"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DATA)
def test_data_of_a_pages_script_is_what_the_scripts_expect(tmp_path, monkeypatch, kind):
    """The data of components without frames, as a page's script hands them to the browser."""
    page, opened, made_by = DATA[kind]
    sent = []

    def record(key=None, data=None, default=None, **_callbacks):
        sent.append(json.loads(json.dumps(data)))
        return SimpleNamespace(again=None, act=None, door=None, **(default or {}))

    monkeypatch.setattr(made_by, record if made_by.endswith("_VIEW") else lambda: record)
    with visits(page, parts=TABLES) as visit:
        visit(**opened)
    assert sent and held(tmp_path, kind.partition(",")[0], sent) == ""


def test_a_large_computation_is_what_the_scripts_expect(tmp_path):
    tape = open_up(computation("lstm", hidden=64, symbols=40)[0])
    data = payload(tape, [str(i) for i in range(40)], notation="article", theme=LIGHT, translate=str, unit=9, output=3)
    assert data["large"] and held(tmp_path, "UnrollPayload", [json.loads(json.dumps(data))]) == ""


def test_frames_of_a_class_are_what_the_scripts_expect(tmp_path):
    """Every kind of guess before it is closed and afterwards."""
    frames, english = [], Variant("en", "light")
    for name in NAMES:
        classroom = Classroom({name: lesson(name)})
        classroom.go(name, "guess")
        frames.append(content(classroom, english))
        classroom.close(name)
        frames.append(content(classroom, english))
    for frame in frames:
        for result in frame["results"]:
            result |= {"figure": {}} if "figure" in result else {}
    assert {guess["kind"] for frame in frames for guess in frame["guesses"]} == {kind.kind for kind in get_args(Guess)}
    assert held(tmp_path, "ClassFrame", json.loads(json.dumps(sendable(frames)))) == ""


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
