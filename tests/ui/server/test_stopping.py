"""The end of the server: nobody who has not gone holds it up."""

import os
import signal
import socket
import subprocess
import sys

import pytest

SERVER = """
import sys
import uvicorn
from contextlib import asynccontextmanager
from starlette.applications import Starlette
from starlette.routing import Route
from ui.server import stopping

@asynccontextmanager
async def lifespan(app):
    stopping.watch()
    print("listening", flush=True)
    yield

async def read(request):
    print("reading", flush=True)
    await request.body()

stopping.PATIENCE = 0.5
uvicorn.run(Starlette(routes=[Route("/", read, methods=["PUT"])], lifespan=lifespan), fd=int(sys.argv[1]))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_whoever_never_finishes_does_not_hold_the_end_up():
    """uvicorn waits for every request; one that never sends the rest of its file kept it alive for ever."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        number = str(door.fileno())
        run = subprocess.Popen(
            [sys.executable, "-c", SERVER, number], pass_fds=[door.fileno()], stdout=subprocess.PIPE, text=True
        )
        with run.stdout, socket.create_connection(door.getsockname()) as visitor:
            assert run.stdout.readline() == "listening\n"
            visitor.sendall(b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
            assert run.stdout.readline() == "reading\n"
            run.send_signal(signal.SIGTERM)
            assert run.wait(60) == 0
