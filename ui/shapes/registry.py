"""The shapes, in the order of the page. A shape is a module with

TITLE, STORY, TYPE, HELP, NEEDED, EXERCISE  texts of the page, marked for translation
setup(values, code) -> ShapeSetup           networks and task for the settings, in the reader's language
analyzer(task, trainers, setup)             analyses a sample (SampleAnalysis); used by the training thread alone
figure(view, theme, translate)              its own chart
HEADING, ALT, SUMMARY                       title and description of that chart, the guide sentence always shown
guide(view, _), table(view, _)              how to read that chart, and its table
quality_table, quality_guide                only where outputs are graded beside a blind guess
LOG_LOSS                                    only where the loss is drawn on a log axis
"""

from types import ModuleType

from ui.shapes import bidirectional, captions, deep, encoder_decoder, many_to_many, many_to_one, one_to_many, speech

SHAPES: dict[str, ModuleType] = {
    "many_to_many": many_to_many,
    "many_to_one": many_to_one,
    "one_to_many": one_to_many,
    "encoder_decoder": encoder_decoder,
    "bidirectional": bidirectional,
    "deep": deep,
    "speech": speech,
    "captions": captions,
}
