"""The errors of the core. All are `ValueError`s and say: what was given; what is needed; what to do."""


class ConfigError(ValueError):
    """A setting is wrong: a field of `ModelConfig`, `TrainConfig` or of a task.

    Raised where the setting is made, before anything has been built from it. The message names the field, the
    value that was given and the range that is allowed.
    """


class InputError(ValueError):
    """An argument of a call is wrong: an array's shape, type or range, or a value that is not finite.

    Raised at the public function that was called, before it has changed anything. The message names the
    argument, what was given and what is needed, and where there is an obvious remedy also that.
    """


class CheckpointError(ValueError):
    """A file cannot be accepted as a checkpoint: it is foreign, truncated, oversized, altered or not finite.

    Raised before the contents cost memory, and before any model or file has been changed.
    `kind` is one of "foreign" (no such file at all), "incomplete", "altered", "encoder_decoder" (another kind of
    network), "elsewhere" (made with data of one's own, or longer than goes on) and "damaged" (whatever else does not
    fit).
    """

    def __init__(self, message: str, kind: str = "damaged") -> None:
        super().__init__(message)
        self.kind = kind
