"""Whether the reader sits at the machine that the server runs on: who may name a scheduler.

Whatever comes from a scheduler is unpickled, so that its address must never be a visitor's choice. Three things have to
hold. Who started the server wants it so: the environment says "ask". The browser has come under a name of this machine.
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
    return asked and comes_from_here(st.context.headers.get("Host"), st.context.headers.keys())


def comes_from_here(host: str | None, names: Iterable[str]) -> bool:
    """Whether a request comes from a browser of this machine. host, names : what its headers say, and their names.

    >>> [comes_from_here(host, ["Host"]) for host in ("localhost:8501", "127.0.0.1", "[::1]:80", "192.168.1.7", None)]
    [True, True, True, False, False]
    >>> comes_from_here("localhost:8501", ["Host", "X-Forwarded-For"])
    False
    """
    if any(name.lower() in OF_PROXIES or name.lower().startswith("x-forwarded") for name in names):
        return False
    name = urlsplit(f"//{host or ''}").hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
