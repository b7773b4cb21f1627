"""The names under which a browser session keeps things: every st.session_state and widget key, spelled
once."""

# Not widgets
SESSION = "training_session"  # the TrainingSession with its thread
VISITOR = "visitor"  # the tab's key: who takes a place of the server, and finds its networks after a reload
TAKEN = "taken"  # what the tab had before a reload, until it is there again
AWAITED = "awaited"  # whether the page that the tab had before has not left yet, where the browser has asked for it
SPELLED = "spelled"  # how an address says what is set, by name, of all pages
ASKED = "asked"  # what the link asked for when each page was first opened, by page
FOLDS = "folds"  # keys of the parts that can be folded and have been drawn
CHOSEN = "chosen"  # what each control was last set to, by its key
FIRSTS = "firsts"  # what controls begin with where the link asks for what cannot be
NEAREST = "nearest"  # what a saved network learns with from now on, where no control can be set to what it did
BEYOND = (
    "beyond"  # what of a saved network no control can be set to, by name, and the setup that stands for it; or None
)
POSSIBLE = "possible"  # what was set in the Lab when it last could be
MEASURED = "measured"  # the text that was measured last, how it was to be read, and how it can be
STOOD = "stood"  # what a tab had set when a reload or another address found it again, by name
REMARKS = "remarks"  # what of the link could not be followed, by the page that it opened
FOLLOWED = "followed"  # there once the update that the link asks for is looked at
UPLOADED = "uploaded"  # the Text of the file that was uploaded last, or the TextError
KEPT_TEXT = "kept_text"  # the reader's own text where it is too long for its field
STAND_IN = "stand_in"  # the text of the app that is read where a link is for a text that it does not hold
UPLOADS = "uploads"  # how often the reader's own text was set by a button: each time the uploader begins anew
ACT = "act"  # the button beside the score that was pressed and changes controls, until it is done
OWN_NETWORK = "own_pytorch"  # the PyTorchNetwork of the file that was chosen last, or why there is none
OWN_READS = "own_reads"  # how often one was read: each time the uploader begins anew
OWN_OPENED = "own_opened"  # the PyTorchNetwork that the network on the pages came from, or None
OWN_STAND_INS = "own_stand_ins"  # symbol of its vocabulary -> what stands for it in a text
OWN_REFUSED = "own_refused"  # why it could not be opened as was asked, or None
LOADS = "loads"  # how often a checkpoint was loaded: each time the uploader begins anew
LOADED = "loaded"  # why the checkpoint that was uploaded last could not be loaded, or None
PROJECTING = "projecting"  # whether one chart fills the screen
LEAVE = "leave_projecting"  # the button that ends it
PAGE = "page_shown"  # the page whose script ran last
PRESENT_READ = "present_read"  # what the URL said of it when it was last read

# Settings: the widget's key is the URL's name
LANGUAGE = "lang"
HIDE = "hide"  # names of controls that the visit's last link leaves out; set in the URL alone
NO_PAGE = "no_page"  # of the URL alone: the name of a page that there is not, which led here
PRESENT = "present"  # whether the page is projected; set in the URL alone
PRESET = "preset"
DATA = "data"
TEXT = "text"
BY = "by"  # characters or words
VOCABULARY = "vocabulary"  # words that are kept, at most
FOLD_CASE = "fold_case"
RARE_CHARACTERS = "rare_characters"  # seen less often than this they become one symbol
RARE_WORDS = "rare_words"
CELL = "cell"
HIDDEN_SIZE = "hidden_size"
BATCH_SIZE = "batch_size"
LEARNING_RATE = "learning_rate"
OPTIMIZER = "optimizer"
CLIPPING = "clipping"
CLIP_NORM = "clip_norm"
CLIP_VALUE = "clip_value"
TRUNCATION = "truncation"
TRUNCATE = "truncate"
STATEFUL = "stateful"
LAYERS = "layers"
BIDIRECTIONAL = "bidirectional"
BIAS = "bias"
INIT = "init"
RADIUS = "spectral_radius"
FORGET_BIAS = "forget_bias"
CHRONO = "chrono"
DROPOUT = "dropout"
VANISHING_PENALTY = "vanishing_penalty"
SCHEDULED_SAMPLING = "scheduled_sampling"
SEED = "seed"
EXAMPLE = "example"
SPLIT = "split"
TYPED = "typed"
LAYER = "layer"
FIRST_ROW = "first_row"
ORDER = "order"
GO_TO_STEP = "go_to_step"  # of the Lab's network, where the page “Unroll” is to open; no setting
CHOSEN_STEP = "step"  # of the score; chosen in the browser
GATES = "gates"
NOTATION = "notation"
UNIT = "unit"
SPEED = "speed"
TEMPERATURE = "temperature"
SAMPLE_EVERY = "sample_every"
UPDATE = "update"  # at which the network is looked at; chosen in the browser

# Parts of the side bar that are folded until they are opened
MORE_TEXT = "more_text"
MORE_NETWORK = "more_network"
MORE_LEARNING = "more_learning"
SHOWN = "shown"
RUNS = "runs"  # of the session
WEIGHTS = "weights"
KEEP = "keep"

# Of the list of runs: before the identity of each, then what stands below
RUN_NAME = "run_name"
RUN_RETURN = "run_return"
RUN_DELETE = "run_delete"
RUN_BESIDE = "run_beside"
BESIDE = "beside"  # of the URL alone: what the run beside the present one is
BESIDE_ASKED = "beside_asked"  # what the link said of it, until it is there
BESIDE_TRAIN = "beside_train"
BESIDE_STOP = "beside_stop"

# Of the part that changes the weights
WEIGHTS_MATRIX = "weights_matrix"
WEIGHTS_VALUES = "weights_values"
WEIGHTS_SET = "weights_set"
COMPARED = "compared"  # (what was compared last, its view)
COMPARED_LOSS = "compared_loss"
COMPARED_SCORE = "compared_score"
COMPARED_PAIR = "compared_pair"
COMPARE_ANEW = "compare_anew"

# Buttons and files
UPLOAD = "upload"
CHECKPOINT = "checkpoint"
OWN_PART = "own_network"  # the part of the side bar about a network of the reader's, its file and what is asked
OWN_FILE = "own_file"
OWN_RELU = "own_relu"
OWN_BY = "own_by"
OWN_VOCABULARY = "own_vocabulary"
OWN_DATA = "own_data"
OWN_WORDS = "own_words"  # the text
OWN_OPEN = "own_open"
HIDDEN = "hidden_controls"
WITH_TEXT = "with_text"
RETRY = "retry"
RETRY_HERE = "retry_here"  # the same in the page

# Drop-down lists and sliders of names: the browser identifies their values by their labels
NAMED: tuple[str, ...]
NAMED = (PRESET, DATA, CELL, OPTIMIZER, LAYER, SPEED, INIT, RADIUS, CHRONO, TRUNCATION, ORDER, UNIT, FIRST_ROW)
NAMED += (VOCABULARY, RARE_CHARACTERS, RARE_WORDS, OWN_DATA)

# Elements that need an identity
LIVE = "live"
WELCOME = "welcome"  # for a browser that has never been here

# The page “Unroll”: its settings, named as in the URL, then its buttons and what it keeps
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
WORKSPACE = "workspace"  # the network of the page, with the changes made to it
OWN_WORKSPACE = "own_workspace"  # the reader's own, while the Lab's is shown
JOBS = "jobs"  # what is computed in the background
UNROLLED = "unrolled"  # the view in the browser
SHARES = "shares"
SHARING = "sharing"
SHARES_TABLE = "shares_table"
SHARING_TABLE = "sharing_table"
STEPS_TABLE = "steps_table"
DEVIATIONS_TABLE = "deviations_table"
DRAWN_UNROLLED = "drawn_unrolled"  # the data that the view was given last
PROBLEM = "problem"  # why the Lab's network could not be taken

# The page “Gradients”: its settings, named as in the URL, then its elements
GRADIENTS_VIEW = "view"
LOSS_STEP = "loss_step"  # the chosen loss of the matrix; chosen in the browser, like the next
STATE_STEP = "state_step"
UNIT_W = "unit_w"
UNIT_B = "unit_b"
UNIT_RATE = "unit_rate"
UNIT_CLIP = "unit_clip"
LATCH_W = "latch_w"
LATCH_U = "latch_u"
GRADIENTS = "gradients"  # the live element
CLIFF_CHART = "cliff_chart"
UNIT_CHART = "unit_chart"
LATCH_CHART = "latch_chart"
PATHS_TABLE = "paths_table"
POINTS_TABLE = "fixed_points_table"
LATCH_TABLE = "latch_table"

# The page “Arena”: what it keeps, its settings, named as in the URL, then its parts and its element
ARENA_SESSION = "arena_session"  # the ArenaSession with its thread
MATCH = "match"  # the experiment it started from
TASK = "task"
CONTENDERS = "contenders"
SIZE = "size"  # the number of parameters that all have
ARENA_BATCH = "batch"
ARENA_OPTIMIZER = "optimiser"
ARENA_CLIP = "clipped_to"
ARENA_SEED = "arena_seed"
ARENA_SPEED = "pace"
ARENA_EXAMPLE = "sequence"
CLOCK = "clock"
SWEEP_LAGS = "lags"
SWEEP_SEEDS = "seeds"
SWEEP_BUDGET = "budget"
MORE_MATCH = "more_match"
PLANNED = "planned"
ARENA_LIVE = "arena"
NAMED += (MATCH, TASK, ARENA_OPTIMIZER, ARENA_CLIP, ARENA_SPEED)
NAMED += tuple(f"c{number}_{name}" for number in range(1, 5) for name in ("cell", "init"))

# The page “Sweeps”: what it keeps, its settings, named as in the URL, then its element
SWEEPS_SESSION = "sweeps_session"  # the SweepsSession with its thread
SWEEP_ACROSS = "sweep_across"
SWEEP_DOWN = "sweep_down"
SWEEP_OF = "sweep_of"  # before the name of a setting: the values that it takes
SWEEP_DRAWN = "sweep_drawn"
SWEEP_DRAWS = "sweep_draws"
SWEEP_REPEATS = "sweep_seeds"
SWEEP_UPDATES = "sweep_updates"
SWEEP_MEASURE = "sweep_measure"
SWEEP_COLUMN = "sweep_column"  # of the cell that is open; chosen in the browser, like the next
SWEEP_ROW = "sweep_row"
SWEEP_CONTROLS = "sweep_controls"  # the box around them
SWEEP_BELOW = "sweep_below"  # where it says on a narrow screen that they follow
SWEEP_MACHINES = "sweep_machines"  # a part of the side bar, and the field in it
SWEEP_SCHEDULER = "sweep_scheduler"
SWEEPS_LIVE = "sweeps"
NAMED += (SWEEP_ACROSS, SWEEP_DOWN)

# The plane of the page “Memory”
PLANE_SHOWN = "plane_view"
PLANE_DIMENSIONS = "plane_axes"
PLANE_COLOUR = "plane_colour"
PLANE_INPUT = "plane_input"  # that stays; chosen in the browser
PLANE_HOLD = "plane_hold"
PLANE_FIXED = "plane_fixed"
PLANE_LEAVES = "plane_leaves"
PLANE_TURN = "plane_turn"  # of the space, in degrees; turned in the browser, like the next
PLANE_TILT = "plane_tilt"
PLANE = "plane"  # the live element

# The page “Language”: its settings, named as in the URL, then its buttons and its element
WRITING_VIEW = "look_at"
INFORMATION = "information"  # the unit: bits or nats
SENTENCES = "sentences"
BEFORE = "before"  # what is read before each of them
PROMPT = "prompt"
DRAW_TEMPERATURE = "draw_temperature"
TOP_K = "top_k"
TOP_P = "top_p"
DRAW_SEED = "draw_seed"
DRAW_LENGTH = "draw_length"
BEAMS = "beams"
PASSAGE = "passage"
BRANCHES = "branches"  # made in the browser
TAKE_TEXT = "take_text"
ONE_WAY = "one_way"
WRITING = "writing"  # the live element
NAMED += (TOP_K,)

# The page “Shapes”: what it keeps, its settings, named as in the URL, then its parts and its element
SHAPES_SESSION = "shapes_session"  # the ShapesSession with its thread
SHAPE = "shape"
SHAPE_CELL = "with"
SHAPE_UNITS = "width"
SHAPE_LAYERS = "stacked"
SHAPE_DEPTH = "depth"  # whose inside is shown, of the networks of one to four layers
SHAPE_PAIRS = "pairs"
SHAPE_FORCING = "forcing"
SHAPE_SEEN = "seen"  # of the input, by the decoder
SHAPE_BEAM = "beam"  # width
SHAPE_WORDS = "words"  # the language of the sentences
SHAPE_DIGIT = "digit"
SHAPE_LABELS = "labels"  # from which the network learns to hear
SHAPE_SPEAKERS = "voices"  # of the training data
SHAPE_RECORDING = "recording"  # the control that the reader's voice is recorded with; never in an address
SHAPE_VOICE = "voice"  # what is heard of it: samples of 16 bits
SHAPE_FORGET = "forget_voice"
SHAPE_PICTURE = "picture"  # an example, of two objects, or the reader's drawing
SHAPE_DRAWING = "drawing"
SHAPE_PAPER = "paper"  # the element on which it is drawn
SHAPE_OBJECTS = tuple(  # of the reader's picture: a key for each attribute
    {name: f"{name}_{number}" for name in ("size", "colour", "form", "place")} for number in (1, 2)
)
SHAPE_EXAMPLE = "instance"
SHAPE_RATE = "rate"
SHAPE_SEED = "shape_seed"
SHAPE_SPEED = "tempo"
SHAPES_LIVE = "shapes"
NAMED += (SHAPE_CELL, SHAPE_PAIRS, SHAPE_SPEED, SHAPE_RATE)
NAMED += tuple(key for known in SHAPE_OBJECTS for key in known.values())

# The page “Memory”: its settings, named as in the URL, then its element and what its button is called
MEMORY_VIEW = "memory_view"
MEMORY_TEXT = "memory_text"
MEMORY_LENGTH = "memory_length"
MEMORY_OWN = "memory_own"
MEMORY_QUANTITY = "quantity"
MEMORY_SORT = "memory_sort"
MEMORY_GUESSES = "guesses"
MEMORY_STEP = "symbol"  # the chosen symbol; chosen in the browser, like the next three
MEMORY_UNIT = "chosen_unit"
MEMORY_BEGIN = "range_begin"
MEMORY_END = "range_end"
CHANGE_KIND = "change"
CHANGE_QUANTITY = "change_quantity"
CHANGE_UNITS = "change_units"
CHANGE_VALUE = "change_value"
CHANGE_SYMBOL = "change_symbol"
CHANGE_OTHER = "change_other"
CHANGE_STEPS = "change_steps"
CHANGE_CONTROLS = "change_controls"  # what holds the last seven
MEMORY_READ = "memory_read"  # a part of the page, folded beside them
MEMORY_LIVE = "memory"
NAMED += (MEMORY_TEXT, MEMORY_QUANTITY, MEMORY_SORT, CHANGE_KIND, CHANGE_QUANTITY)

# The page “Course”: its setting, what it keeps, its element, its charts and buttons
LESSON = "lesson"
COURSE = "course_state"  # the CourseState
COURSE_FORM = "course"
COURSE_CHART = "course_chart"
COURSE_CHART_KEPT = "course_chart_kept"
COURSE_RUN = "course_run"
COURSE_TRY = "course_try"
COURSE_TRYING = "course_trying"
COURSE_NEXT = "course_next"
COURSE_BACK = "course_back"
COURSE_ERASE = "course_erase"
COURSE_ERASE_NETWORKS = "course_erase_networks"
COURSE_ANSWERS = "course_answers"
CLASS = "class"  # the code of the class that this tab is in
CLASS_KEY = "class_key"  # (code, the teacher's key) of the class that this tab has started
CLASS_OUTCOME = "class_outcome"  # (code, what was compared last) of the class that this tab has shown
CLASS_REFUSED = "class_refused"  # why no class could be started, until the page has shown it
CLASS_LIVE = "class_live"  # the element
CLASS_START = "class_start"
CLASS_CODE = "class_code"  # the field for the code of a class
COURSE_OWN = "course_own"
COURSE_EXAMPLE = "course_example"
COURSE_OWN_FILE = "course_own_file"
OWN_LESSON = "own_lesson"  # the text of the lesson that was uploaded
OWN_PROBLEMS = "own_problems"  # of the file that was chosen last
COURSE_REPLACE = "course_replace"
COURSE_LEAVE = "course_leave"
COURSE_LINK = "course_link"
COURSE_HAND_IN = "course_hand_in"
COURSE_NAME = "course_name"
COURSE_MAKE = "course_make"
COURSE_DOWNLOAD = "course_download"
COURSE_VERIFY = "course_verify"
COURSE_VERIFIED = "course_verified"

# The page “Results”: its setting, what it keeps, its elements and its buttons
RESULT = "result"
RESULT_RUNS = "result_runs"  # measurements of this tab, by the name of the result
RESULT_LIST = "results"
RESULT_CHART = "result_chart"
RESULT_CURVES = "result_curves"
RESULT_SEEDS = "result_seeds"
RESULT_DECIDES = "result_decides"
RESULT_NETWORKS = "result_networks"
RESULT_NETWORKS_NOW = "result_networks_now"
RESULT_SEEDS_NOW = "result_seeds_now"
RESULT_RUN = "result_run"
RESULT_STOP = "result_stop"
RESULT_BACK = "result_back"
