"""Links and settings that cannot be: the nearest network trains, and the address says what trains."""

import pytest
from visits import visits

from rnn_core import ConfigError
from rnn_core.tasks import TextTask
from rnn_core.tasks.texts import STREAMS
from ui.network.nearest import Batching, nearest
from ui.network.presets import PRESETS
from ui.settings import keys
from ui.training.run import new_trainer

TEXTS = {"river": "a river runs by the old mill. " * 20, "short": "abcdef", "chinese": "一条河流过旧磨坊。" * 9}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("rare", [1, 2, 20])
@pytest.mark.parametrize("stateful", [False, True])
def test_the_nearest_reading_is_the_longest_that_the_core_takes(text, words, rare, stateful):
    for steps, sequences in ((2, 1), (30, 13), (100, 64)):
        found = nearest(TEXTS[text], words, Batching(steps, sequences, stateful), rare)
        if found is None:
            assert not can_train(text, words, rare, Batching(2, 1))
            continue
        assert can_train(text, words, rare, found)
        assert found.steps == steps or not can_train(text, words, rare, Batching(found.steps + 1, 1))
        more = found._replace(sequences=found.sequences + 1)
        assert found.sequences == sequences or not can_train(text, words, rare, more)


def can_train(text, words, rare, batching):
    try:
        task = TextTask(
            text=TEXTS[text],
            sequence_length=batching.steps,
            batch_size=batching.sequences,
            max_words=1000 if words else 0,
            min_count=rare,
        )
        task.make_block(0, 0, batching.stateful)
    except ConfigError:
        return False
    return True


@pytest.fixture
def visit():
    with visits("lab") as open_page:
        yield open_page


def wanted(app):
    setup, training = app.session_state[keys.SESSION]._wanted
    return setup, dict(setup.task_options), training


def test_an_impossible_link_opens_the_nearest_network_and_says_so(visit):
    app = visit(data="own", text="a river runs by the old mill", text_sequence_length="100", hidden_size="500")
    setup, options, _training = wanted(app)
    assert options["sequence_length"] == 13 and setup.hidden_size == 128
    assert app.query_params["text_sequence_length"] == "13" and app.query_params["hidden_size"] == "128"
    assert remarks(app) == "hidden_size=500 → 128, text_sequence_length=100 → 13"
    app.run()
    assert remarks(app)
    app.slider(key=keys.HIDDEN_SIZE).set_value(5).run()
    assert not remarks(app)
    assert wanted(app)[1]["sequence_length"] == 13


def remarks(app):
    return ", ".join(element.value.partition(": ")[2] for element in app.text)


def test_words_and_a_carried_state_that_do_not_fit(visit):
    app = visit(by="words", text_sequence_length="30", batch_size="13", stateful="true")
    _setup, options, training = wanted(app)
    assert options["batch_size"] == 12 and options["sequence_length"] == 30 and training.stateful
    assert remarks(app) == "batch_size=13 → 12"


def test_what_is_not_understood_is_said(visit):
    app = visit(cell="mamba", colour="<b>red</b>", learning_rate="0.025", lang="xx")
    assert remarks(app) == "cell=mamba → rnn_tanh, colour=<b>red</b>, learning_rate=0.025 → 0.03, lang=xx → en"
    assert app.text[0].value.startswith("Not everything in the address could be followed.")
    assert "colour" not in app.query_params
    [text] = visit(colour="red").text
    assert text.value == "Not everything in the address could be followed: colour=red"


@pytest.mark.parametrize("spelling", ["zh", "zh-CN", "ZH_cn"])
def test_a_language_is_understood_in_any_usual_spelling(visit, spelling):
    app = visit(lang=spelling)
    assert not app.text
    assert app.selectbox(key=keys.CELL).label == "循环单元"


def test_a_page_that_does_not_exist_is_said(visit):
    app = visit(no_page="<b>lstms</b>")
    assert [text.value for text in app.text] == ["There is no page named “<b>lstms</b>”. The Lab is shown."]
    assert "no_page" not in app.query_params


def test_what_is_understood_is_not_remarked_on(visit):
    app = visit(lang="zh_CN", hide="cell", embed="true", cell="gru", forget_bias="1.50", gates_gru="z,r", seed="3")
    assert not app.text and not app.info


def test_a_refused_setting_is_not_in_the_address(visit):
    app = visit(data="own", text="a river runs by the old mill")
    app.slider(key=keys.HIDDEN_SIZE).set_value(9).run()
    before = dict(app.query_params)
    app.slider(key="text_sequence_length").set_value(90).run()
    app.slider(key=keys.HIDDEN_SIZE).set_value(11).run()
    assert dict(app.query_params) == before
    app.slider(key="text_sequence_length").set_value(12).run()
    assert app.query_params["text_sequence_length"] == "12" and app.query_params["hidden_size"] == "11"


def test_a_text_of_one_symbol_in_a_link_leaves_the_text_out(visit):
    app = visit(data="own", text="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
    assert wanted(app)[1]["text"].startswith("The") or len(set(wanted(app)[1]["text"])) > 10
    assert "text=aaaaa" in remarks(app)


def test_what_is_not_understood_is_what_the_experiment_or_the_language_has(visit):
    app = visit(preset="forgets", hidden_size="many")
    assert (
        wanted(app)[0].hidden_size == PRESETS["forgets"].values["hidden_size"]
        and app.query_params["preset"] == "forgets"
    )
    for text in ("?", ""):
        app = visit(data=text, stateful="true", batch_size="20", text_sequence_length="60")
        assert remarks(app) == f"data={text} → river_en, batch_size=20 → 19"
    assert wanted(app)[1]["batch_size"] == 19


def test_a_window_that_a_network_read_at_both_ends_cannot_have(visit):
    app = visit(data="order", bidirectional="true", truncation="windowed")
    _setup, _options, training = wanted(app)
    assert training.truncation == "chunked" and remarks(app) == "truncation=windowed → chunked"
    app = visit(data="flipflop", bidirectional="true", truncation="windowed")  # it is read at every step
    assert wanted(app)[2].truncation == "windowed" and not app.text


def test_a_refused_window_is_not_in_the_address(visit):
    app = visit(data="order", truncation="windowed")
    before = dict(app.query_params)
    app.session_state[keys.MORE_NETWORK] = True
    app.run()
    app.checkbox(key=keys.BIDIRECTIONAL).set_value(True).run()
    assert dict(app.query_params) == before


@pytest.mark.parametrize("data", STREAMS)
def test_a_stream_of_symbols_is_read_symbol_by_symbol_whatever_the_link_says(visit, data):
    app = visit(data=data, by="words")
    setup, options, training = wanted(app)
    assert options["max_words"] == 0 and new_trainer(setup, training).model.config.input_size < 20
    app.session_state[keys.MORE_TEXT] = True
    app.run()
    assert keys.BY not in {group.key for group in app.button_group} and "by" not in app.query_params
    app.selectbox(key=keys.DATA).select("river_en").run()
    assert wanted(app)[1]["max_words"] > 0  # what was asked for, where there are words
