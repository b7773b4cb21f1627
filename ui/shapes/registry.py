"""The shapes, in the order of the page. A shape is a module with

TITLE, STORY, TYPE, HELP, NEEDED, EXERCISE  what the page says: marked for translation
form(values, code) -> Form                  what the settings ask for, in the reader's language
reader(task, trainers, form)                with read(look, complete) -> Reading: made and asked by the training thread
figure(view, theme, translate)              its own chart
HEADING, ALT, SAYS                          of that: its title, its description, a sentence of its guide
guide(view, _), table(view, _)              how to read that, and the same as a table
"""

from types import ModuleType

from ui.shapes import bidirectional, deep, encoder_decoder, many_to_many, many_to_one, one_to_many

SHAPES: dict[str, ModuleType] = {
    "many_to_many": many_to_many,
    "many_to_one": many_to_one,
    "one_to_many": one_to_many,
    "encoder_decoder": encoder_decoder,
    "bidirectional": bidirectional,
    "deep": deep,
}
