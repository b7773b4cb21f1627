"""Between the browser and the server: a relay that can cut every connection, and a proxy that strips a prefix."""

import socket
import threading
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Relay:
    """Passes bytes on between a port of its own and another; `prefix` is taken off the path of each request."""

    def __init__(self, url: str, prefix: str = ""):
        self._target, self._prefix = (urlsplit(url).hostname, urlsplit(url).port), prefix
        self._lock, self._open, self._up = threading.Lock(), set(), True
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}{prefix}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Close every connection, and each new one at once."""
        with self._lock:
            self._up = False
            for end in self._open:
                _close(end)
            self._open.clear()

    def restore(self) -> None:
        """Let connections through again."""
        self._up = True

    def lead_to(self, url: str) -> None:
        """New connections go to this address."""
        self._target = urlsplit(url).hostname, urlsplit(url).port

    def close(self) -> None:
        """For good."""
        self._door.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                browser, _address = self._door.accept()
            except OSError:
                return
            with self._lock:
                if not self._up:
                    _close(browser)
                    continue
                try:
                    server = socket.create_connection(self._target)
                except OSError:  # it is being started again
                    _close(browser)
                    continue
                self._open |= {browser, server}
            threading.Thread(target=self._pass, args=(browser, server, self._prefix), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, browser, ""), daemon=True).start()

    def _pass(self, source, sink, prefix) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(_stripped(data, prefix.encode()))
        except OSError:
            pass
        with self._lock:
            self._open -= {source, sink}
        _close(source)
        _close(sink)


def _stripped(data: bytes, prefix: bytes) -> bytes:
    """A request's first bytes without the prefix of its path; everything else as it is."""
    method, space, rest = data.partition(b" ")
    if prefix and method in (b"GET", b"POST", b"PUT", b"DELETE", b"HEAD") and rest.startswith(prefix):
        return (
            method + space + (rest.removeprefix(prefix) if rest[len(prefix) : len(prefix) + 1] == b"/" else b"/" + rest)
        )
    return data


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def relayed(url: str, prefix: str = ""):
    """A relay to this address while it is needed."""
    relay = Relay(url, prefix)
    yield relay
    relay.close()
