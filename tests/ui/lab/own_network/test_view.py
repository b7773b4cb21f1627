"""A network from PyTorch or Keras in the Lab: opened, trained, taken back; and what happens to the one before."""

from dataclasses import replace

import numpy as np
import pytest
from answers import app as server
from answers import ask
from own_networks import SYMBOLS, TEXT, keras_file, pytorch_file, state_dict
from safetensors.numpy import load
from visits import PATIENCE, frame_of, session_of, until, view, visits

from rnn_core.keras import read_keras
from rnn_core.pytorch import read_pytorch
from ui.lab.verdict import verdict
from ui.settings import keys
from ui.training.snapshot import Setup


@pytest.fixture
def app():
    with visits("lab", parts=(keys.OWN_PART,)) as visit:
        yield visit()


def upload(app, data, name="mine.safetensors"):
    [uploader] = [one for one in app.file_uploader if one.key.startswith(keys.OWN_FILE)]
    uploader.set_value((name, data, "application/octet-stream")).run()
    assert not app.exception


def said(app) -> str:
    return "\n".join(one.value for one in (*app.text, *app.warning, *app.success, *app.info))


def opened(app, **options):
    """The session, with that network in the place of the first."""
    session = session_of(app)
    view(app)
    upload(app, pytorch_file(**options))
    app.text_area(key=keys.OWN_WORDS).set_value(TEXT)  # at once with the press, in one run of the script
    app.button(key=keys.OWN_OPEN).click().run()
    assert not app.exception and not app.warning, said(app)
    until(lambda: session.snapshot.view.setup.source is not None)
    return session


def numbers_of(session) -> dict:
    return session.ask(lambda run: run.trainer.model.state_dict()).result(PATIENCE)


def test_a_network_is_opened_trained_and_taken_back(app):
    session = opened(app, embedding=20)
    assert "nn.LSTM: lstm; layers: 1, units: 6" in said(app) and "is open" in said(app)
    snapshot = session.snapshot
    assert snapshot.status == "paused" and snapshot.view.update == 0 and snapshot.view.vocabulary == SYMBOLS
    assert app.selectbox(key=keys.CELL).value == "lstm" and app.slider(key=keys.HIDDEN_SIZE).value == 6
    assert app.selectbox(key=keys.DATA).value == "own"
    file = read_pytorch(pytorch_file(embedding=20))
    assert all(np.array_equal(value, numbers_of(session)[name].astype(value.dtype)) or value.dtype == np.float64
               for name, value in file.given.items())  # fmt: skip
    assert frame_of(session)["pytorch"]
    session.step(3)
    until(lambda: session.snapshot.view.update == 3)
    status, headers, body = ask(server(), f"/live/{session.key}/pytorch.safetensors")
    assert status == 200 and "network.safetensors" in headers["content-disposition"]
    saved = load(body)
    assert set(saved) == set(state_dict(embedding=20))
    again, trained = read_pytorch(body), numbers_of(session)
    assert all(np.allclose(again.given[name], value, atol=1e-6) for name, value in trained.items())
    assert not np.array_equal(saved["head.weight"], state_dict(embedding=20)["head.weight"])


def test_starting_over_and_bringing_back_give_the_files_numbers(app):
    session = opened(app)
    first = numbers_of(session)
    session.step(2)
    session.reset()
    until(lambda: session.snapshot.view.run == 3)
    session.pause()
    assert all(np.array_equal(value, first[name]) for name, value in read_pytorch(pytorch_file()).given.items())
    session.untrain()
    until(lambda: session.snapshot.view.run == 4 and session.snapshot.view.update == 0)
    assert all(np.array_equal(value, first[name]) for name, value in numbers_of(session).items())
    session.step(2)
    until(lambda: session.snapshot.view.update == 2)
    app.selectbox(key=keys.CELL).set_value("gru").run()  # another network, of the Lab's own
    until(lambda: session.snapshot.view.setup.source is None)
    assert ask(server(), f"/live/{session.key}/pytorch.safetensors")[0] == 404 and not frame_of(session)["pytorch"]
    app.session_state[keys.ACT] = "bring_back"
    app.run()
    app.run()
    until(lambda: session.snapshot.view.setup.source is not None)
    assert session.snapshot.view.update == 2 and app.selectbox(key=keys.CELL).value == "lstm"


def test_what_stands_for_other_symbols_is_said(app):
    view(app)
    upload(app, pytorch_file(inputs=15))
    app.text_area(key=keys.OWN_VOCABULARY).set_value('["<pad>", "<unk>", "' + '", "'.join(SYMBOLS) + '"]').run()
    app.text_area(key=keys.OWN_WORDS).set_value(TEXT).run()
    app.button(key=keys.OWN_OPEN).click().run()
    assert "<pad> → ␀, <unk> → �" in said(app)
    session = session_of(app)
    until(lambda: session.snapshot.view.setup.source is not None)
    assert session.snapshot.view.vocabulary == ("␀", "�", *SYMBOLS)
    app.selectbox(key=keys.CELL).set_value("gru").run()
    assert "is open" not in said(app)


@pytest.mark.parametrize("page", ["gradients", "memory", "language", "unroll"])
def test_the_other_pages_show_it(app, page):
    """With the Lab's own number of units: AppTest forgets sliders when the page changes, a browser does not."""
    session = opened(app, units=32)
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception and session.snapshot.view.setup.source is not None
    if page != "unroll":
        assert frame_of(session)["notices"] == []
        until(lambda: (seen := frame_of(session)).get("figures") or seen.get("window"))


def test_a_network_of_other_sizes_has_nothing_of_the_file():
    source = read_pytorch(pytorch_file())
    setup = Setup("recall", cell="lstm", hidden_size=6, source=source)
    assert setup.source is source and replace(setup, seed=3).source is source
    assert replace(setup, hidden_size=12).source is replace(setup, cell="gru").source is None


def test_the_address_is_not_said_to_hold_it(app):
    opened(app)
    app.session_state[keys.KEEP] = True
    app.run()
    assert any("does not hold this network" in one.value for one in app.markdown)


def test_the_verdict_before_the_first_update_is_of_the_file(app):
    session = opened(app)
    assert verdict(session.snapshot.view, str).startswith("As it is in your file")


def test_what_cannot_be_opened_is_refused_in_words_and_the_network_goes_on(app):
    session = session_of(app)
    update = view(app).update
    upload(app, b"\x80\x02" * 40, "mine.pt")
    assert "cannot be opened" in said(app) and "before PyTorch 1.6" in said(app)
    until(lambda: session.snapshot.view.update > update + 5)
    upload(app, pytorch_file())
    assert "cannot be opened" not in said(app)
    app.text_area(key=keys.OWN_WORDS).set_value("abc" * 40).run()
    app.button(key=keys.OWN_OPEN).click().run()
    assert "3 different characters, the network reads 13" in said(app)
    assert session.snapshot.view.run == 1 and session.snapshot.status == "running"
    upload(app, pytorch_file(inputs=77, outputs=3))
    assert "no task of the Lab has these sizes" in said(app)
    assert not [one for one in app.button if one.key == keys.OWN_OPEN]


def test_tanh_or_relu_is_asked_where_the_file_does_not_say_it(app):
    view(app)
    upload(app, pytorch_file(cell="rnn_tanh"))
    app.segmented_control(key=keys.OWN_RELU).set_value(True).run()
    app.text_area(key=keys.OWN_WORDS).set_value(TEXT).run()
    app.button(key=keys.OWN_OPEN).click().run()
    until(lambda: session_of(app).snapshot.view.setup.cell == "rnn_relu")


def test_a_network_of_keras_is_opened_trained_and_saved_for_pytorch(app):
    session = session_of(app)
    view(app)
    upload(app, keras_file(), "mine.keras")
    assert "keras.layers.LSTM: lstm; layers: 1, units: 6" in said(app)
    app.text_area(key=keys.OWN_WORDS).set_value(TEXT).run()
    app.button(key=keys.OWN_OPEN).click().run()
    until(lambda: session.snapshot.view.setup.source is not None)
    assert app.selectbox(key=keys.CELL).value == "lstm" and app.slider(key=keys.HIDDEN_SIZE).value == 6
    session.step(3)
    until(lambda: session.snapshot.view.update == 3)
    _status, _headers, body = ask(server(), f"/live/{session.key}/pytorch.safetensors")
    again, trained = read_pytorch(body), numbers_of(session)
    assert again.layers.embedding == "embedding.weight" and again.layers.linear == "linear.weight"
    assert all(np.allclose(again.given[name], value, atol=1e-6) for name, value in trained.items())
    assert not np.allclose(trained["weight_ho"], read_keras(keras_file()).given["weight_ho"], atol=1e-6)


def test_an_activation_that_a_file_of_keras_says_is_not_asked(app):
    view(app)
    upload(app, keras_file("rnn.keras"), "mine.keras")
    assert not [one for one in app.segmented_control if one.key == keys.OWN_RELU]
    app.text_area(key=keys.OWN_WORDS).set_value(TEXT).run()
    app.button(key=keys.OWN_OPEN).click().run()
    until(lambda: session_of(app).snapshot.view.setup.cell == "rnn_relu")


def test_a_file_of_keras_that_cannot_be_opened_is_refused_in_words(app):
    view(app)
    upload(app, keras_file("gru.weights.h5")[:9000], "mine.weights.h5")
    assert "damaged or cut off" in said(app)
    upload(app, keras_file("gru.weights.h5"), "mine.weights.h5")
    assert "keras.layers.GRU" in said(app) and "cannot be opened" not in said(app)
