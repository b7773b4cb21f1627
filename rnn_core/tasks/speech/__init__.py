"""Tasks of speech: frames of sound in, symbols out. Their loss belongs to whole sequences, so that they stand beside
`TASKS`, whose losses are shown step by step."""

from rnn_core.tasks.speech.task import SpeechFramesTask, SpeechTask

SPEECH: dict[str, type[SpeechTask]] = {"speech": SpeechTask, "speech_frames": SpeechFramesTask}

__all__ = ["SPEECH", "SpeechFramesTask", "SpeechTask"]
