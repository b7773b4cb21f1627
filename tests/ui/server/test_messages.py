"""What browsers send over their web sockets: bounded for each and in sum, and told where something was left out."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.testing.v1 import AppTest
from websockets.frames import Frame, Opcode

from ui.server import messages
from ui.server.messages import LARGE, LONGEST, Messages, without_large
from ui.training.memory import Budget

MEGABYTE = 2**20


class Wire:
    """What lies below a web socket of Uvicorn's."""

    def __init__(self):
        self.aborted = False

    def abort(self):
        self.aborted = True


class Socket:
    """A web socket as Uvicorn has it: frames of a message that is not complete yet."""

    def __init__(self):
        self.frames, self.transport, self.conn, self.code = [], Wire(), self, None

    def fail(self, code):
        self.code = code

    def handle_parser_exception(self):
        pass


class Session:
    def __init__(self, name="Ada"):
        self.id = name


@pytest.fixture
def passed(monkeypatch):
    """What was passed on: (who sent it, what)."""
    seen = []
    monkeypatch.setattr(messages, "_receive", lambda socket, data: socket.frames.append(data))
    monkeypatch.setattr(
        messages, "_complete", lambda socket: (seen.append((socket, b"".join(socket.frames))), socket.frames.clear())
    )
    monkeypatch.setattr(messages, "_handle", lambda session, message: seen.append((session, message)))
    return seen


def typed(*values):
    """A message with these texts in fields, as bytes."""
    message = BackMsg()
    for number, value in enumerate(values):
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.string_value = f"field {number}", value
    return message.SerializeToString()


def read(data):
    message = BackMsg()
    message.ParseFromString(data)
    return message


def test_messages_that_do_not_end_are_bounded_for_each_and_in_sum(passed):
    budget = Budget(limit=40 * MEGABYTE)
    bound, long, other = Messages(budget), Socket(), Socket()
    while not long.transport.aborted:
        bound.arrives(long, bytes(MEGABYTE))
    assert long.code == 1009 and long.frames == [] and LONGEST - 2 * MEGABYTE < budget.used()["messages"] <= LONGEST
    while not other.transport.aborted:
        bound.arrives(other, bytes(MEGABYTE))
    assert budget.used()["messages"] <= budget.limit
    bound.end(long)
    bound.end(other)
    assert budget.used() == {} and budget.free == budget.limit


def test_many_small_frames_count_with_what_each_takes(passed, monkeypatch):
    monkeypatch.setattr(messages, "LONGEST", 7200)
    bound, socket, pieces = Messages(Budget(limit=MEGABYTE)), Socket(), 0
    while not socket.transport.aborted:
        bound.arrives(socket, bytes(8))
        pieces += 1
    assert pieces == 101  # 100 of 8 bytes, with 64 more for each


def test_many_messages_of_one_socket_are_no_long_one(passed):
    bound, socket = Messages(Budget(limit=1000 * MEGABYTE)), Socket()
    for _number in range(3):
        for _piece in range(20):
            bound.arrives(socket, bytes(MEGABYTE))
        bound.complete(socket)
    assert len(passed) == 3 and not socket.transport.aborted


def test_where_there_is_no_memory_the_large_values_are_left_out_and_the_script_says_so(passed):
    budget = Budget(limit=8 * MEGABYTE)
    bound, socket, session = Messages(budget), Socket(), Session()
    bound.arrives(socket, typed("short", "x" * 5 * MEGABYTE))
    bound.complete(socket)
    [(_socket, data)] = passed
    assert len(data) < 1000 and [state.id for state in read(data).rerun_script.widget_states.widgets] == ["field 0"]
    bound.read(session, read(data))
    assert [bound.refused(session.id), bound.refused(session.id)] == [True, False]
    assert budget.used() == {}


def test_a_text_that_fits_is_passed_on_and_counts_as_long_as_it_is_held(passed):
    budget = Budget(limit=8 * MEGABYTE)
    bound, socket, session = Messages(budget), Socket(), Session()
    data = typed("x" * MEGABYTE)
    bound.arrives(socket, data)
    bound.complete(socket)
    bound.read(session, read(passed[0][1]))
    assert passed[0][1] == data and budget.used()["messages"] == 3 * len(data) and not bound.refused(session.id)
    bound.end(socket)
    assert budget.used()["messages"] == len(data)  # the session may come back
    bound.forget(session)
    assert budget.used() == {}


def test_another_message_takes_the_place_of_a_large_one(passed):
    budget = Budget(limit=8 * MEGABYTE)
    bound, socket, session = Messages(budget), Socket(), Session()
    for text in ("x" * MEGABYTE, "short"):
        bound.arrives(socket, typed(text))
        bound.complete(socket)
        bound.read(session, read(passed[-1][1]))
    assert budget.used() == {}


@pytest.mark.parametrize("kind", ["files", "widgets", "drawn", "query"])
def test_what_no_browser_sends_is_not_done(passed, kind):
    message = BackMsg()
    if kind == "files":  # Streamlit would make an address for each while everybody waits
        message.file_urls_request.file_names.extend([""] * 300_000)
    elif kind == "widgets":
        message.rerun_script.widget_states.widgets.extend(
            [type(message.rerun_script.widget_states.widgets.add())()] * 3000
        )
    elif kind == "drawn":
        message.rerun_script.cached_message_hashes.extend(["x"] * 30_000)
    else:
        message.rerun_script.query_string = "&" * 2 * MEGABYTE
    Messages().read(Session(), message)
    assert passed == []


@pytest.mark.parametrize("data", [b"\xff" * LARGE * 2, typed(*["x" * 1000] * 1000)], ids=["none", "many values"])
def test_what_is_large_without_large_values_is_left_out_whole(data):
    assert without_large(data) == b""


NAMES = ("data_received", "send_receive_event_to_app", "connection_lost", "handle_bytes", "handle_text", "handle_cont")


@pytest.fixture
def bounded(monkeypatch):
    """As the server bounds them, until the test has ended."""
    for kind, names in ((messages.Socket, NAMES), (messages.AppSession, ("handle_backmsg", "shutdown"))):
        for name in names:
            monkeypatch.setattr(kind, name, getattr(kind, name))
    messages.bound()


def test_the_server_bounds_them(bounded, monkeypatch):
    asked = []
    monkeypatch.setattr(messages.SENT, "read", lambda *given: asked.append(given))
    messages.AppSession.handle_backmsg("a session", "a message")
    assert asked == [("a session", "a message")]


def test_the_parser_keeps_no_bytes_of_the_last_frame(bounded):
    socket, frame = Socket(), Frame(Opcode.BINARY, b"bytes", fin=False)
    messages.Socket.handle_bytes(socket, frame)
    assert socket.frames == [b"bytes"] and frame.data == b""


def said():
    from ui.i18n import language
    from ui.server import messages

    messages.SENT._refused.add("test session id")
    for _time in range(2):
        messages.say_refused(language("zh_CN").gettext)


def test_the_script_says_once_what_was_left_out():
    [warning] = AppTest.from_function(said).run().warning
    assert warning.value == "服务器内存不足，未能接收您输入的内容。请稍后再试，或缩短文本。"
