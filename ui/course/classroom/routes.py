"""The addresses of classes: a class's frames, what its members and its teacher do, and its guesses as a file."""

from starlette.routing import BaseRoute, Route

from ui.server.routes import base_path, later

PATH = "/class"
MODULE = "ui.course.classroom.handlers"


def routes() -> list[BaseRoute]:
    """They lie beside those of ui/server/routes.py."""
    path = base_path() + PATH + "/{code}"
    return [
        Route(path, later("frame", MODULE), methods=["GET"]),
        Route(path, later("join", MODULE), methods=["POST"]),
        Route(path + "/guesses.csv", later("guesses", MODULE), methods=["GET"]),
        Route(path + "/guess", later("guess", MODULE), methods=["POST"]),
        Route(path + "/{name}", later("lead", MODULE), methods=["POST"]),
    ]
