"""Scheduler: never too many at once, everybody in order, nobody forgotten. No test looks at a real clock."""

import queue
import random
import threading
from collections import Counter

import pytest

from ui.training.scheduler import Scheduler

PATIENCE = 120.0  # seconds until a test gives up


class Clock:
    """Time as the test says."""

    now = 0

    def __call__(self):
        return self.now


def ignore():
    """A wake that needs none: these tests ask again anyway."""


def run(scheduler, clock, keys, slices) -> list[tuple[str, ...]]:
    """Everybody asks in every round and trains for one unit of time where allowed: who trained, round by round."""
    trained = []
    for _slice in range(slices):
        trained.append(tuple(key for key in keys if scheduler.enter(key, ignore)))
        clock.now += 1
    return trained


def test_nobody_waits_while_there_are_places_for_all():
    clock = Clock()
    scheduler = Scheduler(3, turn=2, clock=clock)
    assert run(scheduler, clock, "abc", 50) == [("a", "b", "c")] * 50
    assert (scheduler.training, scheduler.waiting) == (3, 0)


def test_cores_are_shared_out_among_those_who_train_or_wait():
    scheduler = Scheduler(2, turn=10, cores=8)
    assert scheduler.cores_for_each() == 8
    shares = []
    for key in "abc":
        scheduler.enter(key, ignore)
        shares.append(scheduler.cores_for_each())
    assert shares == [8, 4, 2]
    scheduler.leave("a")
    assert scheduler.cores_for_each() == 4
    assert Scheduler(2, turn=10).cores_for_each() == 1


def test_cores_are_spare_that_nobody_needs():
    scheduler = Scheduler(2, turn=10, cores=2)
    assert scheduler.spare_cores() == 2
    for key in "abc":
        scheduler.enter(key, ignore)
        assert scheduler.spare_cores() == 1


def test_round_robin():
    clock = Clock()
    scheduler = Scheduler(1, turn=10, clock=clock)
    trained = run(scheduler, clock, "abc", 92)
    order = [key for index, (key, *_) in enumerate(filter(None, trained)) if index % 10 == 0]
    assert max(map(len, trained)) == 1
    assert "".join(order).startswith("abcabcabc")


@pytest.mark.parametrize(("places", "people"), [(1, 2), (2, 3), (2, 5), (4, 30)])
def test_all_advance_at_the_same_pace(places, people):
    clock, keys = Clock(), [f"person {number}" for number in range(people)]
    scheduler = Scheduler(places, turn=10, clock=clock)
    trained = run(scheduler, clock, keys, 50 * people)
    assert max(map(len, trained)) == places
    counts = Counter(key for keys_of_round in trained for key in keys_of_round)
    assert set(counts) == set(keys)
    assert max(counts.values()) - min(counts.values()) <= 2 * 10
    assert sum(counts.values()) >= 0.8 * places * len(trained)  # places do not lie idle; a handover may miss a round


def test_places_in_the_line():
    clock = Clock()
    scheduler = Scheduler(1, turn=10, clock=clock)
    assert [scheduler.enter(key, ignore) for key in "abcd"] == [True, False, False, False]
    assert [scheduler.place_of(key) for key in "abcdx"] == [0, 1, 2, 3, 0]
    clock.now = 5
    assert scheduler.enter("a", ignore) and not scheduler.enter("c", ignore)  # asking again moves nobody
    assert [scheduler.place_of(key) for key in "abcd"] == [0, 1, 2, 3]
    clock.now = 10
    assert not scheduler.enter("a", ignore)
    assert [scheduler.place_of(key) for key in "abcd"] == [3, 0, 1, 2]
    assert (scheduler.training, scheduler.waiting) == (1, 3)
    scheduler.leave("c")  # from the middle of the line
    assert [scheduler.place_of(key) for key in "abcd"] == [2, 0, 0, 1]


def test_who_comes_goes_before_those_who_have_had_turns():
    """A reader presses Play while fourteen others train: it waited for all of their turns."""
    clock, others = Clock(), [f"person {number}" for number in range(14)]
    scheduler = Scheduler(2, turn=10, clock=clock)
    run(scheduler, clock, others, 500)
    assert not scheduler.enter("new", ignore) and scheduler.place_of("new") == 1
    waited = [("new" in trained) for trained in run(scheduler, clock, [*others, "new"], 300)]
    assert waited.index(True) <= 10
    assert 300 * 2 / 15 - 10 <= sum(waited) <= 300 * 2 / 15 + 20  # and gets its share from there on


@pytest.mark.parametrize("people", [12, 60])
@pytest.mark.parametrize("away", [1, 20, 60, 100, 1000])
def test_who_leaves_and_comes_back_gains_nothing_over_those_who_stay(away, people):
    """However long they stay away: those who stay have at least their share."""
    clock, random_ = Clock(), random.Random(away)
    scheduler, trained = Scheduler(2, turn=10, clock=clock), Counter()
    coming, until = [f"comes {number}" for number in range(people)], {}
    for _slice in range(20_000):
        for key in ["stays", "stays, too", *random_.sample(coming, people)]:
            if until.get(key, 0) > clock.now or not scheduler.enter(key, ignore):
                continue
            trained[key] += 1
            if key in coming and random_.random() < 0.2:  # before its turn is over
                scheduler.leave(key)
                until[key] = clock.now + random_.randrange(away)
        clock.now += 1
    assert min(trained["stays"], trained["stays, too"]) >= 0.9 * max(trained[key] for key in coming)


def test_a_stream_of_newcomers_keeps_nobody_from_training():
    clock, trained, numbers = Clock(), Counter(), iter(range(10_000))
    scheduler, newest = Scheduler(1, turn=2, clock=clock), [f"new {next(numbers)}" for _one in range(3)]
    for _slice in range(1000):
        for key in ["stays", *newest]:
            if scheduler.enter(key, ignore):
                trained[key] += 1
                if trained[key] == 2 and key != "stays":
                    scheduler.leave(key)
                    newest[newest.index(key)] = f"new {next(numbers)}"
        clock.now += 1
    assert trained["stays"] >= 1000 / (len(newest) + 2)


def test_a_turn_begins_with_the_first_slice_and_ends_when_it_is_over():
    clock, woken = Clock(), []
    scheduler = Scheduler(1, turn=10, clock=clock)
    assert scheduler.enter("a", lambda: woken.append("a"))
    clock.now = 100  # nobody wanted the place: it was kept
    assert scheduler.enter("a", lambda: woken.append("a"))
    assert not scheduler.enter("b", lambda: woken.append("b"))
    assert woken == []
    assert not scheduler.enter("a", lambda: woken.append("a"))  # the turn has long been over
    assert woken == ["b"]
    clock.now = 150  # b was busy, with a command perhaps: it still gets its whole turn
    assert scheduler.enter("b", lambda: woken.append("b"))
    clock.now = 159
    assert scheduler.enter("b", lambda: woken.append("b"))
    clock.now = 160
    assert not scheduler.enter("b", lambda: woken.append("b"))
    assert woken == ["b", "a"]


def test_who_leaves_frees_the_place_at_once():
    woken = []
    scheduler = Scheduler(2, turn=10, clock=Clock())
    for key in "abcd":
        scheduler.enter(key, lambda key=key: woken.append(key))
    scheduler.leave("a")
    assert (woken, scheduler.place_of("c"), scheduler.place_of("d")) == (["c"], 0, 1)
    scheduler.leave("a")  # twice is once
    scheduler.leave("never seen")
    assert (woken, scheduler.training, scheduler.waiting) == (["c"], 2, 1)
    scheduler.leave("c")  # woken, and gone before it trained
    assert (woken, scheduler.training, scheduler.waiting) == (["c", "d"], 2, 0)
    scheduler.leave("b")
    scheduler.leave("d")
    assert (woken, scheduler.training, scheduler.waiting) == (["c", "d"], 0, 0)


def test_the_latest_wake_counts():
    woken = []
    scheduler = Scheduler(1, turn=10, clock=Clock())
    scheduler.enter("a", ignore)
    scheduler.enter("b", lambda: woken.append("old"))
    scheduler.enter("b", lambda: woken.append("new"))
    scheduler.leave("a")
    assert woken == ["new"]


def test_a_wake_may_ask_for_numbers():
    """It is called outside the lock."""
    seen = []
    scheduler = Scheduler(1, turn=10, clock=Clock())
    scheduler.enter("a", ignore)
    scheduler.enter("b", lambda: seen.append((scheduler.place_of("b"), scheduler.enter("b", ignore))))
    thread = threading.Thread(target=scheduler.leave, args=("a",), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert seen == [(0, True)]


@pytest.mark.parametrize(("places", "turn"), [(0, 1.0), (-1, 1.0), (1, -0.5), (1, float("nan"))])
def test_numbers_that_cannot_be(places, turn):
    with pytest.raises(ValueError, match=f"places={places}, turn={turn}"):
        Scheduler(places, turn)


class Worker(threading.Thread):
    """A session's thread as ui/training/session.py has it: commands first, a slice where none waits; in line, it sleeps
    on its commands, and the place arrives as one."""

    def __init__(self, scheduler, inside, key):
        super().__init__(daemon=True)
        self.scheduler, self.inside, self.key, self.done = scheduler, inside, key, 0
        self.commands, self.playing, self.open = queue.SimpleQueue(), True, True
        self.failed = None

    def tell(self, **what):
        self.commands.put(lambda: vars(self).update(what))

    def run(self):
        try:
            while self.open:
                command = self._next_command()
                if command:
                    command()
                elif self.scheduler.enter(self.key, lambda: self.commands.put(ignore)):
                    self.inside.slice(self)
        except BaseException as error:
            self.failed = error
        finally:
            self.scheduler.leave(self.key)

    def _next_command(self):
        if not self.playing:
            self.scheduler.leave(self.key)
        if not self.playing or self.scheduler.place_of(self.key):
            return self.commands.get(timeout=PATIENCE)
        try:
            return self.commands.get_nowait()
        except queue.Empty:
            return None


class Inside:
    """Counts who is in a slice."""

    def __init__(self, limit_of_slices):
        self.lock, self.now, self.peak, self.limit = threading.Lock(), 0, 0, limit_of_slices
        self.pause = threading.Event()  # never set: a wait for it lets the other threads run

    def slice(self, worker):
        with self.lock:
            self.now += 1
            self.peak = max(self.peak, self.now)
        self.pause.wait(0.0005)
        with self.lock:
            self.now -= 1
        worker.done += 1
        if worker.done >= self.limit:
            worker.open = False


@pytest.mark.parametrize("turn", [0.0, 0.004])
def test_thirty_threads_come_and_go(turn):
    scheduler, inside, chance = Scheduler(3, turn), Inside(60), random.Random(0)
    workers = [Worker(scheduler, inside, key) for key in range(30)]
    for worker in workers:
        worker.start()
    for _command in range(400):  # pause and play, in line and at work
        chance.choice(workers).tell(playing=chance.random() < 0.6)
    for worker in workers[:5]:
        worker.tell(open=False)  # gone before the end
    for worker in workers[5:]:
        worker.tell(playing=True)
    for worker in workers:
        worker.join(PATIENCE)
    assert not any(worker.is_alive() for worker in workers)
    assert [worker.failed for worker in workers] == [None] * 30
    assert 1 <= inside.peak <= 3
    assert [worker.done for worker in workers[5:]] == [60] * 25
    assert (scheduler.training, scheduler.waiting) == (0, 0)


def test_a_worker_in_line_answers_its_commands():
    scheduler, heard = Scheduler(1, turn=10, clock=Clock()), threading.Event()
    scheduler.enter("somebody else", ignore)
    worker = Worker(scheduler, Inside(5), "worker")
    worker.start()
    worker.commands.put(heard.set)
    assert heard.wait(PATIENCE)
    worker.tell(open=False)
    worker.join(PATIENCE)
    assert (worker.is_alive(), worker.done, scheduler.waiting) == (False, 0, 0)


def test_a_worker_that_dies_frees_its_place():
    class Fails(Inside):
        def slice(self, worker):
            if worker.key == "dies":
                raise RuntimeError("as if by accident")
            super().slice(worker)

    scheduler = Scheduler(1, turn=10, clock=Clock())
    for key in ("dies", "lives"):
        worker = Worker(scheduler, Fails(5), key)
        worker.start()
        worker.join(PATIENCE)
        assert not worker.is_alive()
    assert (worker.done, scheduler.training) == (5, 0)
