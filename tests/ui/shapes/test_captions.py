"""The shape “captions”: what a network says of a picture, which word looked where, and the page without a browser."""

from dataclasses import replace

import numpy as np
import pytest
from visits import picture, session_of, until, visits

from rnn_core.tasks.captions import CAPTIONS
from rnn_core.tasks.captions.pictures import INK, PIXELS, SIDE, centres, pictures
from rnn_core.tasks.captions.scenes import ATTRIBUTES, captions, scenes_of
from ui.settings import keys
from ui.shapes.captions import COLOURS, Caption, Shares, guide, looked, quality_guide, quality_table, shares_of, table
from ui.shapes.controls import arranged
from ui.shapes.drawings import DRAWN, FIRST, amounts_of
from ui.shapes.figures_captions import looks, mixture, outline, paint, rgb
from ui.shapes.training import ShapesRun, best_constant
from ui.theme import LIGHT
from ui.training.snapshot import SampleChoice

RING = "0,0,3,1,1,2,1,7"  # a small red ring above a large blue square
DIAGONAL = "0,0,3,0,1,2,1,4"


def run(sample_choice=None, **values):
    """A small network after one update."""
    setup, training = arranged("captions", {keys.SHAPE_UNITS: 6} | values, "en")
    made = ShapesRun(1, setup, training, sample_choice or SampleChoice("held_out"))
    made.train(1)
    return made


@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_the_gradient_is_that_of_each_words_output_by_the_pixels(words):
    trained = run(SampleChoice("held_out", 2), **{keys.SHAPE_WORDS: words})
    found, task, model = trained.view().finding, trained.task, trained.entries[0].trainer.model
    ink = task.held_out().x[0, 2, :PIXELS]
    ids = task.write(model, ink[None])
    steps, step = len(found.words), 0.25
    own = np.arange(steps)
    assert found.gradient.shape == (steps, SIDE, SIDE) and not found.gradient[:, found.ink.sum(axis=-1) == 0].any()
    for pixel in 3 * np.argsort(found.ink.sum(axis=-1).ravel())[[-1, -9]]:
        ends = []
        for sign in (1, -1):
            x = task.batch(ink[None], ids).x[: 1 + steps]
            x[0, 0, pixel : pixel + 3] *= 1 + sign * step
            ends.append(model.forward(x).logits[1:, 0][own, ids[:steps, 0]])
        by_differences = (ends[0] - ends[1]) / (2 * step)
        given = found.gradient.reshape(steps, SIDE * SIDE)[:, pixel // 3]
        assert np.allclose(given, by_differences, atol=2e-2 * np.abs(by_differences).max() + 1e-5)
    assert np.allclose(found.probs, model.forward(task.batch(ink[None], ids).x).probs[1:, 0][own, ids[:steps, 0]])


def test_the_shares_are_measured_anew_beside_a_blind_guess():
    trained = run()
    trained.train(60)
    seen, task = trained.view(complete=True), trained.task
    found, batch = seen.finding, trained.task.held_out()
    ids = task.write(trained.entries[0].trainer.model, batch.x[0, :, :PIXELS])
    assert found.shares == shares_of(task, ids) and seen.guess == best_constant(task) == task.guess
    blind = np.roll(batch.targets[1:], 1, axis=1)
    assert found.blind.exact == task.matches(blind, batch).mean() < 0.1
    agree, names = task.agreement(blind, batch), np.array(ATTRIBUTES)
    assert found.blind.right == {
        name: agree[:, names == name].mean() for name in ("size", "colour", "shape", "relation")
    }
    columns = list(quality_table(seen, str).values())
    assert [len(column) for column in columns] == [5, 5, 5] and columns[2][0] == f"{found.blind.exact:.1%}"
    assert "128 held-out pictures" in quality_guide(seen, str)[0]
    trained.entries[0].measure()
    assert seen.measure == "right_captions"
    assert trained.entries[0].progress()["accuracy"][-1][1] == task.exact(trained.entries[0].trainer.model)


def test_the_verdict_knows_both_captions_and_what_is_held_out():
    trained = run(SampleChoice("typed", typed=RING))
    seen = trained.view()
    found: Caption = seen.finding
    assert found.answers == ("a small red ring above a large blue square", "a large blue square below a small red ring")
    wrong = guide(seen, str)[0]
    assert "right would be “a small red ring above a large blue square” or “a large blue" in wrong
    for answer in found.answers:
        told = guide(replace(seen, finding=found._replace(said=answer, never_seen=True)), str)
        assert "and that is right." in told[0] and "relation is held out." in told[0]
    silent = guide(replace(seen, finding=found._replace(said="")), str)[0]
    assert silent.startswith("It says nothing; right would be “a small red ring above")
    assert found.never_seen is False and "is in the training data." in wrong
    trained.choose_sample(SampleChoice("typed", typed=DIAGONAL))
    seen = trained.view()
    assert seen.finding.answers == () and seen.finding.never_seen is None and seen.diagram.gradient is None
    assert "there is no right answer" in guide(seen, str)[0] and "held out." not in guide(seen, str)[0].split("Of")[0]
    silent = guide(replace(seen, finding=seen.finding._replace(said="")), str)[0]
    assert silent.startswith("It says nothing. No training picture")
    trained.choose_sample(SampleChoice("held_out", 7))
    assert trained.view().finding.never_seen


def test_what_is_drawn_is_described_and_nobody_says_whether_that_is_right():
    trained = run(SampleChoice(DRAWN, typed=FIRST))
    seen = trained.view()
    found, task, model = seen.finding, trained.task, trained.entries[0].trainer.model
    assert np.allclose(found.ink, amounts_of(FIRST) @ INK, atol=1e-6) and found.drawn
    ids = task.write(model, found.ink.reshape(1, PIXELS))
    assert found.said == task.written(ids[:, 0]) and found.answers == () and found.looked is None
    told = guide(seen, str)[0]
    assert told.startswith(f"It says “{found.said}”. Only you know what you drew. On held-out")
    silent = replace(seen, finding=found._replace(said=""))
    assert guide(silent, str)[0].startswith("It says nothing. Only you know")
    rows = table(seen, str)
    assert [name for name in rows if "gradient" in name] == ["gradient at: top", "gradient at: bottom"]
    trained.choose_sample(SampleChoice(DRAWN))
    empty = trained.view()
    assert not empty.finding.ink.any() and list(table(empty, str)) == ["word", "probability"]
    trained.choose_sample(SampleChoice(DRAWN, 7, "no drawing"))
    assert not trained.view().finding.drawn


def test_what_is_no_picture_gives_way_to_the_example():
    """What was typed for another shape is still chosen when the reader comes from there."""
    trained = run()
    for typed in ("aei", "not good", "1,2", "0,0,3,1,0,0,3,9", "0,0,4,1,0,0,3,7", ""):
        trained.choose_sample(SampleChoice("typed", 7, typed))
        assert np.array_equal(trained.view().finding.ink.ravel(), trained.task.held_out().x[0, 7, :PIXELS])


@pytest.mark.parametrize("name", CAPTIONS)
def test_how_much_a_word_looked_at_its_own_object(name):
    task = CAPTIONS[name]()
    batch = task.held_out()
    scenes, ids = scenes_of(batch.targets[1:], task.side), batch.targets[1:]
    column = int(np.flatnonzero(np.unravel_index(scenes, (2, 4, 4, 4, 2, 4, 4))[3] == 1)[0])  # the first lies below
    length = int((ids[:, column] != task.output_size - 1).sum()) + 1
    top, bottom = np.zeros((length, SIDE, SIDE)), np.zeros((length, SIDE, SIDE))
    first = slice(0, 5) if name == "captions" else slice(3, length)
    other = slice(5, length) if name == "captions" else slice(0, 3)
    top[:, :5, :5], bottom[:, 10:, :5] = 1, -1
    ink = np.zeros((SIDE, SIDE, 3))
    ink[1:4, 1:4], ink[11, 1] = 0.5, 0.5  # nine pixels and one
    gradient = top.copy()
    gradient[first] = bottom[first]
    assert looked(task, ids[:, [column]], gradient, ink.ravel()) == pytest.approx((1, 0.5))
    gradient[other] = bottom[other]
    assert looked(task, ids[:, [column]], gradient, ink.ravel()) == pytest.approx((0.5, 0.5))
    gradient[:] = 1
    assert looked(task, ids[:, [column]], gradient, ink.ravel())[0] == pytest.approx(1 / 9)


def test_the_share_of_the_gradient_is_told_where_the_caption_is_right():
    seen = run().view()
    told = [
        sum(
            "by absolute value" in line
            for line in guide(replace(seen, finding=seen.finding._replace(looked=share)), str)
        )
        for share in (None, (0.8, 0.5))
    ]
    assert told == [0, 1]
    shares = Shares(1.0, {"size": 0.25, "colour": 1.0, "shape": 0.5, "relation": 0.75})
    told = quality_table(replace(seen, finding=seen.finding._replace(shares=shares)), str)
    assert told["the network"] == ["100.0%", "25.0%", "100.0%", "50.0%", "75.0%"]


def test_the_table_below_the_small_pictures_holds_what_they_show():
    found = (seen := run(SampleChoice("typed", typed=RING)).view()).finding
    rows = table(seen, str)
    assert rows["word"] == list(found.words) and rows["probability"] == pytest.approx(found.probs, abs=6e-4)
    size = np.abs(found.gradient)
    top, bottom = size[:, :5, 5:10].sum(axis=(1, 2)), size[:, 10:, 5:10].sum(axis=(1, 2))
    shares = [[float(text.rstrip("%")) / 100 for text in rows[f"gradient at: {at}"]] for at in ("top", "bottom")]
    assert np.allclose(shares, np.array([top, bottom]) / size.sum(axis=(1, 2)), atol=6e-3)


@pytest.mark.parametrize("cell", ["lstm", "rnn_relu"])
def test_a_network_that_has_diverged_says_no_more(cell):
    trained = run(**{keys.SHAPE_CELL: cell})
    for weight in (np.nan, 1e30):
        trained.entries[0].trainer.model.parameters[:] = weight
        seen = trained.view(complete=True)
        if cell == "rnn_relu" or np.isnan(weight):
            assert seen.finding.words == ("⏎",) and seen.finding.shares.exact == 0
        assert guide(seen, str) and table(seen, str) and quality_table(seen, str)


def test_a_caption_that_goes_on_where_the_right_one_has_ended_is_wrong_there():
    trained = run(SampleChoice("typed", typed=RING))
    task, model = trained.task, trained.entries[0].trainer.model
    model.load_state_dict(model.state_dict() | {"bias_o": np.eye(task.output_size)[0] * 50})
    shown = trained.view().diagram
    assert len(shown.outputs) == task.sequence_length == 12 and set(shown.outputs[1:]) == {"a"}
    assert shown.wanted[1:] == (*["a", "small", "red", "ring", "above", "a", "large", "blue", "square", "⏎"], "")
    assert shown.right == (True, True, *[False] * 4, True, *[False] * 5)  # nothing at step 0, a, ..., a
    x, wanted = trained.task.batch(trained.view().finding.ink.reshape(1, PIXELS), np.zeros((11, 1), int)).x, None
    ids = np.array([task.words.index(word) for word in shown.wanted[1:11]])
    targets, mask = np.zeros((12, 1), np.int32), np.zeros((12, 1), np.float32)
    targets[1:11, 0], mask[1:11] = ids, 1
    wanted = model.backward(x, targets, mask=mask).d_hidden[0, 1:, 0]
    assert shown.gradient == pytest.approx(np.linalg.norm(wanted, axis=1), rel=1e-4)


def test_the_picture_is_painted_in_its_colours_and_outlined():
    ink = run(SampleChoice("typed", typed=RING)).view().finding.ink
    amounts = paint(ink)
    assert [bool((amount > 0.5).any()) for amount in np.moveaxis(amounts, -1, 0)] == [True, False, True, False]
    assert np.allclose(amounts @ INK, ink, atol=1e-6) and not amounts[:5, :, 2].any() and not amounts[10:, :, 0].any()
    mask = np.zeros((SIDE, SIDE), bool)
    mask[2:4, 5:8] = True
    edges = outline(mask)
    corners = edges[~np.isnan(edges[:, 0])]
    assert corners.min(axis=0).tolist() == [5, 2] and corners.max(axis=0).tolist() == [8, 4]
    assert len(edges) == 3 * (2 * 2 + 2 * 3)


def test_a_drawing_keeps_all_its_colours_also_three_in_one_place():
    strokes = "rfAAJAJJAJ.gfMAVAVJMJ.yfAMJMJVAV.bfMMVMVVMV"
    found = run(SampleChoice(DRAWN, typed=strokes)).view().finding
    layers = {trace["name"]: trace["z"] for trace in looks(found, COLOURS, theme=LIGHT)["data"][:4]}
    for (y, x), name in {(3, 3): "red", (3, 6): "green", (6, 3): "yellow", (6, 6): "blue"}.items():
        assert layers[f"picture: {name}"][y, x] == 1


def test_where_two_objects_touch_a_pixel_has_the_colour_of_both_inks():
    """It had one of the two colours alone: a large circle reaches over the edge of its place."""
    objects, places = np.array([[[1, 1, 0], [1, 3, 1]]]), np.array([[4, 5]])  # a green circle, a yellow square
    ink = pictures(objects, centres(places, np.array([[[1.0, 0], [-1.0, 0]]])))[0].reshape(SIDE, SIDE, 3)
    amounts = paint(ink)
    mixed = (amounts[..., 1] > 0) & (amounts[..., 3] > 0)
    assert mixed.sum() == 3 and not amounts[..., [0, 2]].any()
    assert np.allclose(np.minimum(amounts @ INK, 1), ink, atol=1e-5)
    heat = mixture(ink, amounts)
    assert np.array_equal(~np.isnan(heat["z"]), mixed)
    for y, x in np.argwhere(mixed):
        at = float(heat["z"][y, x]) / heat["zmax"]
        before = [colour for place, colour in heat["colorscale"] if place < at][-1]
        behind = next(colour for place, colour in heat["colorscale"] if place > at)
        assert before == behind == rgb(ink[y, x]) and rgb(ink[y, x]) not in (rgb(INK[1]), rgb(INK[3]))
    assert np.isnan(mixture(np.zeros((SIDE, SIDE, 3)), np.zeros((SIDE, SIDE, 4)))["z"]).all()


@pytest.fixture
def open_page():
    """A function that opens the page with a query."""
    with visits("shapes") as open_one:
        yield open_one


def test_an_own_picture_is_composed_and_lies_in_the_address(open_page):
    app = open_page(shape="many_to_one", say_many_to_one="not good", width="6", words="en")
    until(lambda: (view := session_of(app).snapshot.view) and view.sample_choice.typed)
    app.button_group(key=keys.SHAPE).set_value("captions").run()  # while a sentence is chosen

    def seen(**wanted):
        def there():
            session_of(app).seen()
            view = session_of(app).snapshot.view
            return (
                view is not None
                and view.setup.shape == "captions"
                and all(getattr(view, name) == value for name, value in wanted.items())
                and view
            )

        return until(there)

    app.number_input(key=keys.SHAPE_EXAMPLE).set_value(3).run()
    seen(sample_choice=SampleChoice("held_out", 3))
    app.button_group(key=keys.SHAPE_PICTURE).set_value("own").run()
    seen(sample_choice=SampleChoice("typed", typed=RING))
    first, second = keys.SHAPE_OBJECTS
    app.selectbox(key=second["colour"]).select(3).run()
    app.selectbox(key=first["place"]).select(8).run()
    own = SampleChoice("typed", typed="0,0,3,8,1,3,1,7")
    assert "right of a large yellow square" in seen(sample_choice=own).finding.answers[0]
    linked = open_page(**dict(app.query_params.items()))
    until(lambda: (view := session_of(linked).snapshot.view) is not None and view.sample_choice == own)
    frame = picture(app, open="finding_guide,finding_table")
    assert frame["summary"].startswith("It says “") and frame["parts"]["finding_table"] and frame["graded"]
    app.selectbox(key=first["place"]).select(3).run()
    assert "In all training pictures" in "".join(text.value for text in app.caption)
    app.selectbox(key=first["place"]).select(7).run()
    assert "two places" in app.warning[0].value
    seen(sample_choice=SampleChoice("held_out", 3))
    app.button_group(key=keys.SHAPE_PICTURE).set_value("drawn").run()
    seen(sample_choice=SampleChoice(DRAWN, typed=FIRST))
    assert picture(app)["said"].startswith("It says")
    app.button_group(key=keys.SHAPE_PICTURE).set_value("own").run()
    seen(sample_choice=SampleChoice("held_out", 3))
    assert picture(app)["said"] == ""
    app.button_group(key=keys.SHAPE_WORDS).set_value("zh_CN").run()
    view = until(lambda: (v := session_of(app).snapshot.view) and v.setup.task == "captions_zh" and v)
    assert set("".join(view.finding.answers)) & set("有一个")


@pytest.mark.parametrize(("asked", "there"), [("gl0055", "gl0055"), ("", ""), ("gl005", FIRST), ("<b>", FIRST)])
def test_a_drawing_lies_in_the_address(open_page, asked, there):
    app = open_page(shape="captions", picture="drawn", drawing=asked, width="6")
    until(lambda: (view := session_of(app).snapshot.view) and view.sample_choice == SampleChoice(DRAWN, typed=there))
    assert app.query_params.get("drawing") == (there if there != FIRST else None)
    assert any(f"drawing={asked}" in each.value for each in app.text) == (asked != there)


def test_captions_have_their_end_mark_in_the_diagram():
    trained = run(SampleChoice("held_out", 1))
    diagram, task = trained.view().diagram, trained.task
    assert diagram.inputs[:2] == ("▦", "▶") and diagram.inputs[2:] == diagram.outputs[1:-1]
    assert diagram.outputs[0] == diagram.wanted[0] == ""
    wanted = [task.words.index(word) for word in diagram.wanted[1:] if word]
    scene = scenes_of(task.held_out().targets[1:, [1]], task.side)[0]
    both = [
        captions(task.side)[each][: len(wanted)].tolist() for each in (scene, int(trained._analyzer._turned(scene)))
    ]
    assert wanted in both
