"""Light visitors in a process of their own: each speaks Streamlit's web socket and asks for pictures as lab.js does.

    python -m benchmarks.browser.crowd http://127.0.0.1:8501 TRAINING PAUSED

For each line on its standard input it writes one line of JSON, [updates, pictures, error, seconds, bytes] of each
visitor, those who train first; the seconds are the longest that one who has lost the connection was without a picture.
A fourth argument lets them come back then. At the end of its input everybody leaves as a closed tab does.
"""

import http.client
import json
import re
import ssl
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
AGAIN = 0.5  # seconds until it tries again


class Visitor:
    """One page; `plays`: whether its network goes on training."""

    def __init__(self, url: str, plays: bool, returns: bool = False):
        self._url, self._plays, self._returns = urlsplit(url), plays, returns
        self._secure = (
            ssl._create_unverified_context() if self._url.scheme == "https" else None
        )  # a self-made certificate
        self._headers = {"Accept-Encoding": "gzip"}
        self.updates = self.pictures = 0
        self.bytes = 0  # of pictures
        self.error = None
        self.away = 0.0  # seconds
        self._key = None  # of the session
        self._rest = 0.0  # seconds that the server asks it to wait
        self._arrived = threading.Event()  # the key

    def stay(self) -> None:
        """All of the visit, until the process ends. Who `returns` comes back after an error."""
        self._visit()
        since = time.monotonic()
        while self._returns and self.error:
            self.error, pictures = None, self.pictures
            self._arrived.clear()
            threading.Thread(target=self._note_return, args=(since, pictures), daemon=True).start()
            time.sleep(AGAIN)
            self._visit()
            if self.pictures > pictures:
                since = time.monotonic()

    def _note_return(self, since: float, pictures: int) -> None:
        """How long it was away, once there is a picture again."""
        while self.pictures == pictures and not self.error:
            time.sleep(0.05)
        self.away = max(self.away, time.monotonic() - since)

    def _visit(self) -> None:
        address = f"{'wss' if self._secure else 'ws'}://{self._url.netloc}{self._url.path}/_stcore/stream"
        try:
            self._take_cookie()
            about = {
                "ssl": self._secure,
                "additional_headers": {n: v for n, v in self._headers.items() if n == "Cookie"},
            }
            with connect(address, subprotocols=["streamlit"], max_size=None, **about) as socket:
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

    def _take_cookie(self) -> None:
        """Open the page as a browser does: a proxy says by a cookie where it leads."""
        connection = self._connection()
        connection.request("GET", f"{self._url.path}/", headers=self._headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if given := answer.headers["set-cookie"]:
            self._headers["Cookie"] = given.split(";")[0]

    def _connection(self) -> http.client.HTTPConnection:
        if self._secure:
            return http.client.HTTPSConnection(
                self._url.hostname, self._url.port, timeout=PATIENCE, context=self._secure
            )
        return http.client.HTTPConnection(self._url.hostname, self._url.port, timeout=PATIENCE)

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
        connection = self._connection()
        query, loss_at, playing = {"token": "", "reset": 0, "round": 1}, float("-inf"), True
        while True:
            begin = time.monotonic()
            if shown := begin - loss_at >= LOSS_EVERY:
                loss_at = begin
            picture = self._ask(connection, query | ({} if shown else {"loss": 0}))
            if self.error:  # the web socket is gone
                return
            query["token"], update = fact("token", picture), fact("update", picture)
            query["have"] = fact("name", picture) or ""
            if update is not None:
                self.updates, self.pictures = int(update), self.pictures + 1
                if '"samples": [' in picture:
                    query["samples"] = update
                if playing and not self._plays:
                    playing = False
                    self._ask(connection, {}, "POST", "/pause")
            time.sleep(max(0.0, max(PAUSE, self._rest) - (time.monotonic() - begin)))

    def _ask(self, connection, query, method="GET", name="") -> str:
        """An answer's text."""
        address = f"{self._url.path}/live/{self._key}{name}?{urlencode(query)}"
        connection.request(method, address, headers=self._headers)
        answer = connection.getresponse()
        content = answer.read()
        self._rest = int(answer.headers["x-rest"] or 0) / 1000
        self.bytes += len(content)
        if answer.status not in (200, 204):
            raise RuntimeError(f"{method} was answered with status {answer.status}")
        return (zlib.decompress(content, 31) if answer.headers["content-encoding"] == "gzip" else content).decode()


def fact(name: str, picture: str) -> str | None:
    """A text or number near the beginning of a picture's JSON."""
    found = re.search(rf'"{name}": "?([^",}}]*)', picture[:4000])
    return found and found[1]


def main(url: str, training: str, paused: str, returns: str = "") -> None:
    numbers = range(int(training) + int(paused))
    visitors = [Visitor(url, plays=n < int(training), returns=bool(returns)) for n in numbers]
    for visitor in visitors:
        threading.Thread(target=visitor.stay, daemon=True).start()
        time.sleep(ARRIVE_EVERY)
    for _line in sys.stdin:
        results = [[one.updates, one.pictures, one.error, one.away, one.bytes] for one in visitors]
        print(json.dumps(results), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
