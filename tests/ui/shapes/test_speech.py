"""The shape “speech”: sounds as files, what the network hears in them, and the page without a browser."""

import io
import wave

import numpy as np
import pytest
from visits import picture, session_of, until, visits

from rnn_core.ctc import best_path
from rnn_core.tasks.speech import SpeechTask
from rnn_core.tasks.speech.features import RATE, log_mel
from ui.charts.race import race
from ui.settings import keys
from ui.shapes.controls import arranged, typed_key
from ui.shapes.figures import diagram
from ui.shapes.figures_speech import spikes
from ui.shapes.guides import diagram_guide, diagram_table, measured
from ui.shapes.sounds import FULL, LONGEST, RECORDED, RecordingError, recording, sound_of, wav
from ui.shapes.speech import Hearing, guide, right_steps, table
from ui.shapes.training import ShapesRun, best_constant
from ui.theme import DARK, LIGHT
from ui.training.snapshot import SampleChoice

TASK = SpeechTask(utterances=16)


def file_of(samples, rate=RATE, channels=1, width=2) -> bytes:
    """A WAV file of samples from -1 to 1, the same in every channel."""
    numbers = np.round(np.repeat(samples, channels) * (2 ** (8 * width - 1) - 1)).astype("<i4")
    if width == 1:
        numbers += 128  # without a sign
    parts = numbers.view(np.uint8).reshape(-1, 4)[:, :width]
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((channels, width, rate, 0, "NONE", ""))
        writer.writeframes(parts.tobytes())
    return file.getvalue()


def tone(seconds, rate=RATE) -> np.ndarray:
    return 0.1 * np.sin(2 * np.pi * 500 * np.arange(round(seconds * rate)) / rate)


# sounds


def test_a_wave_is_a_file_that_any_player_opens():
    samples = TASK.utterance(0, "held_out").wave
    with wave.open(io.BytesIO(wav(samples))) as reader:
        assert (reader.getnchannels(), reader.getsampwidth(), reader.getframerate()) == (1, 2, RATE)
        played = np.frombuffer(reader.readframes(10**6), "<i2") / FULL
    assert played == pytest.approx(0.9 * samples / np.abs(samples).max(), abs=1e-4)


@pytest.mark.parametrize(
    ("rate", "channels", "width"), [(8000, 1, 2), (48_000, 2, 2), (44_100, 1, 4), (8000, 2, 1), (96_000, 1, 3)]
)
def test_of_a_recording_what_is_loud_is_heard(rate, channels, width):
    silence = np.zeros(rate)
    heard, longer = recording(file_of(np.concatenate([silence, tone(0.5, rate), silence]), rate, channels, width))
    samples = np.frombuffer(heard, "<i2") / FULL
    assert len(samples) / RATE == pytest.approx(0.7, abs=0.05) and not longer
    assert np.abs(samples).max() == pytest.approx(0.9, abs=1e-3)
    loudest = np.abs(np.fft.rfft(samples)).argmax() * RATE / len(samples)
    assert loudest == pytest.approx(500, abs=3)


def test_a_long_recording_is_heard_in_part_and_that_is_said():
    heard, longer = recording(file_of(tone(LONGEST + 1)))
    assert len(heard) == 2 * LONGEST * RATE and longer


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF no sound at all",
        file_of(np.zeros(RATE)),
        file_of(tone(0.005)),
        file_of(tone(1.0))[:40],
        file_of(tone(1.0)).replace(b"\x10\x00data", b"\x28\x00data"),
        file_of(tone(1.0)).replace(RATE.to_bytes(4, "little"), bytes(4)),
        file_of(tone(1.0)).replace(b"data", b"LIST\xff\xff\xff\xff"),
    ],
    ids=["nothing", "no file", "silence", "too short", "cut off", "odd bits", "no rate", "a part beyond the end"],
)  # fmt: skip
def test_what_is_no_recording_is_refused(data):
    with pytest.raises(RecordingError):
        recording(data)


def test_the_sound_of_a_choice():
    said, path = sound_of(TASK, SampleChoice("held_out", 64 + 3))  # the examples start over, as the sequences do
    assert np.array_equal(said, TASK.utterance(3, "held_out").wave) and path is not None
    heard, longer = recording(file_of(tone(0.5)))
    samples, path = sound_of(TASK, SampleChoice(RECORDED, recording=heard))
    assert path is None and len(samples) == len(heard) / 2 and not longer


# what is shown


def run(sample_choice=None, **values) -> ShapesRun:
    """The network as the settings make it, on few utterances."""
    setup, training = arranged("speech", {keys.SHAPE_UNITS: 6} | values, "en")
    return ShapesRun(1, setup, training, sample_choice or SampleChoice("held_out", 2))


@pytest.mark.parametrize("labels", ["ctc", "frames"])
def test_what_is_shown_is_what_the_network_hears(labels):
    trained = run(**{keys.SHAPE_LABELS: labels, keys.SHAPE_SPEAKERS: 4})
    trained.train(20)
    seen, model, task = trained.view(), trained.entries[0].trainer.model, trained.task
    assert (task.loss, task.speakers) == ({"ctc": "ctc", "frames": "cross_entropy"}[labels], 4)
    assert model.config.bidirectional and measured(seen, str).startswith("vowels right")
    said = TASK.utterance(2, "held_out")
    trace = model.backward(log_mel(said.wave)[:, None], said.path[:, None])
    found, shown = seen.finding, seen.diagram
    assert np.array_equal(found.probs, trace.probs[:, 0]) and np.array_equal(shown.frames, trace.x[:, 0])
    assert found.heard == "".join(task.symbols[label] for label in best_path(trace.logits[:, 0]))
    assert shown.gradient == pytest.approx(np.linalg.norm(trace.d_hidden[:, 1:, 0], axis=(0, 2)), rel=1e-5)
    assert [text or "–" for text in shown.wanted] == [task.symbols[symbol] for symbol in said.path]
    assert "".join(task.symbols[vowel] for _begin, _end, vowel in found.sounding) == found.said
    assert table(seen, str)["blank"] == pytest.approx(found.probs[:, 0], abs=1e-3)
    right = task.accuracy(model.forward(task.held_out().x).logits, task.held_out())
    assert seen.competitors[0].accuracy[-1][1] in (0, pytest.approx(right))
    assert ("not from when" in " ".join(guide(seen, str))) == (labels == "ctc")


def test_the_best_constant_answer_is_the_best():
    batch, found = TASK.held_out(), best_constant(TASK)
    for answer in ((1,), (3,), (1, 3), (5, 1)):
        outputs = np.zeros((*batch.targets.shape, 6))
        outputs[..., 0] = 1
        outputs[2 * np.arange(len(answer)), :, np.array(answer)] = 2
        assert TASK.accuracy(outputs, batch) <= found + 1e-9
    assert 0.1 < found < 0.4


HEARD = Hearing(
    ("–", "a", "e"), np.array([[0.9, 0.1, 0], [0.1, 0.8, 0.1], [0.2, 0.8, 0], [0.9, 0, 0.1], [0.3, 0.1, 0.6]]),
    "ae", (("ae", 0.6), ("a", 0.1)), "ae", ((0, 3, 1), (4, 5, 2)), False, True,
)  # fmt: skip


def test_a_spike_is_right_by_its_place_in_the_order_and_a_label_by_its_frame():
    path = np.array([0, 1, 1, 0, 2, 2, 0])
    assert right_steps(np.array([0, 1, 0, 0, 0, 0, 2]), path) == (0, 1, 0, 0, 0, 0, 1)  # a frame late, and right
    assert right_steps(np.array([3, 3, 1, 0, 1, 0, 0]), path) == (0, 0, 1, 0, 0, 0, 0)
    for labels in ("ctc", "frames"):
        seen = run(SampleChoice("typed", typed="aea"), **{keys.SHAPE_LABELS: labels}).view()
        shown, told = seen.diagram, " ".join(diagram_guide(seen, str))
        names, symbols = (shown.outputs, shown.wanted), np.array(seen.finding.symbols)
        guess, said = ([max(0, list(symbols).index(text or "–")) for text in each] for each in names)
        by_frame = tuple(a == b for a, b in zip(guess, said, strict=True))
        assert shown.ordered == (labels == "ctc")
        assert shown.right == (right_steps(np.array(guess), np.array(said)) if shown.ordered else by_frame)
        assert ("order alone counts" in told, "green is right" in told) == (shown.ordered, not shown.ordered)
        assert "A spectrum enters at each of the 64 steps" in told and "something enters" not in told
        rows = diagram_table(seen, str)
        assert ("vowel that sounds" in rows) == shown.ordered and "input" not in rows
        assert rows["input: mean energy (dB)"] == pytest.approx(10 * (shown.frames.mean(axis=1) - 1.5), abs=0.06)
        guesses = next(trace for trace in diagram(shown, theme=LIGHT)["data"] if trace["mode"] == "text")
        right = [shown.right[int(t)] for t in guesses["x"]]
        assert list(guesses["textfont"]["color"]) == [LIGHT.right if one else LIGHT.wrong for one in right]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_spikes_bands_and_the_blank(theme):
    figure = spikes(HEARD, theme=theme)
    a, e, blank, letters = figure["data"]
    assert a["y"].tolist() == [0.1, 0.8, 0.8, 0, 0.1] and e["y"][-1] == 0.6
    assert blank["yaxis"] == "y2" and blank["y"].tolist() == [0.9, 0.1, 0.2, 0.9, 0.3]
    assert list(letters["text"]) == ["a", "e"] and letters["x"].tolist() == [1, 4]
    assert [(shape["x0"], shape["x1"]) for shape in figure["layout"]["shapes"]] == [(-0.5, 2.5), (3.5, 4.5)]
    assert HEARD.spikes == [2, 1]


def test_a_sound_takes_the_place_of_the_symbols_in_the_diagram():
    seen = run().view()
    heats = [trace for trace in diagram(seen.diagram, theme=LIGHT)["data"] if trace["type"] == "heatmap"]
    assert [heat["z"].shape for heat in heats] == [(6, 127), (6, 127), (20, 64)]
    assert heats[2]["z"] == pytest.approx(10 * (seen.diagram.frames.T - 1.5), abs=1e-4)
    loss = race(seen.competitors, ["LSTM"], chance=seen.chance, best=None, squared=False, clock="updates", measure="",
                theme=LIGHT, log=True)["layout"]["yaxis"]  # fmt: skip
    assert loss["type"] == "log"


@pytest.mark.parametrize(
    ("change", "right", "told"),
    [
        ({}, 0.95, "It hears “ae”, and that is what was said. Symbol error rate on unseen speakers: 5.0%;"),
        ({"heard": "e"}, 0.5, "It hears “e”; “ae” was said. Symbol error rate on unseen speakers: 50.0%;"),
        ({"heard": ""}, 0.0, "It hears nothing; “ae” was said. Symbol error rate on unseen speakers: 100% or more;"),
        (
            {"said": None, "recorded": True},
            0.9,
            "In your recording it hears “ae”. It has only ever heard the",
        ),
        ({"said": None, "heard": "", "recorded": True}, 0.9, "In your recording it hears nothing. It has only ever"),
    ],
)
def test_the_verdict_says_what_was_measured(change, right, told):
    class View:
        finding, guess = HEARD._replace(**change), 0.25
        competitors = (run().view().competitors[0]._replace(accuracy=((0, right),)),)

    verdict, beam = guide(View, str)[0], guide(View, str)[-1]
    assert (f"“{View.finding.heard}”. Prefix" in beam) == bool(View.finding.heard) != ("blanks: nothing. " in beam)
    assert verdict.startswith(told) and verdict.endswith("the best answer that is always the same: 75.0%.")


# the page


@pytest.fixture
def open_page():
    """A function that opens the page with a query."""
    with visits("shapes") as open_one:
        yield open_one


def test_a_voice_is_recorded_and_heard(open_page):
    app = open_page(shape="speech", width="6")
    seen = until(lambda: session_of(app).snapshot.view)
    assert seen.setup.task == "speech" and seen.setup.networks[0][:2] == ("lstm", 6)
    app.text_input(key=typed_key("speech")).set_value("a-e i").run()
    assert until(lambda: session_of(app).snapshot.view.finding.said == "aei")
    app.text_input(key=typed_key("speech")).set_value("xyz").run()
    until(lambda: session_of(app).snapshot.view.refused)
    assert "are needed" in picture(app)["notices"][0]["sentence"]
    app.audio_input(key=keys.SHAPE_RECORDING).set_value(("voice.wav", file_of(tone(1.0)), "audio/wav")).run()
    assert not app.exception
    seen = until(lambda: (v := session_of(app).snapshot.view).finding.recorded and v)
    assert seen.finding.said is None and not seen.refused and seen.diagram.gradient is None
    assert picture(app)["summary"].startswith("In your recording") and picture(app)["notices"] == []
    assert "recording" not in app.query_params and "voice" not in app.query_params
    assert [one.value for one in app.caption if "hear what is typed" in one.value]  # “xyz” still stands there
    heard = seen.sample_choice
    app.button_group(key=keys.SHAPE).set_value("captions").run()
    until(lambda: session_of(app).snapshot.view.setup.shape == "captions")
    app.button_group(key=keys.SHAPE).set_value("speech").run()  # the control has forgotten it, and the tab has not
    until(lambda: (v := session_of(app).snapshot.view).setup.shape == "speech" and v.sample_choice == heard)
    app.switch_page("pages/course.py").run()
    app.switch_page("pages/shapes.py").run()
    assert app.session_state[keys.SHAPE_VOICE] == heard.recording
    app.button(key=keys.SHAPE_FORGET).click().run()
    until(lambda: not session_of(app).snapshot.view.finding.recorded)
    assert not [one.value for one in app.caption if "hear what is typed" in one.value]
    assert keys.SHAPE_VOICE not in app.session_state and not app.audio_input(key=keys.SHAPE_RECORDING).value
    app.audio_input(key=keys.SHAPE_RECORDING).set_value(("voice.wav", file_of(tone(1.0)), "audio/wav")).run()
    assert app.session_state[keys.SHAPE_VOICE] == heard.recording
    app.audio_input(key=keys.SHAPE_RECORDING).set_value(("voice.wav", file_of(np.zeros(RATE)), "audio/wav")).run()
    assert "Nothing can be heard" in app.warning[0].value
    until(lambda: not session_of(app).snapshot.view.finding.recorded)


def test_its_settings_are_in_the_address(open_page):
    app = open_page(shape="speech", labels="frames", voices="4", say_speech="aeiou", width="6")
    seen = until(lambda: (v := session_of(app).snapshot.view) and v.finding.said == "aeiou" and v)
    assert seen.setup.task == "speech_frames" and dict(seen.setup.task_options) == {"speakers": 4}
