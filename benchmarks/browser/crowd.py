"""Light visitors in a process of their own: each speaks Streamlit's web socket and asks for pictures like ui/browser/live.js.

    python -m benchmarks.browser.crowd http://127.0.0.1:8501 TRAINING PAUSED

For each line on its standard input it writes one line of JSON, [updates, pictures, error] of each visitor, those who
train first. At the end of its input everybody leaves as a closed tab does.
"""

import http.client
import json
import re
import sys
import threading
import time
import zlib
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

ARRIVE_EVERY = 0.3  # seconds between two arrivals
PAUSE, LOSS_EVERY = 0.06, 0.5  # seconds, as in ui/browser/live.js
HEAD = 4000  # characters of a picture in which its facts stand


class Visitor:
    """One page; `plays`: whether its network goes on training."""

    def __init__(self, url: str, plays: bool):
        self._url, self._plays = urlsplit(url), plays
        self.updates = self.pictures = 0
        self.error = None
        self._key = None  # of the session
        self._arrived = threading.Event()  # the key
        self._buttons: dict[str, tuple[str, str]] = {}  # what is written on it -> (its id, id of its fragment)
        self._socket = None

    def stay(self) -> None:
        """All of the visit, until the process ends."""
        try:
            address = f"ws://{self._url.netloc}/_stcore/stream"
            self._socket = connect(address, subprotocols=["streamlit"], max_size=None)
            self._run_script()
            threading.Thread(target=self._listen, daemon=True).start()
            if not self._arrived.wait(60):
                raise TimeoutError("the script has shown no live element within a minute")
            self._watch()
        except Exception as error:  # told, and counted by the benchmark
            self.error = f"{type(error).__name__}: {error}"

    def _run_script(self, fragment: str = "", button: str = "") -> None:
        """All of it, or a fragment; a button may have been pressed."""
        message = BackMsg()
        message.rerun_script.query_string = "speed=off"
        message.rerun_script.fragment_id = fragment
        message.rerun_script.context_info.locale = "en-US"
        if button:
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = button, True
        self._socket.send(message.SerializeToString())

    def _listen(self) -> None:
        """Take what the script says from the socket."""
        for content in self._socket:
            message = ForwardMsg()
            message.ParseFromString(content)
            element = message.delta.new_element
            if element.WhichOneof("type") == "button":
                self._buttons[element.button.label] = (element.button.id, message.delta.fragment_id)
            elif element.WhichOneof("type") == "bidi_component":
                self._key = json.loads(element.bidi_component.json)["key"]
                self._arrived.set()

    def _watch(self) -> None:
        """Ask for pictures."""
        connection = http.client.HTTPConnection(self._url.hostname, self._url.port, timeout=60)
        token, page, samples, loss_at = "", None, None, float("-inf")
        while True:
            begin = time.monotonic()
            query = {"token": token, "reset": 0} | ({} if samples is None else {"samples": samples})
            if begin - loss_at < LOSS_EVERY:
                query["loss"] = 0
            else:
                loss_at = begin
            connection.request("GET", f"/live/{self._key}?{urlencode(query)}", headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"a picture was answered with status {answer.status}")
            compressed = answer.headers["content-encoding"] == "gzip"
            picture = (zlib.decompress(content, 31) if compressed else content).decode()
            facts = fact("token", picture), fact("page", picture), fact("status", picture), fact("update", picture)
            token, now_page, status, update = facts
            if update is not None:
                self.updates, self.pictures = int(update), self.pictures + 1
                samples = update
            if status == "running" and not self._plays and update is not None and "Pause" in self._buttons:
                button, fragment = self._buttons.pop("Pause")
                self._run_script(fragment, button)
            elif page is not None and now_page != page:  # the page asks its script for other buttons
                self._run_script(next(fragment for _button, fragment in self._buttons.values()))
            page = now_page
            time.sleep(max(0.0, PAUSE - (time.monotonic() - begin)))


def fact(name: str, picture: str) -> str | None:
    """A text or number near the beginning of a picture's JSON."""
    found = re.search(rf'"{name}": "?([^",}}]*)', picture[:HEAD])
    return found and found[1]


def main(url: str, training: str, paused: str) -> None:
    visitors = [Visitor(url, plays=n < int(training)) for n in range(int(training) + int(paused))]
    for visitor in visitors:
        threading.Thread(target=visitor.stay, daemon=True).start()
        time.sleep(ARRIVE_EVERY)
    for _line in sys.stdin:
        print(json.dumps([[visitor.updates, visitor.pictures, visitor.error] for visitor in visitors]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
