"""The names under which a browser session keeps things: every st.session_state and widget key, spelled
once."""

# Not widgets
SESSION = "training_session"  # the TrainingSession with its thread
LIMITS = "axis_limits"  # (run, layer) and the axis ranges reached so far: they only grow
DRAWN = "drawn"  # the figures last drawn, so that an unchanged snapshot costs nothing
CHOSEN = "chosen"  # what was last chosen from each list, by the list's key

ASKED = "asked"  # what the link asked for when each page was first opened, by page
HIDE = "hide"  # names of controls that a link leaves out; set in the URL alone

# Widgets. Those that are in the URL have the name that the URL shows.
LANGUAGE = "lang"
DATA = "data"
TEXT = "text"
CELL = "cell"
HIDDEN_SIZE = "hidden_size"
SEQUENCE_LENGTH = "sequence_length"
BATCH_SIZE = "batch_size"
LEARNING_RATE = "learning_rate"
OPTIMIZER = "optimizer"
CLIPPING = "clipping"
CLIP_NORM = "clip_norm"
CLIP_VALUE = "clip_value"
LAYERS = "layers"
BIDIRECTIONAL = "bidirectional"
BIAS = "bias"
SEED = "seed"
EXAMPLE = "example"
SPLIT = "split"
LAYER = "layer"
GATES = "gates"
NOTATION = "notation"
SPEED = "speed"
PLAY = "play"
PAUSE = "pause"
STEP = "step"
RESET = "reset"
TAME = "tame"
SCORE_TABLE = "score_table"
LOSS_TABLE = "loss_table"

# Drop-down lists and sliders of names: the browser knows their values by what is written on them
NAMED = (DATA, CELL, OPTIMIZER, LAYER, SPEED)

# Elements that need an identity
SCORE = "score"
LOSS = "loss"

# The page «Unroll»: its settings, named as in the URL, then its buttons and what it keeps
SENTENCE = "sentence"
SYMBOLS = "symbols"
UNROLL_CELL = "unrolled_cell"
UNITS = "units"
WITH_BIAS = "with_bias"
START_SEED = "start_seed"
CUT = "cut"
REACH = "reach"
LETTERS = "letters"
STEP_SIZE = "step_size"
CHANGES = "changes"
PLACE = "place"
DESCEND = "descend"
UNDO = "undo"
START_OVER = "start_over"
TAKE = "take"
GIVE_BACK = "give_back"
CHECK = "check"
SCRIPT = "script"
COMPARE = "compare"
DESK = "desk"  # the network of the page, with the changes made to it
JOBS = "jobs"  # what is computed in the background
UNROLLED = "unrolled"  # the view in the browser
SHARES = "shares"
SHARING = "sharing"
DRAWN_UNROLLED = "drawn_unrolled"  # the data that the view was given last
PROBLEM = "problem"  # why the Lab's network could not be taken
