"""Part of a link that leads to the process which the reader's own page comes from, where a proxy has several."""

import re

import streamlit as st

NAME, COOKIE = "server", "rnn_lab_server"  # deploy/nginx/rnn-lab.conf reads the one and sets the other
VALUE = re.compile(r"[0-9a-f]{32}")


def leading_here() -> dict[str, str]:
    """Parameters for the link; none where there is no such proxy."""
    value = str(st.context.cookies.get(COOKIE, ""))  # of a test without a browser it is no text
    return {NAME: value} if VALUE.fullmatch(value) else {}
