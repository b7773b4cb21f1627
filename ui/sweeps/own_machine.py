"""Whether the reader sits at the machine that the server runs on: who may name a scheduler.

Whatever comes from a scheduler is unpickled, so that its address must never be a visitor's choice. Four things have to
hold. Who started the server wants it so: the environment says "ask". The browser has come under a name of this machine,
which alone says little: a program writes any name into its request. The other end of its connection is this machine.
And no proxy has passed it on: visitors of a server behind nginx come from this machine, too.
"""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from ui import environment

OF_PROXIES = ("forwarded", "via", "x-real-ip")  # and all that begin with x-forwarded


def on_own_machine() -> bool:
    """Whether the reader of this page may name a scheduler."""
    asked = environment.scheduler() == environment.ASK
    context = st.context
    return asked and comes_from_here(context.headers.get("Host"), context.headers.keys(), context.ip_address)


def comes_from_here(host: str | None, names: Iterable[str], peer: str | None = None) -> bool:
    """Whether a request comes from a browser of this machine. host, names : what its headers say, and their names.
    peer : the address of the connection's other end; None for this machine, as Streamlit has it.

    >>> [comes_from_here(host, ["Host"]) for host in ("localhost:8501", "127.0.0.1", "[::1]:80", "192.168.1.7", None)]
    [True, True, True, False, False]
    >>> comes_from_here("localhost:8501", ["Host", "X-Forwarded-For"])
    False
    >>> [comes_from_here("localhost:8501", ["Host"], peer) for peer in ("192.168.1.9", "::ffff:127.0.0.1")]
    [False, True]
    """
    if peer is not None and not _is_loopback(peer):
        return False
    if any(name.lower() in OF_PROXIES or name.lower().startswith("x-forwarded") for name in names):
        return False
    name = urlsplit(f"//{host or ''}").hostname or ""
    return name == "localhost" or _is_loopback(name)


def _is_loopback(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
