"""The bound on uploads: what is held counts, and what arrives; and the largest network that the Lab can save fits."""

import asyncio
import io
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from visits import PATIENCE

from rnn_core.checkpoint import dump, read_checkpoint
from ui.lab.panels import CHECKPOINT_SIZE
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.network.text_files import MAX_BYTES
from ui.server import uploads
from ui.settings import keys
from ui.training.run import Run
from ui.training.snapshot import SampleChoice


class Server:
    """Streamlit as far as uploads go: holds what it is sent, until it is told to delete it."""

    def __init__(self):
        self.files = {}
        self.app = uploads.Uploads(
            self._hold, lambda: {s: {f: len(d) for f, d in h.items()} for s, h in self.files.items()}
        )

    async def _hold(self, scope, receive, send):
        session, file = uploads.ADDRESS.search(scope["path"]).groups()
        body, more = b"", scope["method"] == "PUT"
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        if scope["method"] == "PUT":
            self.files.setdefault(session, {})[file] = body
        else:
            self.files[session].pop(file, None)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def send(self, session, file, size=0, method="PUT", length=None, chunk=10):
        """The status of an upload of so many bytes, whatever length it gives."""
        sent, left = [], size

        async def receive():
            nonlocal left
            part = min(chunk, left)
            left -= part
            return {"type": "http.request", "body": bytes(part), "more_body": left > 0}

        async def send(message):
            sent.append(message)

        headers = [] if length is None else [(b"content-length", str(length).encode())]
        scope = {
            "type": "http",
            "method": method,
            "path": f"/rnn/_stcore/upload_file/{session}/{file}",
            "headers": headers,
        }
        with ThreadPoolExecutor(1) as thread:  # the browser tests leave an event loop in this one
            thread.submit(asyncio.run, self.app(scope, receive, send)).result(PATIENCE)
        return sent[0]["status"]


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(uploads, "OF_A_SESSION", 100)
    monkeypatch.setattr(uploads, "OF_ALL", 250)
    return Server()


@pytest.mark.parametrize("given", [True, False], ids=["length given", "chunked"])
def test_uploads_of_one_session_are_bounded_together(server, given):
    def put(session, file, size):
        return server.send(session, file, size, length=size if given else None)

    assert [put("a", "1", 60), put("a", "2", 60), put("b", "1", 60)] == [204, 413, 204]
    assert put("a", "1", 90) == 204  # in the place of the first
    assert server.send("a", "1", method="DELETE") == 204
    assert put("a", "2", 100) == 204
    assert put("c", "1", 90) == 204
    assert put("d", "1", 90) == 413  # of all together


def test_what_was_sent_and_is_no_longer_held_does_not_count(server):
    for _time in range(20):
        assert server.send("a", "1", 90, length=90) == 204
        server.files["a"].clear()  # as the page's script does when it has read it


def test_a_length_that_is_too_small_does_not_help(server):
    assert server.send("a", "1", 150, length=10) == 413
    assert server.send("a", "1", 15, length="many") == 413
    assert server.files == {} and server.app._arriving == {}


def test_no_part_of_a_file_is_written_to_disk(monkeypatch):
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *_given, **_named: pytest.fail("a file was made"))
    uploads.keep_off_disk()
    content = bytes(3 * 2**20)

    async def pieces():
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
        yield content
        yield b"\r\n--x--\r\n"

    async def sizes():
        headers = Headers({"content-type": "multipart/form-data; boundary=x"})
        form = await MultiPartParser(headers, pieces()).parse()
        found = [len(await file.read()) for file in form.values()]
        await form.close()
        return found

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, sizes()).result(PATIENCE) == [len(content)]


@pytest.mark.slow
def test_the_largest_network_that_the_lab_can_save_can_be_loaded():
    letters = np.random.default_rng(0).integers(ord("a"), ord("z") + 1, size=(MAX_BYTES // 7, 7), dtype=np.uint8)
    letters[:, -1] = ord(" ")
    text = letters.tobytes().decode().rstrip()
    largest = {
        keys.DATA: "own", keys.BY: "words", keys.VOCABULARY: max(SETTINGS[keys.VOCABULARY].choices), keys.RARE_WORDS: 1,
        keys.CELL: "lstm", keys.HIDDEN_SIZE: SETTINGS[keys.HIDDEN_SIZE].high, keys.LAYERS: SETTINGS[keys.LAYERS].high,
        keys.BIDIRECTIONAL: True, keys.OPTIMIZER: "adam", keys.BATCH_SIZE: 1,
    }  # fmt: skip
    values = {name: setting.default for name, setting in SETTINGS.items()} | largest
    run = Run(0, *lab_setup(values, text), SampleChoice())
    data = dump(run.trainer)
    assert run.trainer.model.config.input_size == max(SETTINGS[keys.VOCABULARY].choices)
    config = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text())
    longest_text = 3 * MAX_BYTES  # UTF-8, of Chinese that was pasted
    assert len(data) - len(text) + longest_text < CHECKPOINT_SIZE << 20 < uploads.OF_A_SESSION
    assert config["server"]["maxUploadSize"] == CHECKPOINT_SIZE
    assert read_checkpoint(io.BytesIO(data)).task.text == text
