"""Word classes in the tree of mean states (Elman 1990, figure 7)."""

from collections.abc import Generator, Mapping

import numpy as np

from rnn_core import Trainer
from ui.i18n import N_
from ui.network.results.measuring import watch
from ui.network.results.record import Check, Door, Network, Picture, Points, Quantity, Result, Trial, of
from ui.network.trees import Tree, trees


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Train, then the classes whose words stand together in the tree: now, and in that of the untrained network."""
    yield from watch(run, network, lambda run: 0.0)
    found = trees(run.model, run.task, 0, "symbol")
    if found is None:
        raise ValueError("the grammar has too few words for a tree")
    numbers = {"together": float(len(found.now.together)), "before": float(len(found.before.together))}
    return Trial(run.config.seed, numbers, parts=picture(found.now, run.task.groups))


def picture(tree: Tree, groups: Mapping[str, tuple[str, ...]]) -> dict[str, Points]:
    """The joins of a tree (the places of four corners, then their distances), and its leaves with their classes: -1 for
    a word of none."""
    classes = list(groups)
    of_leaf = {word: float(classes.index(name)) for name, words in groups.items() for word in words}
    joins = np.concatenate([tree.positions, tree.heights], axis=1)
    return {
        "joins": Points(tuple(map(tuple, joins.T.tolist()))),
        "leaves": Points((tuple(of_leaf.get(word, -1.0) for word in tree.names),), tree.names),
        "classes": Points((), tuple(classes)),
    }


RESULT = Result(
    "word_classes",
    by="Elman 1990",
    card="grammar",
    title=N_("Elman's word classes"),
    claim=N_("A network that predicts the next word comes to treat the words of a class alike."),
    published=N_("None: a tree with nouns and verbs apart, the animate and the inanimate, humans and animals."),
    here=N_(
        "24 units in place of 150, gradients through all steps in place of one, Adam for 1,000 updates. The tree "
        "joins the mean states of the words by average linkage."
    ),
    expected=N_(
        "Words after which the same words follow must lead to like predictions, so to like states. Of 8 classes at "
        "least 7 stand together after training; in the untrained network, where nothing was learned, at most 3."
    ),
    networks={
        "tanh": Network(
            N_("RNN (tanh)"),
            {
                "data": "grammar",
                "grammar_sequence_length": 20,
                "batch_size": 16,
                "cell": "rnn_tanh",
                "hidden_size": 24,
                "learning_rate": 0.01,
            },
            1000,
        )
    },
    measure=measure,
    quantities={
        "together": Quantity(N_("classes of 8 that stand together"), ".0f"),
        "before": Quantity(N_("the same before training"), ".0f"),
    },
    checks=(
        Check(N_("classes of 8 that stand together, fewest"), of("tanh", "together", min), 7, 8, form=".0f"),
        Check(N_("the same before training, most"), of("tanh", "before", max), 0, 3, form=".0f"),
    ),
    door=Door("memory", {"memory_view": "plane", "plane_view": "tree"}),
    picture=Picture(
        "tree",
        "tanh",
        N_("A tree of the words: those whose mean states are alike join soon, near the words."),
        N_(
            "Elman drew the tree of the words' mean states, the words at the right and the distance at which two "
            "branches join from right to left; so does this chart, with the words coloured by their class."
        ),
    ),
)
