"""What the browser keeps of a sweep: it comes back as it was, and nothing else does."""

import json
import struct

import pytest
from sessions import entered
from sweep_plans import DIVERGING, done, plan
from visits import PATIENCE, until

from rnn_core import CheckpointError
from ui.settings import keys
from ui.sweeps.axes import Swept
from ui.sweeps.kept import content, read
from ui.sweeps.session import SweepsSession
from ui.sweeps.sweep import SweepRun
from ui.training.kept_file import MOST_FACTS, compressed

SWEEP = plan(Swept(keys.RADIUS, (0.5, 3.0)), Swept(keys.LEARNING_RATE, (0.001, 3.0)), budget=100, **DIVERGING)


@pytest.fixture(scope="module")
def outcomes():
    """Of a sweep in which a network diverged."""
    return done(SweepRun(1, SWEEP)).outcomes


def test_everything_comes_back_also_of_what_diverged(outcomes):
    found, playing = read(compressed(content(SWEEP, outcomes, True)), SWEEP)
    assert playing and repr(found) == repr(outcomes) and any(one.diverged for one in found.values())


def test_it_is_no_sweep_of_another_plan(outcomes):
    with pytest.raises(CheckpointError, match="not the one"):
        read(compressed(content(SWEEP, outcomes, True)), plan())


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts.update(format="rnn-lab lockstep 1"),
        lambda facts: facts.update(outcomes=facts["outcomes"] * 2),
        lambda facts: facts["outcomes"][0].__setitem__(0, 7),
        lambda facts: facts["outcomes"][0].__setitem__(3, 10**9),
        lambda facts: facts["outcomes"][0].__setitem__(-1, 10**6),
        lambda facts: facts["outcomes"][0].__setitem__(5, "x"),
        lambda facts: facts["outcomes"][0].pop(),
        lambda facts: facts.pop("playing"),
    ],
)
def test_what_was_changed_is_refused(outcomes, change):
    file = content(SWEEP, outcomes, False)
    (length,) = struct.unpack_from("<Q", file)
    facts = json.loads(file[8 : 8 + length])
    change(facts)
    head = json.dumps(facts).encode()
    with pytest.raises(CheckpointError):
        read(compressed(struct.pack("<Q", len(head)) + head + file[8 + length :]), SWEEP)


def test_the_largest_sweep_fits():
    large = plan(Swept(keys.RADIUS, (0.5,) * 12), Swept(keys.LEARNING_RATE, (0.1,) * 10), seeds=5, budget=5000)
    outcome = done(SweepRun(1, plan(budget=200, cells=((0, 0),)))).outcomes[0, 0, 0]
    file = content(large, dict.fromkeys(large.places, outcome), False)
    assert struct.unpack_from("<Q", file)[0] < MOST_FACTS / 4
    assert len(read(compressed(file), large)[0]) == 600


def test_a_session_goes_on_after_them(outcomes):
    some = dict(list(outcomes.items())[:2])
    with entered(SweepsSession) as session:
        session.plan(SWEEP)
        until(lambda: session.snapshot.view)
        assert session.keep("").result(PATIENCE) is None  # nothing is there to be kept
        session.bring(compressed(content(SWEEP, some, True))).result(PATIENCE)
        until(lambda: session.snapshot.view.finished)
        assert repr(session.snapshot.view.outcomes) == repr(outcomes)
        kept = session.keep("").result(PATIENCE)
        assert kept.update == 4 and kept.settings == session.settings
        assert session.keep(kept.stamp).result(PATIENCE).content is None
        assert repr(read(compressed(kept.content), SWEEP)[0]) == repr(outcomes)
        refused = session.bring(compressed(content(plan(), {}, True)))
        assert isinstance(refused.exception(PATIENCE), CheckpointError)
