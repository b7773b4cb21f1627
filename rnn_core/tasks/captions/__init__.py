"""Tasks of captions: a picture in, words out. They stand beside `TASKS`, whose sequences are of one kind of input."""

from rnn_core.tasks.captions.task import CaptionTask, ChineseCaptionTask

CAPTIONS: dict[str, type[CaptionTask]] = {"captions": CaptionTask, "captions_zh": ChineseCaptionTask}

__all__ = ["CAPTIONS", "CaptionTask", "ChineseCaptionTask"]
