"""Name and reason of each operation. {U}, {W}, {V}, {s}: the letters of the chosen notation."""

from ui.i18n import N_

OPERATIONS = {
    "pick": (
        N_("The symbol's column of {U}"),
        N_(
            "The input is a one-hot vector (1 in one place, 0 elsewhere), so its product with {U} is one column of {U}."
        ),
    ),
    "recur": (
        N_("{W} times the state before"),
        N_("Every unit reads all units of the state before: a row of {W} times a column."),
    ),
    "sum": (N_("The sum"), N_("What the symbol brings and what the memory brings, added.")),
    "squash": (
        N_("The new state"),
        N_("The function f bends the sum. The result is the memory that the next step will read."),
    ),
    "gate_r": (N_("Reset gate"), N_("From 0 to 1: how much of the old state the candidate may see.")),
    "gate_z": (N_("Update gate"), N_("From 0 to 1: how much of the old state stays.")),
    "reset": (N_("The candidate's sum"), N_("The part that comes from the old state passes through the reset gate.")),
    "reset_state": (
        N_("The state behind the reset gate"),
        N_("What the candidate may see of the old state: each unit times its own reset gate."),
    ),
    "candidate": (N_("The candidate"), N_("What this step would like to write into the memory.")),
    "blend": (N_("The new state"), N_("A mixture: z keeps the old state, 1 − z takes the candidate.")),
    "gate_i": (N_("Input gate"), N_("From 0 to 1: how much of the candidate is written into the cell.")),
    "gate_f": (N_("Forget gate"), N_("From 0 to 1: how much of the old cell stays.")),
    "gate_o": (N_("Output gate"), N_("From 0 to 1: how much of the cell the state shows.")),
    "peephole": (
        N_("What the peephole shows"),
        N_("The gate sees its own unit's cell, even where the output gate hides it from {W}: one weight per unit."),
    ),
    "norm_total": (
        N_("The sum of what is normalised"),
        N_("Layer normalisation looks at all units of the layer together; in a product, at all of its gates, too."),
    ),
    "norm_mean": (N_("The mean"), N_("The sum, divided by how many numbers there are.")),
    "norm_centred": (N_("Minus the mean"), N_("After this the numbers have the mean 0.")),
    "norm_squares": (N_("The sum of the squares"), N_("How widely the numbers are spread around their mean.")),
    "norm_deviation": (
        N_("The standard deviation"),
        N_("The root of the mean square. The 0.00001 keeps it from being 0 where all numbers are equal."),
    ),
    "norm_divided": (
        N_("The normalised numbers"),
        N_("Mean 0 and variance 1, however large the weights are: no gate is pushed to its end by their size alone."),
    ),
    "norm_gain": (N_("Times the gain"), N_("One learned number per unit decides how large it is after all.")),
    "sum_cell": (
        N_("Plus the cell's bias"),
        N_("Only what leaves the cell is shifted; the cell itself stays as it is."),
    ),
    "cell": (N_("The new cell state"), N_("What is kept of the old cell, plus what is written.")),
    "cell_tanh": (N_("The bounded cell state"), N_("The cell can grow; its tanh stays between −1 and 1.")),
    "expose": (N_("The new state"), N_("What the output gate lets out of the cell.")),
    "read": (
        N_("{V} times the state"),
        N_("Every symbol of the vocabulary gets a score: a row of {V} times the state."),
    ),
    "sum_out": (N_("Plus the bias"), N_("The scores that do not depend on the state, added.")),
    "exp": (N_("Exponentials"), N_("They make every score positive and stretch the differences.")),
    "exp_shifted": (
        N_("Exponentials"),
        N_("The largest score is subtracted first, so that no exponential overflows. The softmax stays the same."),
    ),
    "exp_sum": (N_("The sum of the exponentials"), N_("What each of them will be divided by.")),
    "softmax": (N_("Softmax"), N_("Each exponential divided by their sum: the probabilities of the next symbol.")),
    "surprise": (
        N_("The loss of this step"),
        N_("Minus the logarithm of the probability that was given to the symbol that really comes next."),
    ),
    "loss": (N_("The loss"), N_("The sum over the steps.")),
    "d_output": (
        N_("The error at the output"),
        N_("Logarithm and softmax together leave the simplest of gradients: guess minus truth."),
    ),
    "d_from_output": (
        N_("Back through {V}"),
        N_("The first term of the state's gradient: what the output of this same step wants."),
    ),
    "d_from_later": (
        N_("Back through {W}"),
        N_("What all later losses want. It comes from the next step, through the transposed {W}."),
    ),
    "d_gates_path": (N_("The gate path"), N_("The paths back through all the gates, added.")),
    "d_kept": (
        N_("The direct path"),
        N_("What the update gate kept goes back with the same factor z, through no weight."),
    ),
    "d_both_paths": (N_("Both paths from the next step"), N_("The direct path and the gate path, added.")),
    "d_cell_path": (
        N_("The path along the cell state"),
        N_("Along the cell the gradient is only multiplied by the forget gate: no weight, no slope."),
    ),
    "d_peephole_later": (
        N_("Back through a peephole of the next step"),
        N_("That step's gate looked at this cell: its gradient, times the weight of the peephole."),
    ),
    "d_cell_paths": (
        N_("All paths from the next step's cell"),
        N_("Along the cell, and through the peepholes of the input gate and the forget gate, added."),
    ),
    "d_peephole": (
        N_("Back through the output gate's peephole"),
        N_("The output gate of this step looked at the new cell: its gradient, times the weight of the peephole."),
    ),
    "d_through_state": (
        N_("Into the cell state through the hidden state"),
        N_("The state's gradient passes the output gate and the slope of tanh."),
    ),
    "d_through_tanh": (
        N_("Back through the tanh of the cell"),
        N_("The state's gradient passes the output gate and the slope of tanh."),
    ),
    "d_norm_gain": (N_("Back through the gain"), N_("The gradient of what the normalisation left, times the gain.")),
    "d_norm_total": (
        N_("The part along the mean"),
        N_("A shift of all numbers alike changes nothing after the normalisation: this part will be taken out."),
    ),
    "d_norm_inner": (
        N_("The part along the numbers themselves"),
        N_("To stretch all numbers alike changes nothing either: this part will be taken out, too."),
    ),
    "d_norm": (
        N_("Back through the normalisation"),
        N_("Both parts are taken out. The rest is divided by the deviation: the larger the numbers, the less arrives."),
    ),
    "d_cell": (
        N_("The gradient of the cell state"),
        N_("What comes along the cell and what comes through the state, added."),
    ),
    "d_state": (
        N_("The gradient of the state"),
        N_("All terms added: how the loss would change if this state changed."),
    ),
    "d_columns": (
        N_("A column for each loss"),
        N_(
            "How far a gradient may go depends on the loss it comes from, so each loss has its own column. "
            "Hatched columns lie beyond the window."
        ),
    ),
    "d_within": (N_("Within the window"), N_("The columns that the truncation keeps, added.")),
    "slope": (
        N_("The slope of f"),
        N_("Where f is flat, little of the gradient gets through. This is where it vanishes."),
    ),
    "d_sum": (N_("The gradient of the sum"), N_("The state's gradient times the slope.")),
    "d_candidate": (N_("The gradient of the candidate"), N_("Through 1 − z and the slope of tanh.")),
    "d_update": (
        N_("The gradient of the update gate"),
        N_("The gate chose between old state and candidate: their difference, times the slope of σ."),
    ),
    "d_reset": (N_("The gradient of the reset gate"), N_("Through the product with the gate, times the slope of σ.")),
    "d_reset_state": (
        N_("The gradient of the state behind the reset gate"),
        N_("The candidate's gradient, through the transposed {W}."),
    ),
    "d_through_reset": (
        N_("Back through the reset gate"),
        N_("What the candidate of the next step wants of this state, as far as that step's reset gate let it see it."),
    ),
    "d_inner": (
        N_("The gradient behind the reset gate"),
        N_("The candidate's gradient, as far as the reset gate lets it through."),
    ),
    "d_gate_i": (
        N_("The gradient of the input gate"),
        N_("The cell's gradient times the candidate, times the slope of σ."),
    ),
    "d_gate_f": (
        N_("The gradient of the forget gate"),
        N_("The cell's gradient times the old cell, times the slope of σ."),
    ),
    "d_gate_g": (
        N_("The gradient of the candidate"),
        N_("The cell's gradient times the input gate, times the slope of tanh."),
    ),
    "d_gate_o": (
        N_("The gradient of the output gate"),
        N_("The state's gradient times the tanh of the cell, times the slope of σ."),
    ),
    "share_U": (
        N_("What this step adds to the gradient of {U}"),
        N_("A column times a row. Only the column of this step's symbol is not zero."),
    ),
    "share_W": (
        N_("What this step adds to the gradient of {W}"),
        N_("A column times a row: the gradient of the sum, and the state it was computed from."),
    ),
    "share_P": (
        N_("What this step adds to the gradient of the peephole"),
        N_("The gradient of the gate's sum, times the cell that the gate saw."),
    ),
    "share_G": (
        N_("What this step adds to the gradient of the gain"),
        N_("The gradient of what follows, times the normalised number."),
    ),
    "share_V": (
        N_("What this step adds to the gradient of {V}"),
        N_("A column times a row: the error at the output, and the state."),
    ),
    "gradient": (
        N_("All steps added"),
        N_("Every step uses the same weights, so their gradient is the sum of what the steps add."),
    ),
    "descend": (
        N_("One gradient step"),
        N_("Each weight moves against its gradient, by the learning rate η times the gradient."),
    ),
}

VIEW = {
    "forward": N_("Forward"),
    "backward": N_("Backward"),
    "start": N_("To the first operation"),
    "previous": N_("Previous operation (←)"),
    "play": N_("Play (space)"),
    "pause": N_("Pause (space)"),
    "next": N_("Next operation (→)"),
    "end": N_("To the last operation"),
    "of": N_("{number} of {count}"),
    "step": N_("step {t}"),
    "initial": N_("initial state"),
    "sums": N_("sums"),
    "update": N_("gradient step"),
    "total": N_("loss"),
    "unit": N_("unit"),
    "rounding": N_("rounding"),
    "rounded": N_("The figures are rounded; point at one to read it in full."),
    "exact": N_("in full"),
    "leftOut": N_("left out by the truncation"),
    "pointed": N_("How this number is made: {name}"),
    "edit": N_("Weight {name}: {value}. Press to change it."),
    "editing": N_("New value"),
    "refused": N_("A weight is a number from −50 to 50."),
    "stack": N_("What each step adds"),
    "weights": N_("All weights"),
    "weightsHelp": N_("Press a number to change it; everything follows at once."),
    "copies": N_("Point at a weight: its copies light up, the same at every step."),
    "others": N_("Other symbols ({count}): 0 each"),
    "large": N_("A large network: the row of one unit is shown."),
    "legend": N_("Lines are as thick as their numbers are large: blue negative, orange positive."),
    "diagram": N_(
        "The network unrolled over {steps} steps: below the symbols, in the middle the states, above the predictions."
    ),
    "seek": N_("Drag to any operation"),
    "keys": N_("Keys: ← → operation, ↑ ↓ step, space play"),
    "save": N_("Save the diagram:"),
    "savePng": N_("Picture (PNG)"),
    "saveSvg": N_("Drawing (SVG)"),
}
