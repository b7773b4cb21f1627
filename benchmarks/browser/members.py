"""Members of a class in a process of their own: each joins and asks for frames as classroom.js does.

    python -m benchmarks.browser.members http://127.0.0.1:8501 ABC-DEF-GHJ MEMBERS

Commands are lines of its standard input, each answered by a line of JSON. "guess SECONDS" has all guess once within so
many seconds: when each guess was taken, None for one that was lost. "count": of each member [pictures of the training,
seconds between the first and the last of them, error]. At the end of its input it ends.
"""

import http.client
import json
import random
import re
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

ARRIVE_EVERY = 0.05  # seconds between two arrivals
PAUSE = 0.12  # seconds, as in ui/course/classroom/static/classroom.js
PATIENCE = 60  # seconds
BEGINNING = 400  # characters of a frame that hold its token


class Member:
    """One phone."""

    def __init__(self, url: str, code: str):
        self._url, self._path = urlsplit(url), f"/class/{code}"
        self._token = ""  # of the member
        self.times: list[float] = []  # of the pictures of the training
        self.error: str | None = None

    def stay(self) -> None:
        """All of the lesson, until the process ends."""
        try:
            connection = self._connect()
            _status, answer = self._ask(connection, "POST", "", {})
            self._token = json.loads(answer)["token"]
            query = {"token": "", "language": "en", "theme": "light"}
            while True:
                begin = time.monotonic()
                status, content = self._ask(connection, "GET", f"?{urlencode(query)}")
                if status != 200:
                    raise RuntimeError(f"a frame was answered with status {status}")
                text = zlib.decompressobj(31).decompress(content, BEGINNING).decode(errors="ignore")
                query["token"] = re.search('"token": "([^"]*)"', text)[1]
                if "/running/" in query["token"]:
                    self.times.append(time.monotonic())
                time.sleep(max(0.0, PAUSE - (time.monotonic() - begin)))
        except Exception as error:  # told, and counted by the benchmark
            self.error = f"{type(error).__name__}: {error}"

    def guess(self, seconds: float) -> float | None:
        """Guess at some time within so many seconds; when it was taken."""
        time.sleep(seconds * random.random())
        connection = self._connect()
        _status, content = self._ask(connection, "GET", "?language=en&theme=light")
        frame = json.loads(zlib.decompress(content, 31))
        answers = {guess["name"]: random.uniform(guess["low"], guess["high"]) for guess in frame["guesses"]}
        status, _content = self._ask(connection, "POST", "/guess", {"lesson": frame["lesson"], "answers": answers})
        return time.time() if status == 204 else None

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._url.hostname, self._url.port, timeout=PATIENCE)

    def _ask(self, connection, method: str, address: str, content=None) -> tuple[int, bytes]:
        """(status, content) of an answer."""
        headers = {"Accept-Encoding": "gzip", "X-Class-Key": self._token}
        body = None if content is None else json.dumps(content)
        connection.request(method, self._path + address, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def main(url: str, code: str, count: str) -> None:
    members = [Member(url, code) for _member in range(int(count))]
    for member in members:
        threading.Thread(target=member.stay, daemon=True).start()
        time.sleep(ARRIVE_EVERY)
    for line in sys.stdin:
        match line.split():
            case ["guess", seconds]:
                with ThreadPoolExecutor(len(members)) as threads:
                    results = list(threads.map(lambda member, within=float(seconds): member.guess(within), members))
            case _:
                results = [[len(m.times), m.times[-1] - m.times[0] if m.times else 0.0, m.error] for m in members]
        print(json.dumps(results), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
