"""Requests of members and teachers to the server."""

import gzip
import json
import threading
import time

import pytest
from answers import ask
from starlette.applications import Starlette
from visits import PATIENCE

from ui.course.classroom import handlers, registry, routes
from ui.course.classroom.codes import new_code, written_code
from ui.course.classroom.registry import Classes
from ui.server.middleware import middleware
from ui.server.stopping import STOPPING
from ui.training.capacity import Capacity

APP = Starlette(routes=routes.routes(), middleware=middleware())


class Browser:
    """Speaks to the server about one class, with a key or without."""

    def __init__(self, code, key="", address="10.0.0.1"):
        self.code, self.key, self.address = code, key, address

    def ask(self, method="GET", name="", content=None, query="", **headers):
        """(status, headers, body)"""
        path = f"/class/{self.code}{name and '/' + name}"
        given = [(name.replace("_", "-"), value) for name, value in headers.items()]
        given += [("x-class-key", self.key)] if self.key else []
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return ask(APP, path, query, method, given, body, self.address)

    def post(self, name, content=None, **headers) -> int:
        return self.ask("POST", name, content, **headers)[0]

    def join(self, **content) -> tuple[int, dict]:
        status, _headers, body = self.ask("POST", "", content)
        answer = json.loads(body) if body else {}
        self.key = answer.get("token", self.key)
        return status, answer

    def frame(self, query="language=en&theme=light") -> dict:
        status, _headers, body = self.ask(query=query)
        assert status == 200
        return json.loads(body)


@pytest.fixture(autouse=True)
def classes(monkeypatch):
    """Of this test alone."""
    made = Classes(Capacity(3))
    monkeypatch.setattr(registry, "CLASSES", made)
    yield made
    for classroom in list(made._classes.values()):
        made.end(classroom)


@pytest.fixture
def teacher(classes, lessons):
    classroom = classes.start(lessons)
    return Browser(classroom.code, classroom.key)


@pytest.fixture
def member(teacher):
    made = Browser(teacher.code)
    assert made.join()[0] == 200
    return made


def guess(browser, number) -> int:
    return browser.post("guess", {"lesson": "untrained", "answers": {"loss": number}})


def go(browser, part, lesson="untrained") -> int:
    return browser.post("go", {"lesson": lesson, "part": part})


def test_a_lesson_from_the_guess_to_the_end_of_the_class(teacher, member, classes):
    assert go(teacher, "guess") == 204
    assert guess(member, 2.0) == 204 and guess(member, 3.0) == 204
    assert member.frame()["guessed"] == 1 and member.frame() == teacher.frame()
    assert teacher.post("close", {"lesson": "untrained"}) == 204 and guess(member, 4.0) == 409
    assert "3," in teacher.ask(name="guesses.csv")[2].decode()
    assert teacher.post("end") == 204
    assert member.ask()[0] == teacher.ask()[0] == 410 and classes._capacity.admitted == 0


def test_a_reload_and_a_second_tab_are_the_same_member(teacher, member):
    go(teacher, "guess")
    guess(member, 2.0)
    other = Browser(teacher.code.lower(), member.key)
    status, answer = other.join()
    assert (status, answer) == (200, {"token": member.key, "answers": {"untrained": {"loss": 2.0}}})
    assert guess(other, 5.0) == 204 and teacher.frame()["guessed"] == 1


def test_a_member_can_lead_nothing_and_a_teacher_does_not_guess(teacher, member):
    for name in ("go", "close", "stop", "end"):
        assert member.post(name, {"lesson": "untrained", "part": "guess"}) == 403
    assert member.ask(name="guesses.csv")[0] == 403
    go(teacher, "guess")
    assert guess(teacher, 1.0) == 403
    assert teacher.join() == (200, {"teacher": True}) and teacher.frame()["here"] == 1


def test_nobody_without_a_key_sees_or_does_anything(teacher):
    stranger = Browser(teacher.code)
    assert stranger.ask()[0] == 403 and guess(stranger, 1.0) == 404 and go(stranger, "guess") == 404
    assert stranger.ask(name="guesses.csv")[0] == 404
    stranger.key = "guessed"
    assert stranger.ask()[0] == 403 and go(stranger, "guess") == 404


def test_wrong_codes_are_counted_whatever_they_are_tried_on(teacher, monkeypatch, classes):
    monkeypatch.setattr(classes._tries, "_of_one", 4)
    tries = [Browser(new_code()).join()[0], Browser("x").ask()[0], Browser(new_code(), "key").ask()[0]]
    assert tries == [404] * 3
    assert Browser(new_code()).join()[0] == 404 and Browser(new_code()).join()[0] == 429
    assert Browser(teacher.code).join()[0] == 200  # a right one gets in
    assert Browser(teacher.code, address="10.0.0.2").join()[0] == 200
    assert teacher.frame()["here"] == 2


def test_a_full_class_says_so(teacher, member, monkeypatch):
    monkeypatch.setattr("ui.course.classroom.classroom.MOST", 1)
    assert Browser(teacher.code).join()[0] == 503 and member.join()[0] == 200


def test_one_address_joins_so_many_times_and_reads_why_it_waits(teacher, member, classes):
    joined = [Browser(teacher.code).join()[0] for _window in range(80 + 5)]
    assert joined == [200] * (80 - 1) + [425] * 6
    assert Browser(teacher.code, address="10.0.0.2").join()[0] == 200 == member.join()[0]
    assert guess(member, 1.0) == 409 and go(teacher, "guess") == 204 == guess(member, 1.0)
    assert Browser(classes.start(classes.known(teacher.code).lessons).code).join()[0] == 200


def test_what_a_request_may_hold(teacher, member, monkeypatch):
    go(teacher, "guess")
    for content in (b"", b"{", b"[" * 100_000, b"3", b"[]", b'{"lesson": "untrained"}', b"\xff"):
        assert member.ask("POST", "guess", content)[0] in (400, 409)
        assert teacher.ask("POST", "go", content)[0] == 400
        assert member.ask("POST", "", content)[0] == 200
    monkeypatch.setattr(handlers, "LONGEST", 10)
    assert guess(member, 1.0) == 409
    assert teacher.frame()["guessed"] == 0


def test_no_other_site_acts_in_the_name_of_a_browser(teacher, member):
    foreign = {"sec_fetch_site": "cross-site"}
    assert teacher.post("end", {}, **foreign) == member.post("guess", {}, **foreign) == 403
    assert member.ask("POST", "", {}, **foreign)[0] == 403


def test_a_frame_is_waited_for_and_comes_with_what_is_new(teacher, member, monkeypatch):
    monkeypatch.setattr(handlers, "WAIT", 0.2)
    token = member.frame()["token"]
    begin = time.monotonic()
    assert member.frame(f"token={token}")["token"] == token and time.monotonic() - begin >= 0.2
    monkeypatch.setattr(handlers, "WAIT", PATIENCE)
    later = threading.Timer(0.1, go, (teacher, "guess"))
    later.start()
    assert member.frame(f"token={token}")["part"] == "guess"
    later.join()
    ending = threading.Timer(0.1, teacher.post, ("end",))
    ending.start()
    assert member.ask(query=f"token={registry.CLASSES.known(teacher.code).token}")[0] == 410
    ending.join()


def test_a_server_that_stops_lets_nobody_wait(member, monkeypatch):
    monkeypatch.setattr(handlers, "WAIT", PATIENCE)
    token = member.frame()["token"]
    threading.Timer(0.1, STOPPING.set).start()
    try:
        assert member.ask(query=f"token={token}")[0] == 200
    finally:
        STOPPING.clear()


def test_frames_are_packed_for_those_who_unpack_them(member):
    status, headers, body = member.ask(accept_encoding="gzip, br")
    assert (status, headers["content-encoding"], headers["cache-control"]) == (200, "gzip", "no-store")
    assert json.loads(gzip.decompress(body))["code"] == written_code(member.code)
    assert "content-encoding" not in member.ask()[1]


def test_the_language_is_the_readers(teacher, member):
    assert member.frame("language=zh_CN&theme=dark")["title"].startswith("第")
    assert member.frame("language=xx&theme=xx")["title"].startswith("Lesson")
