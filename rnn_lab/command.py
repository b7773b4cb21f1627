"""The command rnn-lab: starts the app from anywhere, as `make run` does from its folder."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rnn_lab.home import HOME
from ui import environment
from ui.server import start

ADVICE = start.Advice("--port", "--host", "rnn-lab --port {}", "rnn-lab --host {}")
PATHS = (environment.LESSONS, environment.TEXT, "NUMBA_CACHE_DIR")  # which may be relative to where one is
EPILOG = """The page opens at http://localhost:8501. The first start compiles what trains the networks meanwhile.
Ctrl-C ends it."""


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """End with the message and exit code 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def parser() -> Parser:
    """The parser of the arguments."""
    made = Parser(
        "rnn-lab",
        description="Train a small recurrent network in the browser and watch it think.",
        epilog=EPILOG,
        allow_abbrev=False,
    )
    made.add_argument("--port", default="8501", help="where the page is served: 8501 unless said")
    made.add_argument("--host", default=start.HOST, help="who gets in: this machine alone unless said; 0.0.0.0 all")
    made.add_argument("--text", metavar="FILE", help="a text of your own, which the Lab begins with")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the app and serve it until the reader stops it. The exit code: 2 for a wrong port, host or file."""
    asked = parser().parse_args(arguments)
    try:
        return _serve(asked)
    except KeyboardInterrupt:  # before the start listens for it
        return 0


def _serve(asked: argparse.Namespace) -> int:
    """The exit code of a start with these arguments."""
    problem = start.obstacle(asked.port, asked.host, ADVICE)
    if problem is None and asked.text is not None:
        problem = _take(Path(asked.text))
    if problem is not None:
        print(problem, file=sys.stderr)
        return 2
    for name in PATHS:
        if path := environment.given(name):
            os.environ[name] = os.path.abspath(path)
    os.chdir(HOME)  # where Streamlit finds the app and its settings
    return start.main(asked.port, asked.host)


def _take(file: Path) -> str | None:
    """Have the app begin with the text of a file; None, or what is wrong with it."""
    from ui.network import given_text  # seconds: --help need not wait for it

    try:
        given_text.read(file)
    except given_text.Unusable as error:
        return str(error)
    os.environ[environment.TEXT] = str(file.resolve())
    return None
