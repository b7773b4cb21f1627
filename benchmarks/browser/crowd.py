"""Light visitors in a process of their own: each speaks Streamlit's web socket and asks for pictures as lab.js does.

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
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

ARRIVE_EVERY = 0.3  # seconds between two arrivals
PAUSE, LOSS_EVERY = 0.06, 0.5  # seconds, as in ui/lab/static/lab.js
PATIENCE = 60  # seconds


class Visitor:
    """One page; `plays`: whether its network goes on training."""

    def __init__(self, url: str, plays: bool):
        self._url, self._plays = urlsplit(url), plays
        self.updates = self.pictures = 0
        self.error = None
        self._key = None  # of the session
        self._arrived = threading.Event()  # the key

    def stay(self) -> None:
        """All of the visit, until the process ends."""
        address = f"ws://{self._url.netloc}/_stcore/stream"
        try:
            with connect(address, subprotocols=["streamlit"], max_size=None) as socket:
                message = BackMsg()
                message.rerun_script.query_string = "speed=off"
                message.rerun_script.context_info.locale = "en-US"
                socket.send(message.SerializeToString())
                threading.Thread(target=self._listen, args=(socket,), daemon=True).start()
                if not self._arrived.wait(PATIENCE):
                    raise TimeoutError(f"the script has shown no live element within {PATIENCE} seconds")
                self._watch()
        except Exception as error:  # told, and counted by the benchmark
            self.error = f"{type(error).__name__}: {error}"

    def _listen(self, socket) -> None:
        """Take what the script says from the socket; the live element knows the key."""
        try:
            for content in socket:
                message = ForwardMsg()
                message.ParseFromString(content)
                element = message.delta.new_element
                if element.WhichOneof("type") == "bidi_component":
                    self._key = json.loads(element.bidi_component.json)["key"]
                    self._arrived.set()
        except ConnectionClosed as error:
            self.error = f"{type(error).__name__}: {error}"

    def _watch(self) -> None:
        """Ask for pictures; press Pause after the first, unless it plays."""
        connection = http.client.HTTPConnection(self._url.hostname, self._url.port, timeout=PATIENCE)
        query, loss_at, playing = {"token": "", "reset": 0}, float("-inf"), True
        while True:
            begin = time.monotonic()
            if shown := begin - loss_at >= LOSS_EVERY:
                loss_at = begin
            picture = self._ask(connection, query | ({} if shown else {"loss": 0}))
            query["token"], update = fact("token", picture), fact("update", picture)
            if update is not None:
                self.updates, self.pictures = int(update), self.pictures + 1
                if '"samples": [' in picture:
                    query["samples"] = update
                if playing and not self._plays:
                    playing = False
                    self._ask(connection, {}, "POST", "/pause")
            time.sleep(max(0.0, PAUSE - (time.monotonic() - begin)))

    def _ask(self, connection, query, method="GET", name="") -> str:
        """An answer's text."""
        address = f"/live/{self._key}{name}?{urlencode(query)}"
        connection.request(method, address, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 204):
            raise RuntimeError(f"{method} was answered with status {answer.status}")
        return (zlib.decompress(content, 31) if answer.headers["content-encoding"] == "gzip" else content).decode()


def fact(name: str, picture: str) -> str | None:
    """A text or number near the beginning of a picture's JSON."""
    found = re.search(rf'"{name}": "?([^",}}]*)', picture[:4000])
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
