"""Help texts of the controls, a sentence or two each: shown on hover and on focus."""

import re
from collections.abc import Callable

from ui.glossary import explained
from ui.i18n import N_
from ui.settings import keys

SEED = N_("The first weights and the data are drawn from it. The same seed gives the same run.")
LEARNING_RATE = N_("How far each update moves the weights. Too small learns slowly; too large diverges.")
SPEED = N_("Slow motion or full speed. It changes nothing in what is learned per update.")
CELL = N_("How the state is computed: by one layer of tanh or ReLU units, or with gates that decide what is kept.")
HIDDEN_SIZE = N_("How many numbers the state has: the size of the memory. Parameters grow with its square.")
LAYERS = N_("Networks on top of each other: each layer reads the states of the one below.")
BATCH_SIZE = N_("How many sequences are averaged for one update.")
OPTIMIZER = N_("How a gradient becomes a change of the weights. Adam adapts the step for each weight; SGD does not.")
FORGET_BIAS = N_("Above 0 the forget gate starts open, and the cell state keeps what it holds; below 0 it forgets.")
INIT = N_(
    "Uniform: small random numbers. Orthogonal: neither stretches nor shrinks. Identity: each unit keeps its value."
)
EXAMPLE = N_("The same number is always the same sequence.")
VIEW = N_("The parts of this page; each keeps its settings.")
CLIP = N_("A longer gradient is scaled down to this norm before the update.")
EXPERIMENT = N_("Settings that show one thing. Choosing one sets all controls; change any of them afterwards.")
NOTATION = N_("The letters of the article, or the names that PyTorch gives to the same things.")
TYPED = N_("The sequence that the network reads.")

# name of a control -> what it does, then the words of the glossary that it uses
HELP: dict[str, tuple[str, ...]] = {
    keys.PRESET: (EXPERIMENT,),
    keys.LESSON: (N_("The lessons follow the article from its first sentence to its last. Any can be opened."),),
    keys.DATA: (
        N_("What the network learns from: a text, or a task that needs memory. What is asked of it stands below."),
    ),
    keys.BY: (N_("Characters: few symbols, long sequences. Words: many symbols, short sequences."),),
    keys.VOCABULARY: (N_("Only the most frequent words get an output of their own; more of them train more slowly."),),
    keys.FOLD_CASE: (N_("“The” and “the” become the same word."),),
    keys.RARE_CHARACTERS: (N_("What is seen too rarely to be learned is read as one symbol."),),
    keys.RARE_WORDS: (N_("What is seen too rarely to be learned is read as one symbol."),),
    keys.CELL: (CELL, "gate", "hidden_state"),
    keys.HIDDEN_SIZE: (HIDDEN_SIZE, "hidden_state"),
    keys.LAYERS: (LAYERS,),
    keys.BIDIRECTIONAL: (N_("A second network reads from the end. It sees what comes later, so it cannot write."),),
    keys.BIAS: (N_("The article's cell has none."),),
    keys.INIT: (INIT, "orthogonal"),
    keys.RADIUS: (
        N_("W is scaled so that its largest absolute eigenvalue is this at the start; with gates, each block of W."),
        "spectral_radius",
    ),
    keys.FORGET_BIAS: (FORGET_BIAS, "cell_state"),
    keys.BATCH_SIZE: (BATCH_SIZE, "batch"),
    keys.SEED: (SEED,),
    keys.SPEED: (SPEED,),
    keys.LEARNING_RATE: (LEARNING_RATE,),
    keys.OPTIMIZER: (OPTIMIZER,),
    keys.CLIPPING: (
        N_("What is done with a gradient that is too large: nothing, its norm is limited, or each of its numbers."),
        "clipping",
    ),
    keys.CLIP_NORM: (CLIP, "gradient_norm"),
    keys.CLIP_VALUE: (
        N_("Each number of the gradient that is larger is cut to this; that also changes its direction."),
    ),
    keys.TRUNCATION: (
        N_(
            "Full: the gradient runs back to the first step. Windowed: each loss reaches back k steps. "
            "Chunked: the sequence is cut every k steps."
        ),
        "bptt",
    ),
    keys.TRUNCATE: (N_("How many steps back the gradient runs."), "truncation"),
    keys.STATEFUL: (N_("The next update continues in the text where this one ended, and starts from its last state."),),
    keys.SPLIT: (N_("Where the sequence of the score comes from."), "held_out"),
    keys.EXAMPLE: (EXAMPLE,),
    keys.TYPED: (TYPED,),
    keys.LAYER: (N_("Whose states, gates and gradients the score shows."),),
    keys.ORDER: (N_("Similar: units that behave alike stand side by side."),),
    keys.GATES: (N_("More rows of the score: the gates, the cell state, what training changed."), "gate", "cell_state"),
    keys.UNIT: (N_("How the loss is written; it is the same loss."), "nat", "perplexity"),
    keys.NOTATION: (NOTATION,),
    keys.TEMPERATURE: (
        N_("Below 1 it writes what it is sure of; 0 always takes the likeliest symbol; above 1 it dares more."),
    ),
    keys.SAMPLE_EVERY: (N_("How often the network writes a text of its own, beside the score."),),
    # Settings of the tasks, whose names end so
    "task_sequence_length": (N_("Steps of one sequence: as far back as the gradient can run."),),
    "task_delay": (N_("Steps between what must be remembered and the answer: the longer, the harder."),),
    "task_symbols": (N_("How many different symbols must be told apart."),),
    "task_distractors": (N_("How many different symbols fill the time between. 1: always the same one."),),
    "task_length": (N_("How many symbols must be held at once."),),
    "task_longest": (N_("The network counts from 1 to this."),),
    "task_bits": (N_("How many channels must be remembered at once: n bits are 2ⁿ states."),),
    "task_clauses": (N_("More clauses make longer sentences, with more turns by “but” and “although”."),),
    "task_attractors": (N_("Nouns of the other number between subject and verb lead the network astray."),),
    "task_noise": (N_("How much random noise is added to each value."),),
    "task_period": (N_("Steps of one wave."),),
    # Gradients
    keys.GRADIENTS_VIEW: (VIEW,),
    keys.UNIT_W: (N_("The weight of the unit to itself, where the walk begins."),),
    keys.UNIT_B: (N_("The bias of the unit, where the walk begins."),),
    keys.UNIT_RATE: (LEARNING_RATE,),
    keys.UNIT_CLIP: (CLIP, "clipping"),
    keys.LATCH_W: (N_("The weight of the unit to itself. Above 1 it has two states that last, below 1 only one."),),
    keys.LATCH_U: (N_("What is put in for five steps: enough of it switches the unit to the other state."),),
    # Unroll
    keys.SENTENCE: (N_("Up to ten words or characters fit side by side."),),
    keys.SYMBOLS: (N_("Whether the network reads word by word or character by character."),),
    keys.UNROLL_CELL: (CELL, "gate"),
    keys.UNITS: (HIDDEN_SIZE,),
    keys.WITH_BIAS: (N_("The article's cell has none."),),
    keys.START_SEED: (SEED,),
    keys.STEP_SIZE: (LEARNING_RATE,),
    keys.CUT: (N_("How far back the gradient of each loss runs."), "bptt", "truncation"),
    keys.REACH: (N_("How many steps back the gradient runs."), "truncation"),
    keys.LETTERS: (NOTATION,),
    # Arena
    keys.MATCH: (EXPERIMENT,),
    keys.TASK: (N_("What all contenders learn, from the same batches in the same order."),),
    keys.CONTENDERS: (N_("How many networks learn side by side."),),
    keys.SIZE: (N_("Each gets the number of hidden units that comes nearest, unless you set its units yourself."),),
    keys.SWEEP_LAGS: (N_("Each lag is a task of its own: every contender tries it with every seed."), "lag"),
    keys.SWEEP_SEEDS: (N_("How often each contender tries, each time with other first weights."), "seed"),
    keys.SWEEP_BUDGET: (N_("A try that has not solved the task by then counts as not solved."),),
    keys.CLOCK: (N_("By updates each step counts the same; by time a slow cell falls behind."),),
    keys.ARENA_SPEED: (SPEED,),
    keys.ARENA_BATCH: (BATCH_SIZE, "batch"),
    keys.ARENA_OPTIMIZER: (OPTIMIZER,),
    keys.ARENA_CLIP: (CLIP, "clipping"),
    keys.ARENA_SEED: (SEED,),
    keys.ARENA_EXAMPLE: (EXAMPLE,),
    "contender_cell": (CELL, "gate"),
    "contender_units": (N_("0 takes as many units as make its parameters match the others'."),),
    "contender_init": (INIT, "orthogonal"),
    "contender_forget": (FORGET_BIAS, "cell_state"),
    "contender_rate": (LEARNING_RATE,),
    # Memory
    keys.MEMORY_VIEW: (VIEW,),
    keys.MEMORY_TEXT: (N_("What the network reads here."), "held_out"),
    keys.MEMORY_LENGTH: (N_("A longer text shows rarer things and takes longer to read."),),
    keys.MEMORY_QUANTITY: (
        N_("Which number of the chosen unit colours the text: its state, its cell state, a gate."),
        "hidden_state",
        "cell_state",
        "gate",
    ),
    keys.MEMORY_SORT: (N_("In which order the units stand beside the text."),),
    keys.MEMORY_GUESSES: (N_("What the network expected at each place, the likeliest first."),),
    keys.CHANGE_KIND: (N_("One thing is changed from the chosen symbol on; everything after it is recomputed."),),
    keys.CHANGE_QUANTITY: (
        N_("The number that is held at a value: the state, the cell state or a gate."),
        "cell_state",
        "gate",
    ),
    keys.CHANGE_UNITS: (N_("Only the chosen unit, or all units of the layer."),),
    keys.CHANGE_VALUE: (N_("What it is held at; 0 switches a state off or closes a gate."),),
    keys.CHANGE_STEPS: (N_("Afterwards the network continues by itself."),),
    keys.CHANGE_SYMBOL: (N_("It is read in place of the chosen one."),),
    keys.CHANGE_OTHER: (N_("Its last state takes the place of the network's own."),),
    keys.PLANE_SHOWN: (VIEW,),
    keys.PLANE_LEAVES: (N_("What hangs at the ends of the tree: a leaf for each symbol, or one for each word."),),
    keys.PLANE_COLOUR: (N_("What the colour of a point stands for: what is read, what is expected, or the time."),),
    keys.PLANE_DIMENSIONS: (N_("Two axes are a plane, three can be turned with the mouse or the arrow keys."),),
    keys.PLANE_FIXED: (
        N_("States that would stay if the input stayed; found by descent from the states of the text."),
        "fixed_point",
    ),
    keys.PLANE_HOLD: (N_("Otherwise they are fitted again each time the number of updates has doubled."),),
    # Language
    keys.WRITING_VIEW: (VIEW,),
    keys.INFORMATION: (N_("The unit of surprise and of loss on this page."), "bit", "nat"),
    keys.SENTENCES: (N_("One sentence per line; their probabilities are compared."),),
    keys.BEFORE: (
        N_("The network reads this first, so that the first symbol has a probability too. Empty: a line end."),
    ),
    keys.PROMPT: (N_("The network reads this first and continues it."),),
    keys.DRAW_LENGTH: (N_("How long the text is that it writes."),),
    keys.DRAW_TEMPERATURE: (N_("0 always takes the most probable symbol."), "temperature"),
    keys.DRAW_SEED: (N_("The same seed draws the same text from the same network."),),
    keys.TOP_K: (N_("Only the k likeliest symbols can be drawn."),),
    keys.TOP_P: (N_("The smallest set of likeliest symbols whose probabilities sum to this; 1 keeps all."),),
    keys.BEAMS: (
        N_("How many beginnings are continued side by side; 1 always takes the most probable symbol."),
        "beam_search",
    ),
    keys.PASSAGE: (N_("The same number is the same passage."),),
    # Shapes
    keys.SHAPE: (N_("At which steps there is an input, and at which an output."),),
    keys.SHAPE_CELL: (CELL, "gate"),
    keys.SHAPE_UNITS: (HIDDEN_SIZE,),
    keys.SHAPE_LAYERS: (LAYERS,),
    keys.SHAPE_RATE: (LEARNING_RATE,),
    keys.SHAPE_SPEED: (SPEED,),
    keys.SHAPE_SEED: (SEED,),
    keys.SHAPE_DIGIT: (N_("The network reads it once, at the first step, and draws it."),),
    keys.SHAPE_PAIRS: (N_("What is read, and what must be written when all of it was read."),),
    keys.SHAPE_WORDS: (N_("The language of the reviews; another one starts another network."),),
    keys.SHAPE_DEPTH: (N_("Four networks of equal size learn side by side; this one's inside is shown."),),
    keys.SHAPE_EXAMPLE: (EXAMPLE,),
    keys.SHAPE_FORCING: (
        N_("Its own words, the right ones, or a mixture: those that it will read later are its own."),
        "teacher_forcing",
    ),
}


def help_of(name: str, _: Callable) -> str | None:
    """The help of the control of this name; None where there is none.

    >>> help_of("recall_delay", str) == help_of("arena_copy_delay", str) == HELP["task_delay"][0]
    True
    """
    found = HELP.get(name) or HELP.get(_kind_of(name))
    if found is None:
        return None
    sentence, *terms = found
    return "\n\n".join([_(sentence), *explained(terms, _)])


def _kind_of(name: str) -> str:
    """The entry for one of several controls of a kind: of a task, of a contender, of a cell's gates."""
    contender = re.fullmatch(r"c\d_(\w+)", name)
    if contender:
        return f"contender_{contender[1]}"
    if name.startswith(f"{keys.GATES}_"):
        return keys.GATES
    kinds = [kind for kind in HELP if kind.startswith("task_") and name.endswith(kind.removeprefix("task"))]
    return max(kinds, key=len, default="")
