"""Lesson “The same idea, another way to compute the state”: who holds a symbol over 40 steps."""

import pytest
from course_runs import measured_of

from ui.course.lesson import Attempt
from ui.course.lessons.gates import BIAS, DELAY, LESSON, NETWORKS, SEEDS, Contender, Measured, _names
from ui.theme import THEMES


@pytest.fixture(scope="module")
def short():
    """A delay that is soon learned."""
    return measured_of("gates", delay=5)


def holds(measured) -> list[str]:
    """The explanation, whose branches agree with the numbers."""
    told = LESSON.explain(measured, {}, str)
    for key, name, *_rest in NETWORKS:
        assert name in told[0] or (key == "open" and measured.forget_bias != BIAS)
    text = " ".join(told)
    assert ("did better than the plain one" in text) == (measured.open.solved > measured.tanh.solved)
    assert ("plain network did better than" in text) == (measured.open.solved < measured.tanh.solved)
    assert ("did equally well" in text) == (measured.open.solved == measured.tanh.solved)
    assert ("other biases at the start did worse" in text) == (measured.closed.solved < measured.open.solved)
    assert ("with an orthogonal W" in text) == (measured.orthogonal.solved > measured.tanh.solved)
    return told


def test_a_short_delay_is_no_trouble_and_what_is_said_agrees(short):
    assert all(contender.solved == SEEDS for contender in (short.tanh, short.orthogonal, short.open))
    sizes = [getattr(short, key).parameters for key, *_rest in NETWORKS]
    assert max(sizes) < 1.03 * min(sizes)
    holds(short)


@pytest.mark.parametrize("solved", [(0, 3, 0, 3), (3, 3, 3, 3), (3, 0, 0, 1), (1, 2, 0, 2)])
def test_the_explanation_follows_the_numbers(short, solved):
    def contender(count):
        return short.open._replace(solved_at=tuple(100 if seed < count else None for seed in range(SEEDS)))

    measured = short._replace(**{key: contender(count) for (key, *_rest), count in zip(NETWORKS, solved, strict=True)})
    holds(measured)
    assert isinstance(measured, Measured) and isinstance(measured.tanh, Contender)


@pytest.mark.parametrize(("bias", "written"), [(-2.0, "−2"), (0.0, "0"), (5.0, "5")])
def test_names_and_sentences_follow_the_bias_that_ran(short, bias, written):
    measured = short._replace(forget_bias=bias)
    told = " ".join(holds(measured))
    assert f"forget-gate bias {written}" in told and "open forget gates" not in told
    assert ("bias 5" in told) == (bias == BIAS)
    names = list(_names(measured, str).values())
    drawn = LESSON.figure(measured, {}, THEMES["light"], str)
    assert [" ".join(row.split("<br>")) for row in drawn.layout.yaxis.ticktext] == names
    assert len(set(names)) == len(NETWORKS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.claims) for seed in (1, 2, 3))])
def test_over_forty_steps(seed):
    measured = measured_of("gates", seed)
    assert measured.delay == DELAY
    assert measured.closed.solved == 0 and measured.open.solved >= 2 and measured.orthogonal.solved >= 1
    assert measured.closed.forget == pytest.approx(0.5, abs=0.03) and measured.open.forget > 0.98
    assert max(measured.closed.ratios) < 1e-6 < 0.03 < min(measured.open.ratios)
    holds(measured)


@pytest.mark.claims
def test_every_task_can_be_done():
    runs = [measured_of("gates", **controls) for controls in (
        {"delay": 50}, {"delay": 8}, {"delay": 25, "forget_bias": -2.0})]  # fmt: skip
    assert [task.done(Attempt({}, measured)) for task, measured in zip(LESSON.tasks, runs, strict=True)] == [True] * 3


def test_each_wrong_answer_is_answered_by_its_own(short):
    answers = LESSON.corrections({"who": {"tanh": "no", "orthogonal": "no", "closed": "yes", "open": "no"}}, short)
    assert any("orthogonal W the gradient" in answer for answer in answers)
    assert any("starts near 1 keeps" in answer for answer in answers)


@pytest.mark.parametrize(
    ("ratios", "told"),
    [((0.5, 1e-9), ("above 0.03, 4 of 4", "below 1×10⁻⁶, 4 of 4")), ((0.5, 0.5), ("above 0.03, 8 of 8",)),
     ((0.01, 0.01), ("neither above 0.03 nor below 1×10⁻⁶",))],
)  # fmt: skip
def test_what_foretold_it_is_said_of_networks_that_there_are(ratios, told):
    measured = measured_of("gates")
    alike = {key: getattr(measured, key)._replace(ratios=ratios, solved_at=(1, 1))
             for key in ("tanh", "orthogonal", "closed", "open")}  # fmt: skip
    said = LESSON.explain(measured._replace(**alike), {}, str)[-1]
    assert all(part in said for part in told) and "0 of 0" not in said
