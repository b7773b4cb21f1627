"""The page “Shapes”, without a browser: what a control does to the networks, and what the browser would be sent."""

from dataclasses import replace

import numpy as np
import pytest
from visits import picture, session_of, until, visits

from rnn_core.analysis.bleu import bleu
from rnn_core.analysis.scoring import log_softmax
from rnn_core.encoder_decoder.beam import beam_search
from rnn_core.tasks import TASKS, SentimentTask
from rnn_core.tasks.pairs import PAIRS
from ui.server.handlers import COMMANDS
from ui.settings import keys
from ui.shapes.bidirectional import networks as two_networks
from ui.shapes.controls import arranged, typed_key
from ui.shapes.decoding import quality_guide, quality_table, search_guide, search_table
from ui.shapes.deep import networks as deep_networks
from ui.shapes.guides import race_guide
from ui.shapes.records import ShapeSetup
from ui.shapes.registry import SHAPES
from ui.shapes.training import ShapesRun, best_constant, trainer_of
from ui.training.snapshot import SampleChoice, Training

PARTS = "diagram_guide,diagram_table,finding_guide,finding_table,race_guide,race_table"


@pytest.fixture
def open_page():
    """A function that opens the page with a query."""
    with visits("shapes") as open_one:
        yield open_one


def view(app, shape, updates=1, **wanted):
    """Wait until the networks of that shape have made some updates and what is wanted of the view is so; the view."""

    def there():
        session_of(app).seen()
        seen = session_of(app).snapshot.view
        return (
            seen is not None
            and seen.setup.shape == shape
            and seen.update >= updates
            and all(getattr(seen, name) == value for name, value in wanted.items())
            and seen
        )

    return until(there)


def run(shape, sample_choice=None, **values):
    """The networks of a shape as the settings make them, without a page."""
    setup, training = arranged(shape, values, "en")
    return ShapesRun(1, setup, training, sample_choice or SampleChoice("held_out"))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_trains_and_shows_what_enters_and_leaves(open_page, shape):
    app = open_page(shape=shape)
    seen = view(app, shape, updates=3)
    diagram, steps = seen.diagram, len(seen.diagram.inputs)
    read = diagram.inputs if diagram.frames is None else diagram.frames.any(axis=1)
    enters, leaves = (np.array([bool(one) for one in each]) for each in (read, diagram.outputs))
    assert len(diagram.outputs) == len(diagram.wanted) == steps and all(len(c.states) == steps for c in diagram.chains)
    expected = {
        "many_to_many": ([1] * steps, [1] * steps),
        "many_to_one": ([1] * steps, [0] * (steps - 1) + [1]),
        "one_to_many": ([1] + [0] * (steps - 1), [1] * steps),
        "encoder_decoder": ([1] * steps, [int(t >= (diagram.boundary or 0)) for t in range(steps)]),
        "bidirectional": ([1] * steps, [int(text == "_") for text in diagram.inputs]),
        "deep": ([1] * steps, [1] * steps),
        "speech": ([1] * steps, [int(text != "") for text in diagram.outputs]),  # or the blank
        "captions": ([1] * steps, [0] + [1] * (steps - 1)),
    }[shape]
    assert (enters.tolist(), leaves.tolist()) == tuple([bool(flag) for flag in flags] for flags in expected)
    shown = picture(app, open=PARTS)
    assert set(shown["figures"]) == {"diagram", "finding", "race"} and shown["notices"] == []
    assert len(shown["parts"]) == 6 and all(shown["parts"].values())
    assert len(shown["table"]["rows"]) == len(seen.competitors) == {"bidirectional": 2, "deep": 4}.get(shape, 1)
    assert "finding" in shown["titles"] and set(picture(app, loss=0)["figures"]) == {"diagram", "finding"}
    titles = [text.value for text in app.markdown]
    assert any(text.startswith("1. ") and "\n3. " in text for text in titles)  # the exercises


def test_every_control_reaches_the_networks(open_page):
    app = open_page(shape="encoder_decoder")
    app.selectbox(key=keys.SHAPE_CELL).select("gru").run()
    app.slider(key=keys.SHAPE_UNITS).set_value(9).run()
    app.slider(key=keys.SHAPE_LAYERS).set_value(2).run()
    app.select_slider(key=keys.SHAPE_RATE).set_value(0.03).run()
    app.number_input(key=keys.SHAPE_SEED).set_value(5).run()
    app.selectbox(key=keys.SHAPE_PAIRS).select("dates").run()
    app.button_group(key=keys.SHAPE_FORCING).set_value(0.5).run()
    app.button_group(key=keys.SHAPE_BEAM).set_value(2).run()
    app.number_input(key=keys.SHAPE_EXAMPLE).set_value(7).run()
    assert not app.exception
    wanted, training = arranged("encoder_decoder", {
        keys.SHAPE_CELL: "gru", keys.SHAPE_UNITS: 9, keys.SHAPE_LAYERS: 2, keys.SHAPE_RATE: 0.03,
        keys.SHAPE_SEED: 5, keys.SHAPE_PAIRS: "dates", keys.SHAPE_FORCING: 0.5}, "en")  # fmt: skip
    assert (wanted.task, wanted.forcing, wanted.seed, training.learning_rate) == ("dates", 0.5, 5, 0.03)
    seen = view(
        app, "encoder_decoder", setup=wanted, training=training, sample_choice=SampleChoice("held_out", 7, beam_width=2)
    )
    assert len(seen.finding.search.found) == seen.finding.search.width == 2
    assert len(seen.diagram.chains) == 2 and seen.competitors[0].network == ("gru", 9, 2, False, False)
    linked = open_page(**dict(app.query_params.items()))
    again = view(linked, "encoder_decoder", setup=wanted, training=training)
    count = min(len(seen.competitors[0].curve.loss), len(again.competitors[0].curve.loss))
    assert seen.competitors[0].curve.loss[:count].tolist() == again.competitors[0].curve.loss[:count].tolist()


def test_a_sentence_is_read_word_by_word(open_page):
    app = open_page(shape="many_to_one", words="en")
    view(app, "many_to_one", updates=600)
    app.text_input(key=typed_key("many_to_one")).set_value("The waiter was not good!").run()
    seen = view(app, "many_to_one", unread=("waiter",))
    assert seen.diagram.inputs == ("the", "was", "not", "good") and seen.finding.target is None
    assert seen.diagram.outputs == ("", "", "", "−") and seen.finding.good[-1] < 0.5
    notice = picture(app)["notices"][0]
    assert notice["kind"] == "info" and notice["detail"] == "waiter"
    app.text_input(key=typed_key("many_to_one")).set_value("the room was good").run()
    seen = view(app, "many_to_one", unread=())
    assert seen.diagram.outputs[-1] == "+" and seen.finding.words[-1] == "good"
    app.text_input(key=typed_key("many_to_one")).set_value("xyzzy").run()
    until(lambda: session_of(app).snapshot.view.refused)
    notice = picture(app)["notices"][0]
    assert notice["kind"] == "warning" and "needed" in notice["sentence"] and notice["detail"] == "xyzzy"


@pytest.mark.parametrize(("shape", "good", "bad"), [
    ("many_to_many", "the river", "€€"),
    ("encoder_decoder", "four hundred seven", "four seven eleventy"),
    ("bidirectional", "the keys _ lost now", "the keys are lost"),
    ("deep", "man eat cookie .", "hmm"),
    ("speech", "aei", "xyz"),
])  # fmt: skip
def test_what_is_typed_is_read_or_refused_in_words(shape, good, bad):
    trained = run(shape, SampleChoice("typed", typed=good), **{keys.SHAPE_UNITS: 8})
    trained.train(1)
    seen = trained.view()
    assert not seen.refused and (shape == "speech" or seen.diagram.inputs[0] in (good[0], good.split()[0]))
    trained.choose_sample(SampleChoice("typed", typed=bad))
    assert trained.view().refused
    trained.choose_sample(SampleChoice("typed", typed="<b>&" + good))
    assert trained.view().diagram.inputs  # whatever is typed, there is a picture


def test_the_chinese_page_judges_chinese_sentences(open_page):
    app = open_page(shape="many_to_one", lang="zh_CN")
    seen = view(app, "many_to_one", updates=400)
    assert seen.setup.task == "sentiment_zh" and app.title[0].value == "序列的输入输出结构"
    app.text_input(key=typed_key("many_to_one")).set_value("房间很脏，但老板很热情。").run()
    seen = view(app, "many_to_one", sample_choice=SampleChoice("typed", typed="房间很脏，但老板很热情。"))
    assert "".join(seen.diagram.inputs) == "房间很脏但老板很热情"
    assert picture(app)["titles"]["finding"] == "逐步形成的判断"


def test_buttons_pause_step_and_start_over(open_page):
    app = open_page(shape="one_to_many")
    session = session_of(app)
    view(app, "one_to_many", updates=5)
    COMMANDS["pause"](session)
    until(lambda: session.snapshot.status == "paused")
    update = session.snapshot.view.update
    COMMANDS["step"](session)
    until(lambda: session.snapshot.view.update == update + 1)
    COMMANDS["reset"](session)
    until(lambda: session.snapshot.view.run == 2 and session.snapshot.view.update == 0)
    app.session_state[keys.ACT] = "new_seed"
    app.run()
    assert app.number_input(key=keys.SHAPE_SEED).value == 1
    until(lambda: session.snapshot.view.setup.seed == 1)


def test_values_out_of_range_are_the_nearest_and_unknown_ones_the_defaults(open_page):
    app = open_page(shape="many_to_few", **{"with": "perceptron", "width": "9999", "pairs": "x", "forcing": "0.3"})
    seen = view(app, "many_to_one")
    assert seen.competitors[0].network[:2] == ("lstm", 96)


# what is measured


@pytest.mark.parametrize("cell", ["rnn_tanh", "gru", "lstm"])
def test_networks_that_are_compared_have_the_same_size(cell):
    for networks, task in ((two_networks(cell, 48), "agreement"), (deep_networks(cell, 48), "grammar")):
        setup = ShapeSetup("deep", task, networks)
        sizes = [trainer_of(setup, network, Training()).model.num_parameters for network in networks]
        assert max(sizes) / min(sizes) < 1.08, sizes


@pytest.mark.parametrize("name", ["sentiment", "agreement", "grammar", "strokes"])
def test_the_best_constant_answer(name):
    task = TASKS[name]()
    batch, found = task.held_out(), best_constant(task)
    if name == "strokes":
        assert 0 < found < 0.35
        return
    shares = []
    for answer in range(task.output_size):
        outputs = np.zeros((*batch.targets.shape, task.output_size))
        outputs[..., answer] = 1
        shares.append(task.accuracy(outputs, batch))
    assert found == pytest.approx(max(shares))


def test_the_finding_of_the_decoder_is_of_the_update_that_is_shown():
    trained = run("encoder_decoder", **{keys.SHAPE_PAIRS: "reverse"})
    trained.train(40)
    seen = trained.view(complete=True)
    pairs, network = PAIRS["reverse"]().held_out(), trained.entries[0].trainer.network
    said = network.translate(pairs.x, len(pairs.targets))
    assert seen.finding.free == pytest.approx(((said == pairs.targets)[pairs.mask > 0]).mean())
    assert (seen.finding.counts * seen.finding.exact).sum() / 256 == pytest.approx(trained.entries[0].trainer.exact())
    assert seen.finding.counts.sum() == 256


@pytest.mark.parametrize(("name", "typed", "read", "right"), [
    ("translation", "She drinks tea at home.", "she drinks tea at home", "她 在 家 喝 茶 ⏎"),
    ("translation_zh", "她在家喝茶。", "她 在 家 喝 茶", "she drinks tea at home ⏎"),
])  # fmt: skip
def test_a_translation_is_read_and_judged_word_by_word(name, typed, read, right):
    trained = run("encoder_decoder", SampleChoice("typed", typed=typed), **{keys.SHAPE_PAIRS: name})
    trained.train(1)
    seen = trained.view(complete=True)
    words, wanted = read.split(), [word for word in seen.diagram.wanted if word]
    assert not seen.refused and list(seen.diagram.inputs[: len(words)]) == words
    assert wanted == right.split()[: len(wanted)] and wanted
    assert seen.diagram.gradient.shape == (len(seen.diagram.inputs),)
    assert seen.finding.answer == trained.task.answer(typed)
    assert [trained.task.answer(text) for text, _right, _output in seen.finding.examples] == [
        right for _text, right, _output in seen.finding.examples]  # fmt: skip


def test_words_that_the_task_does_not_know_are_named(open_page):
    app = open_page(shape="encoder_decoder", pairs="translation", say_encoder_decoder="She drinks gin and whisky")
    view(app, "encoder_decoder", refused=True, unread=("gin", "and", "whisky"))
    [notice] = picture(app)["notices"]
    assert (
        notice["kind"] == "warning" and notice["detail"] == "gin and whisky" and "does not know" in notice["sentence"]
    )


@pytest.fixture(scope="module")
def translated():
    """A network with attention, and the one beside it, after two hundred sentences; a sentence is typed."""
    choice = SampleChoice("typed", typed="She drinks tea at home.", beam_width=4)
    trained = run("encoder_decoder", choice, **{keys.SHAPE_PAIRS: "translation", keys.SHAPE_SEEN: "all"})
    for _ in range(2):
        trained.train(100)
    return trained, trained.view(complete=True)


def test_the_alternatives_are_those_of_the_shown_network(translated):
    trained, seen = translated
    network, task, search = trained.entries[0].trainer.network, trained.task, seen.finding.search
    x = task.encode("she drinks tea at home")
    [found] = beam_search(network, x, task.output_length, 4)
    assert [one for _text, one in search.found] == found and len(found) == 4
    assert [text for text, _one in search.found] == [task.decode(one.ids) for one in found]
    table = search_table(seen, str)
    assert table["ln p per symbol"] == sorted(table["ln p per symbol"], reverse=True)
    assert [mark == "✓" for mark in table["correct"]] == [text == "她在家喝茶" for text, _one in search.found]
    greedy = network.translate(x, task.output_length)[: len([text for text in seen.diagram.outputs if text])]
    log_probs = log_softmax(network.forward(x, network.shifted(greedy)).decoder.logits[:, 0])
    assert search.greedy == pytest.approx(log_probs[np.arange(len(greedy)), greedy[:, 0]].sum(), abs=1e-4)
    told = any("more probable as a whole" in sentence for sentence in search_guide(seen, str))
    assert told == (found[0].log_prob > search.greedy + 1e-6)
    higher = replace(seen, finding=seen.finding._replace(search=search._replace(greedy=found[0].log_prob - 1)))
    assert any("more probable as a whole" in sentence for sentence in search_guide(higher, str))


def test_an_output_that_ends_at_once_is_seen_in_the_tables(translated):
    """Its cell was empty."""
    _trained, seen = translated
    found = seen.finding
    one = found.search.found[0][1]._replace(ended=True)
    search = found.search._replace(found=(("", one), ("她", one._replace(ended=False))))
    examples = ("she sings", "她唱歌", ""), *found.examples[1:]
    view = replace(seen, finding=found._replace(search=search, examples=examples))
    assert search_table(view, str)["output"] == ["⏎", "她 …"] and search_table(view, str)["correct"] == ["✗", "✗"]
    rows = SHAPES["encoder_decoder"].table(view, str)
    assert (rows["output"][0], rows["correct"][0]) == ("⏎", "✗")


def test_the_quality_of_the_outputs_is_measured_anew(translated):
    trained, seen = translated
    task, pairs = trained.task, trained.task.held_out()
    networks = [entry.trainer.network for entry in trained.entries]
    right = [task.letters_of(task.decode(column)) for column in pairs.targets.T]
    best = beam_search(networks[0], pairs.x, task.output_length, 4)
    outputs = {
        "greedy": [task.letters_of(task.decode(ids)) for ids in networks[0].translate(pairs.x, len(pairs.targets)).T],
        "beam": [task.letters_of(task.decode(found[0].ids)) for found in best],
        "plain": [task.letters_of(task.decode(ids)) for ids in networks[1].translate(pairs.x, len(pairs.targets)).T],
        "blind": right[-1:] + right[:-1],
    }
    rows = {row.way: row for row in seen.finding.qualities}
    assert list(rows) == list(outputs)
    for way, found in outputs.items():
        assert rows[way].bleu.score == pytest.approx(bleu(found, right).score)
        shares = [one == other for one, other in zip(found, right, strict=True)]
        assert rows[way].exact == np.mean(shares)
    assert rows["blind"].bleu.score < 0.2
    assert len(quality_table(seen, str)["BLEU (%)"]) == 4 and len(quality_guide(seen, str)) == 5


def test_the_verdict_of_the_whole_sentence_is_the_networks_own():
    trained = run("many_to_one", SampleChoice("typed", typed="the food was not bad"))
    trained.train(1)
    seen, model = trained.view(), trained.entries[0].trainer.model
    task = SentimentTask()
    x, _unread = task.read("the food was not bad")
    x = np.concatenate([np.full((task.sequence_length - len(x), 1), 2), x])
    assert seen.finding.good[-1] == pytest.approx(model.forward(x).probs[0, 0, 1], abs=1e-6)
    assert len(seen.finding.good) == 5 and seen.diagram.first == task.sequence_length - 5


@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_of_the_diagram_is_the_trained_networks_own(shape):
    trained = run(shape, SampleChoice("held_out", 1), **{keys.SHAPE_UNITS: 6, keys.SHAPE_PAIRS: "reverse"})
    trained.train(1)
    seen, trainer = trained.view(), trained.entries[trained.setup.shown].trainer
    gradient, task = seen.diagram.gradient, trained.task
    assert gradient.shape == (len(seen.diagram.inputs),) and (gradient[:-1] > 0).any()
    if shape in ("many_to_one", "bidirectional", "deep"):
        x, targets, mask = task.example(1, "held_out")
        norms = np.linalg.norm(trainer.model.backward(x, targets, mask=mask).d_hidden[:, 1:, 0], axis=(0, 2))
        kept = slice(seen.diagram.first, seen.diagram.first + len(gradient))
        assert np.allclose(gradient, norms[kept], rtol=1e-5)
    if shape == "encoder_decoder":  # what enters the encoder's last state is what leaves the decoder's first
        network, pairs = trainer.network, task.held_out()
        x, answer = pairs.x[:, 1:2], seen.finding.answer
        ids = network.translate(x, task.output_length)[: len(seen.diagram.inputs) - seen.diagram.boundary]
        wanted = [task.letters.index(letter) for letter in (*answer, "⏎")][: len(ids)]
        targets, mask = np.zeros_like(ids), np.zeros(ids.shape)
        targets[: len(wanted), 0], mask[: len(wanted)] = wanted, 1
        passes = network.backward(x, targets, mask, network.shifted(ids))
        at = seen.diagram.boundary - 1
        assert gradient[at] == pytest.approx(np.linalg.norm(passes.decoder.d_hidden[:, 0]), rel=1e-5)


def test_learning_by_heart_is_told():
    trained = run("many_to_many", **{keys.SHAPE_UNITS: 16})
    trained.train(1)
    seen = trained.view()
    competitor = seen.competitors[0]
    rising, falling = ((1, 2.0), (50, 1.0), (100, 3.0)), ((1, 3.0), (50, 2.0), (100, 1.0))
    low = competitor.curve._replace(loss=np.array([0.2]))
    told = {
        name: race_guide(replace(seen, competitors=(competitor._replace(held_out=points, curve=low),)), str)
        for name, points in (("rising", rising), ("falling", falling))
    }
    assert len(told["rising"]) == 3 and "from 1 to 3" in told["rising"][2] and len(told["falling"]) == 2


def test_with_attention_the_page_shows_what_each_output_read(open_page):
    """The weights are those of the network that is shown; one without attention is trained beside it."""
    app = open_page(shape="encoder_decoder", pairs="dates", seen="all", tempo="100", stacked="3")
    seen = view(app, "encoder_decoder", updates=3)
    attends, plain = seen.setup.networks
    assert attends.attention and not plain.attention and attends.num_layers == plain.num_layers == 1
    assert attends.hidden_size == plain.hidden_size
    found = seen.finding
    assert found.alignment.weights.shape == (len(found.alignment.written), len(found.alignment.read))
    assert np.allclose(found.alignment.weights.sum(axis=1), 1, atol=1e-5)
    assert found.plain.shape == found.exact.shape
    frame = picture(app, open="alignment_guide,alignment_table")
    assert frame["figures"]["alignment"]["data"][0]["type"] == "heatmap"
    assert len(frame["parts"]["alignment_guide"]) == 3 and frame["parts"]["alignment_table"]
    assert [row[0] for row in frame["table"]["rows"]] == ["LSTM, with attention", "LSTM, the last state alone"]


def test_without_attention_there_is_no_alignment():
    trained = run("encoder_decoder")
    assert trained.view().finding.alignment is None and len(trained.entries) == 1


@pytest.mark.parametrize(("counts", "few"), [([40, 3, 200, 11], "3, 5"), ([40, 12, 200, 12], None)])
def test_lengths_of_which_there_are_few_are_named(counts, few):
    seen = run("encoder_decoder", **{keys.SHAPE_PAIRS: "translation"}).view()
    found = seen.finding._replace(lengths=np.array([2, 3, 4, 5]), counts=np.array(counts))
    told = [
        sentence for sentence in SHAPES["encoder_decoder"].guide(replace(seen, finding=found), str) if "few" in sentence
    ]
    assert [sentence.endswith(f": {few}.") for sentence in told] == ([True] if few else [])


def test_the_weights_shown_are_those_of_the_shown_network():
    trained = run("encoder_decoder", **{keys.SHAPE_PAIRS: "reverse", keys.SHAPE_SEEN: "all"})
    trained.train(20)
    found, network, task = trained.view(complete=True).finding, trained.entries[0].trainer.network, trained.task
    x = task.held_out().x[:, :1]
    ids = network.translate(x, task.output_length)[: len(found.alignment.written)]
    first = int((x[:, 0] != 0).argmax())
    expected = network.forward(x, network.shifted(ids)).alignment[:, 0, first:]
    assert np.array_equal(found.alignment.weights, expected)
