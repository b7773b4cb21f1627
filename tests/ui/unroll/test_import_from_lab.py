"""What the page takes over of the Lab's network."""

from sessions import entered, setup, stepped
from visits import until

from ui.unroll.import_from_lab import take


def test_the_network_is_taken_as_it_was_at_the_moment_that_is_looked_at():
    with entered() as session:
        stepped(session, setup(), 60)
        newest, _refusal = take(session, 1)
        session.look(40)
        until(lambda: session.shown.look.newest is not None)
        past, refusal = take(session, 2)
        assert not refusal and past.taken == "40" != newest.taken
        assert past.computation.weights["weight_ho"].tolist() != newest.computation.weights["weight_ho"].tolist()
