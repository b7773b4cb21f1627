"""What Streamlit has queued for a browser when a run of a script begins."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from ui.server.replies import REPLIES, keep


def message(kind, text=""):
    """A message of this kind; a "delta" draws the text in the first place of the page."""
    made = ForwardMsg()
    if kind == "delta":
        made.metadata.delta_path[:] = [0, 0]
        made.delta.new_element.text.body = text
    elif kind == "heartbeat_ack":
        made.heartbeat_ack = True
    else:
        getattr(made, kind).SetInParent()
    return made


@pytest.fixture
def queue(monkeypatch):
    """A queue in which a drawn text and every reply wait."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)
    keep()
    made = ForwardMsgQueue()
    made.enqueue(message("delta", "old"))
    for kind in sorted(REPLIES):
        made.enqueue(message(kind))
    return made


def kinds(messages):
    return [each.WhichOneof("type") for each in messages]


def test_replies_survive_the_beginning_of_a_run_and_drawings_do_not(queue):
    queue.clear(retain_lifecycle_msgs=True)
    queue.enqueue(message("delta", "first"))
    queue.enqueue(message("delta", "second"))  # takes the place of the first
    left = queue.flush()
    assert kinds(left) == [*sorted(REPLIES), "delta"] and left[-1].delta.new_element.text.body == "second"


def test_a_reply_is_sent_once(queue):
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["one"])
    assert sorted(kinds(queue.flush())) == sorted([*REPLIES, "delta"])
    assert queue.is_empty()
