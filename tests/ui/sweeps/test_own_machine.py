"""Who may name a scheduler: whoever sits at the server's machine, where it was started so, and nobody else."""

from types import SimpleNamespace

import pytest

from ui.environment import ASK, SCHEDULER, well_formed
from ui.sweeps import own_machine
from ui.sweeps.own_machine import comes_from_here
from ui.training.executor import cluster
from ui.training.executor.cluster import choose, named

PROXIED = ("X-Forwarded-For", "x-forwarded-proto", "Forwarded", "Via", "X-Real-IP")


@pytest.mark.parametrize("name", PROXIED)
def test_what_a_proxy_has_passed_on_does_not_come_from_here(name):
    assert comes_from_here("localhost:8501", ["Host", "User-Agent"])
    assert not comes_from_here("localhost:8501", ["Host", name])


@pytest.mark.parametrize(("peer", "here"), [(None, True), ("127.0.0.2", True), ("192.168.1.9", False), ("::2", False)])
def test_who_writes_the_name_of_this_machine_into_a_request_from_elsewhere_may_not(peer, here, monkeypatch):
    monkeypatch.setenv(SCHEDULER, ASK)
    asked = SimpleNamespace(headers={"Host": "localhost:8501"}, ip_address=peer)
    monkeypatch.setattr(own_machine.st, "context", asked)
    assert own_machine.on_own_machine() is here


@pytest.mark.parametrize(
    "host", ["lab.example.org", "localhost.example.org", "192.168.1.7:8501", "10.0.0.1", "", None, "[::2]", "a b", "//"]
)
def test_another_name_is_not_this_machine(host):
    assert not comes_from_here(host, ["Host"])


@pytest.mark.parametrize(
    "text", ["tcp://a", "tcp://a:0", "tcp://a:70000", "inproc://a:1", "tcp://a:1/x", "tcp://a b:1", "tcp://a:1 ", "a:1"]
)
def test_what_is_no_address_is_refused_whoever_asks(text, monkeypatch):
    monkeypatch.setenv(SCHEDULER, ASK)
    assert not well_formed(text)
    with pytest.raises(ValueError, match="expected tcp://host:port"):
        choose(text)
    assert named() == ""


@pytest.mark.parametrize("given", ["", "tcp://127.0.0.1:1"])
def test_where_the_reader_is_not_asked_nobody_can_choose(given, monkeypatch):
    monkeypatch.setenv(SCHEDULER, given)
    with pytest.raises(ValueError, match=ASK):
        choose("tcp://127.0.0.1:2")
    assert named() == given


def test_the_choice_is_the_one_that_is_tried_and_can_be_taken_back(monkeypatch):
    monkeypatch.setenv(SCHEDULER, ASK)
    monkeypatch.setattr(cluster, "PATIENCE", 0.1)
    assert cluster.shared() is None
    choose("tcp://127.0.0.1:1")
    first = cluster.shared()
    assert first.address == named() == "tcp://127.0.0.1:1"
    choose("")
    assert cluster.shared() is None and named() == "" and first.state.kind in ("lost", "unreachable")
    first.close()
