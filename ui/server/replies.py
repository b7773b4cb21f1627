"""Streamlit's replies to a browser, none of them lost.

When a run of a script begins, Streamlit 1.67 drops what is queued for the browser, for the run draws all of it anew. It
drops replies too: a file was lost, without a word, that a reader chose as a run began, for the browser asked in vain
where to put it.
"""

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

REPLIES = {"file_urls_response", "backend_operation_response", "heartbeat_ack"}  # a browser waits for each

_clear = ForwardMsgQueue.clear


def keep() -> None:
    """Keep replies in the queue when a run begins, in all sessions of this server."""
    ForwardMsgQueue.clear = _clear_but_replies  # type: ignore[method-assign, assignment]


def _clear_but_replies(
    queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
) -> None:
    replies = [message for message in queue._queue if message.WhichOneof("type") in REPLIES]
    _clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)
    if retain_lifecycle_msgs and fragment_ids_this_run is None:
        queue._queue += replies
