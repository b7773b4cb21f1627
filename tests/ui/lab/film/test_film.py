"""A film of a training: its pictures are the network's own at those updates, in one small file that needs nothing."""

import base64
import gzip
import json
import re
import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest
from sessions import entered, setup, stepped
from visits import PATIENCE, until, whole

from ui.i18n import language
from ui.lab.film.document import LARGEST, document
from ui.lab.film.packing import rounded
from ui.lab.renderer import LabRenderer, ViewOptions
from ui.lab.view import LAYOUT
from ui.network.settings import SETTINGS
from ui.theme import DARK, LIGHT
from ui.training.memory import Budget
from ui.training.run import new_trainer
from ui.training.snapshot import Training

LINK = "https://example.org/lab?seed=1&x=</script>"


def unpacked(page) -> dict:
    """The film in a page, its figures whole."""
    text = re.search(r'id="film">([^<]*)</script>', page)[1]
    film, before = json.loads(gzip.decompress(base64.b64decode(text))), None
    for frame in film["frames"]:
        before = frame["score"] = whole(frame["score"], before)
    return film


@pytest.fixture
def session():
    with entered() as made:
        made.renderer = LabRenderer(LAYOUT)
        made.renderer.show(
            ViewOptions(language("en"), LIGHT, labels={"seed": "Seed", "cell": "Cell", "bias": "Biases"})
        )
        yield made


def film_of(session) -> str:
    assert session.renderer.make_film(session, {"link": LINK})
    until(lambda: session.renderer.film is not None and not session.renderer._film_payload(str)["making"], PATIENCE)
    return session.renderer.film


def test_its_pictures_are_the_network_at_those_updates(session):
    stepped(session, setup(), 300)
    page = film_of(session)
    film = unpacked(page)
    updates = [frame["update"] for frame in film["frames"]]
    assert updates[0] == 0 and updates[-1] == 300 and updates == sorted(set(updates)) and 20 < len(updates) <= 61
    assert film["words"]["link"] == "The same network in RNN Lab"
    assert "updates 0 to 300" in film["title"] and ["Seed", "0"] in film["facts"]
    assert film["facts"][:2] == [["Cell", "RNN (tanh)"], ["Biases", "yes"]]
    assert not any(name in SETTINGS for name, _text in film["facts"])  # nothing that has no effect, by no code name
    for frame in (film["frames"][0], film["frames"][7], film["frames"][-1]):
        trainer = new_trainer(setup(), Training())
        if frame["update"]:
            trainer.step(frame["update"])
        x, targets, mask = trainer.task.example(0)
        states = trainer.model.backward(x, targets, mask=mask).hidden[0, 1:, 0].T
        heat = next(trace for trace in frame["score"]["data"] if trace["type"] == "heatmap")["z"]
        drawn = np.frombuffer(base64.b64decode(heat["bdata"]), np.dtype(heat["dtype"])).reshape(states.shape)
        np.testing.assert_allclose(drawn, states, rtol=2**-11, atol=1e-30)
        assert frame["numbers"][0] == ["Update", f"{frame['update']:,}"]


def test_it_needs_nothing_from_elsewhere_and_its_text_is_no_markup(session):
    session.renderer.show(ViewOptions(language("zh_CN"), DARK))
    stepped(session, setup(text="<b>& </script>" * 30), 40)
    page = film_of(session)
    assert page.count("<script") == page.count("</script>") == 2 and "<b>" not in page
    assert not re.search(r"""(src|href)=|https?://(?!www\.w3\.org)|import\s*\(|fetch\(""", page)
    film = unpacked(page)
    assert film["link"] == LINK and film["language"] == "zh-CN" and DARK.background in page
    assert session.renderer.make_film(session, {"link": "javascript:alert(1)"})
    until(lambda: unpacked(session.renderer.film)["link"] == "", PATIENCE)


def test_what_is_set_on_the_way_is_told(session):
    stepped(session, setup(), 30)
    session.request(setup(), Training(learning_rate=0.1))
    session.step(30)
    until(lambda: session.snapshot.view.update >= 60)
    film = unpacked(film_of(session))
    assert ["Set on the way, at update", "30: learning rate 0.1"] in film["facts"]
    assert film["words"]["link"] == "A network with these settings in RNN Lab"  # its link leads to no other


def test_a_film_that_is_not_wanted_any_more_is_not_made(session):
    stepped(session, setup(), 60)
    assert session.renderer.make_film(session, {})
    session.renderer.stop_film(session, {})
    assert not session.renderer._film_payload(str)["making"]
    session.ask(lambda run: None).result(PATIENCE)
    assert session.renderer.film is None


def test_what_a_film_takes_is_part_of_the_memory_of_all(session, monkeypatch):
    stepped(session, setup(), 60)
    trainer = session.ask(lambda run: run.trainer.nbytes).result(PATIENCE)
    monkeypatch.setattr("ui.lab.renderer.BUDGET", budget := Budget(trainer + 2 * 10**5))  # not enough for all pictures
    assert session.renderer.make_film(session, {})
    until(lambda: "no memory left" in session.renderer._film_payload(str)["sentence"], PATIENCE)
    assert session.renderer.film is None and budget.used() == {"film": 0}
    monkeypatch.setattr("ui.lab.renderer.BUDGET", budget := Budget(10**9))
    page = film_of(session)
    assert budget.used() == {"film": len(page)}


def test_a_large_film_has_fewer_moments_and_keeps_the_last():
    rng = np.random.default_rng(0)
    figures = [{"data": [{"z": rng.random(20_000).tolist()}], "layout": {}} for _ in range(40)]
    frames = [{"update": u, "numbers": [], "verdict": "", "score": each} for u, each in enumerate(figures)]
    about = {"language": "en", "title": "<t>", "colours": {}, "facts": [], "words": {}, "link": "", "loss": {}}
    page = document(about, frames)
    shown = [frame["update"] for frame in unpacked(page)["frames"]]
    assert len(page.encode()) <= LARGEST and shown[-1] == 39 and 5 < len(shown) < 40
    assert "<title>&lt;t&gt;</title>" in page


def test_numbers_are_rounded_to_three_digits():
    values = np.array([1 / 3, -1e-7, 0, np.inf, np.nan, 12345.678], np.float64)
    given = [{"z": {"dtype": "f8", "bdata": base64.b64encode(values.tobytes()).decode(), "shape": "2, 3"}}]
    [found] = rounded(given)
    assert found["z"]["shape"] == "2, 3" and found["z"]["dtype"] == "f4"
    numbers = np.frombuffer(base64.b64decode(found["z"]["bdata"]), np.float32)
    np.testing.assert_allclose(numbers, values, rtol=2**-11)


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node")
def test_its_scripts_are_one_that_node_reads(session, tmp_path):
    stepped(session, replace(setup(), hidden_size=2), 5)
    script = film_of(session).split("<script>")[1].split("</script>")[0]
    (tmp_path / "film.js").write_text(script, encoding="utf-8")
    assert subprocess.run(["node", "--check", tmp_path / "film.js"], capture_output=True).returncode == 0
