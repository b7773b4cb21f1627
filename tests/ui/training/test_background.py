"""Jobs: computed by another thread; what is no longer wanted stops, what only grew old waits."""

import threading
import time

from rnn_core import InputError
from ui.i18n import language
from ui.memory import texts
from ui.training import background
from ui.training.background import Done, Job

_ = language("en").gettext
PATIENCE = 20  # seconds


def wait(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


def test_another_subject_stops_the_job_before_and_its_result_is_dropped():
    changed, began, release, seen = [], threading.Event(), threading.Event(), []
    job = Job(lambda: changed.append(1))

    def slow(progress):
        began.set()
        release.wait(PATIENCE)
        seen.extend([progress(0.5), progress()])
        return "old"

    job.request("a", 1, slow)
    assert began.wait(PATIENCE) and job.under_way("a") and not job.under_way("b")
    job.request("a", 2, lambda progress: "newer")  # waits for the one that is under way
    job.request("b", 1, lambda progress: "other")
    wait(lambda: job.about("b").result)
    release.set()
    wait(lambda: seen)
    assert seen == [False, False] and job.done == Done("b", 1, "other", "")
    assert changed == [1] and not job.under_way("a") and job.about("a") == Done()


def test_it_runs_beside_and_again_only_for_another_version():
    threads, job = [], Job()

    def work(progress):
        threads.append(threading.current_thread())
        return len(threads)

    job.request("a", 1, work)
    wait(lambda: not job.under_way("a"))
    job.request("a", 1, work, patient=False)
    assert not job.under_way("a") and job.about("a") == Done("a", 1, 1, "")
    job.request("a", 2, work, patient=False)
    wait(lambda: job.about("a") == Done("a", 2, 2, ""))
    assert threading.current_thread() not in threads


def test_it_rests_before_a_new_version_but_not_before_another_subject():
    job = Job(least=3600)
    job.request("a", 1, lambda progress: "first")
    wait(lambda: job.done.result == "first")
    job.request("a", 2, lambda progress: "second")
    assert not job.under_way("a") and job.done.result == "first"
    job.request("a", 2, lambda progress: "second", patient=False)
    wait(lambda: job.done.result == "second")
    job.request("b", 2, lambda progress: "third")
    wait(lambda: job.done.result == "third")


def test_it_rests_in_proportion_to_what_it_took(monkeypatch):
    monkeypatch.setattr(background, "REST", 36_000)
    job = Job()
    job.request("a", 1, lambda progress: time.sleep(0.1))
    wait(lambda: not job.under_way("a"))
    job.request("a", 2, lambda progress: None)
    assert not job.under_way("a")


def test_how_far_it_is_until_it_is_done(monkeypatch):
    monkeypatch.setattr(background, "WORTH_TELLING", 0.0)
    monkeypatch.setattr(background, "REPORT_EVERY", 0.0)
    told, begun, release = [], threading.Event(), threading.Event()
    job = Job(lambda: told.append(job.share))

    def work(progress):
        time.sleep(0.001)
        for share in (0.25, None, 2.0):
            progress(share)
            time.sleep(0.001)

    job.request("a", 1, work)
    wait(lambda: not job.under_way("a") and len(told) == 3)
    assert told == [0.25, 1.0, None]

    def held(progress):
        time.sleep(0.001)
        progress(0.5)
        begun.set()
        release.wait(PATIENCE)

    job.request("b", 1, held)
    assert begun.wait(PATIENCE) and texts.under_way(job, _) == "Computing: 50%"
    job.request("c", 1, lambda progress: None)  # nothing is known of it yet
    assert job.share is None
    release.set()


def test_what_the_core_says_is_told_and_what_nobody_expected_is_logged(caplog):
    def refused(progress):
        raise InputError("x is 3; expected 2")

    def broken(progress):
        raise ValueError("on purpose")

    job = Job()
    job.request("a", 1, refused)
    wait(lambda: job.done.error)
    assert job.about("a") == Done("a", 1, None, "x is 3; expected 2") and not caplog.text
    assert texts.under_way(job, _).startswith("This text could not be read")
    job.request("b", 1, broken)
    wait(lambda: job.about("b").error)
    assert job.done.error == "unexpected" and "on purpose" in caplog.text and job.about("a") == Done()
    job.request("c", 1, lambda progress: 5)
    wait(lambda: job.about("c") == Done("c", 1, 5, ""))
