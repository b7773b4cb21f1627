"""A bound on what browsers send over their web sockets: all of it takes its part of the server's one budget of memory.

Streamlit 1.67 takes a message of up to 25 MB, collects up to 200 MB of one before it says no, and holds the newest of
each session twice: four sockets that ended none took 630 MB, twenty that sent 24 MB 1.1 GB.

It also has everybody wait while it makes addresses for the files that a message names: 300,000 took 2.4 s.
"""

import logging
from collections.abc import Callable, Hashable

import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol as Socket
from websockets.frames import Frame

from ui.i18n import Translate
from ui.training.memory import BUDGET, Budget

MESSAGES = "messages"  # in the budget of memory
LARGE = 256 * 2**10  # bytes: smaller ones are as good as read
LONGEST = 26_000_000  # bytes of one with its frames; Streamlit refuses what is longer than 25 MB without them
FRAME = 64  # bytes of memory that each frame of an unfinished message takes beside its content
COPIES = 2  # of the newest message that Streamlit holds while the web socket is open; of its session it holds one more
OF_ALL = 300 * 2**20  # bytes of all that is held and arrives
FILES, WIDGETS, DRAWN, QUERY = 100, 2000, 20_000, 2**20  # in one message; browsers send far fewer
LEFT_OUT = "left out"  # among what a browser says that it has drawn: something was left out of the message
TOO_BIG = 1009  # why a web socket is closed
LOG = logging.getLogger(__name__)

_receive, _complete, _lost = Socket.data_received, Socket.send_receive_event_to_app, Socket.connection_lost
_handle, _shutdown = AppSession.handle_backmsg, AppSession.shutdown


class Messages:
    """What has arrived of unfinished messages, and what is held of complete ones, by who sent it."""

    def __init__(self, budget: Budget = BUDGET) -> None:
        self._budget = budget
        self._arrived: dict[int, int] = {}  # id of a web socket -> bytes since its last message was complete
        self._held: dict[Hashable, int] = {}  # bytes that were taken from the budget
        self._refused: set[str] = set()  # sessions whose scripts have to say so

    def arrives(self, socket: Socket, data: bytes) -> None:
        """A piece of a message has arrived: pass it on, or close a web socket that sends too much."""
        size = self._arrived[id(socket)] = self._arrived.get(id(socket), 0) + len(data)
        size += FRAME * len(socket.frames)
        if size <= LONGEST and self._hold(("arriving", id(socket)), size):
            _receive(socket, data)
        else:
            socket.frames.clear()
            socket.conn.fail(TOO_BIG)
            socket.handle_parser_exception()
            socket.transport.abort()  # what is left of it is read by nobody

    def complete(self, socket: Socket) -> None:
        """The last piece of a message has arrived: pass it on, without its large values where there is no memory for
        them."""
        self._arrived.pop(id(socket), None)
        self._give_back(("arriving", id(socket)))
        if not self._hold(("complete", id(socket)), COPIES * sum(map(len, socket.frames))):
            socket.frames[:] = [without_large(b"".join(socket.frames))]
        _complete(socket)

    def end(self, socket: Socket) -> None:
        """A web socket is closed."""
        self._arrived.pop(id(socket), None)
        self._give_back(("arriving", id(socket)))
        self._give_back(("complete", id(socket)))

    def read(self, session: AppSession, message: BackMsg) -> None:
        """Have Streamlit do what a message says, unless no browser sends such a one."""
        asked = message.rerun_script
        if (
            len(message.file_urls_request.file_names) > FILES
            or len(asked.widget_states.widgets) > WIDGETS
            or len(asked.cached_message_hashes) > DRAWN
            or len(asked.query_string) > QUERY
        ):
            LOG.warning("a message of %s bytes is none of a browser", message.ByteSize())
            return
        if LEFT_OUT in asked.cached_message_hashes:
            self._refused.add(session.id)
        self._hold(session.id, message.ByteSize())
        _handle(session, message)

    def _hold(self, owner: Hashable, size: int) -> bool:
        """Whether the owner may have so many bytes, in the place of those that it had."""
        if size <= LARGE:
            self._give_back(owner)
            return True
        others = sum(self._held.values()) - self._held.get(owner, 0)
        if others + size > OF_ALL or not self._budget.take(MESSAGES, owner, size):
            return False
        self._held[owner] = size
        return True

    def _give_back(self, owner: Hashable) -> None:
        if self._held.pop(owner, 0):
            self._budget.give_back(MESSAGES, owner)

    def forget(self, session: AppSession) -> None:
        """A session has ended."""
        self._give_back(session.id)
        self._refused.discard(session.id)

    def refused(self, session: str) -> bool:
        """Whether something of this session was left out, since this was asked last."""
        refused = session in self._refused
        self._refused.discard(session)
        return refused


def without_large(data: bytes) -> bytes:
    """A message without its large values: what they belong to stays as it was. Nothing of one that is large without
    them, or is none."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except Exception:  # of protobuf's, which has no types
        return b""
    states = message.rerun_script.widget_states.widgets
    small = [state for state in states if state.ByteSize() <= LARGE // 2]
    del states[:]
    states.extend(small)
    message.rerun_script.cached_message_hashes.append(LEFT_OUT)
    return message.SerializeToString() if message.ByteSize() <= LARGE else b""


SENT = Messages()


def bound() -> None:
    """Bound the messages of every browser."""
    changed: dict[type, dict[str, Callable[..., None]]] = {
        Socket: {
            "data_received": lambda socket, data: SENT.arrives(socket, data),
            "send_receive_event_to_app": lambda socket: SENT.complete(socket),
            "connection_lost": _connection_lost,
            **{name: _let_go(getattr(Socket, name)) for name in ("handle_bytes", "handle_text", "handle_cont")},
        },
        AppSession: {"handle_backmsg": lambda session, message: SENT.read(session, message), "shutdown": _shut_down},
    }
    for kind, methods in changed.items():
        for name, method in methods.items():
            setattr(kind, name, method)


def _let_go(handle: Callable[[Socket, Frame], None]) -> Callable[[Socket, Frame], None]:
    """What handles a frame, after which the parser, which keeps the frame until there is another, has not its bytes."""

    def handle_and_let_go(socket: Socket, frame: Frame) -> None:
        handle(socket, frame)
        frame.data = b""

    return handle_and_let_go


def _connection_lost(socket: Socket, error: Exception | None) -> None:
    _lost(socket, error)
    SENT.end(socket)


def _shut_down(session: AppSession) -> None:
    _shutdown(session)
    SENT.forget(session)


def say_refused(_: Translate) -> None:
    """Say in a page's script what was left out of the message that began it."""
    context = get_script_run_ctx()
    if context is not None and SENT.refused(context.session_id):
        st.warning(_("The server has no memory left for what you typed. Try again later, or with a shorter text."))
