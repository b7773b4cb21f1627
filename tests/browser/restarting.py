"""The app behind one address, whose server is killed and started again, each time on another port."""

from contextlib import ExitStack, contextmanager
from pathlib import Path

from relay import Relay, relayed
from serving import Address, serving


class Restarting:
    """Starts one server after another behind a relay's address; the ones before have been killed or have ended."""

    def __init__(self, relay: Relay, folder: Path, stack: ExitStack):
        self._relay, self._folder, self._stack = relay, folder, stack
        self._servers: list[Address] = []
        self.url = relay.url

    def up(self) -> Address:
        """The server that runs; a new one where none does."""
        if not self._servers or self._servers[-1].process.poll() is not None:
            log = self._folder / f"log-{len(self._servers)}"
            self._servers.append(self._stack.enter_context(serving(log)))
            self._relay.lead_to(self._servers[-1])
        return self._servers[-1]

    def kill(self) -> None:
        """As when the machine loses its power."""
        self._servers[-1].process.kill()
        self._servers[-1].process.wait(20)


@contextmanager
def restarting(folder: Path):
    """An app of one's own that can be killed, as long as it is needed."""
    with relayed("http://127.0.0.1:1") as relay, ExitStack() as stack:
        yield Restarting(relay, folder, stack)
