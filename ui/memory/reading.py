"""What the page «Memory» says at this moment, in words and in tables.

Nothing here renders: symbols of a text are shown as text alone.
"""

import numpy as np

from ui.figures.lens import short
from ui.figures.memory import scale_of
from ui.figures.symbols import visible
from ui.memory.controls import QUANTITIES
from ui.memory.passage import BOTH_WAYS
from ui.memory.window import SURPRISE
from ui.networks import frozen_note, guide

MOST_ROWS = 200  # of a table


def quantity_name(quantity: str, _) -> str:
    """What the text is coloured by."""
    return _(QUANTITIES[quantity])


def under_way(job, _) -> str:
    """How far what is computed in the background is, or why it failed; nothing about what is done in a moment."""
    if job.share is not None:
        return _("Computing: {share:.0%}").format(share=job.share)
    if "finite" in job.done.error:
        return _(
            "While it reads this text, the network's state grows beyond all numbers: W stretches it again and again. "
            "Take another cell, a smaller scale of W, or a shorter text of your own."
        )
    if job.done.error:
        return _("This text could not be read by the network. Choose another text, or start over.")
    return ""


def nothing_to_read(task, _) -> str:
    """Why there is no text."""
    if task.vocabulary is None:
        return _(
            "This network reads numbers, not symbols, so there is no text to colour. Choose a text, a grammar or "
            "another task with symbols as data."
        )
    return _("There is no text yet: type or paste at least two symbols that the network knows.")


def no_curves(_) -> str:
    """Which networks have memory curves."""
    return _(
        "Memory curves, and texts that are written on, need a network that reads in one direction and predicts a "
        "symbol at every step. Take away «Bidirectional», or choose a text as data."
    )


def cannot_change(detail: str, _) -> str:
    """A change that the core refused."""
    if detail == "unexpected":
        return _("This change could not be computed. Choose another symbol or another change.")
    return _("This change could not be computed: {detail}").format(detail=detail)


def unread(passage, _) -> str:
    """Which symbols were left out."""
    if not passage.unread:
        return ""
    return _("The network does not know these symbols, so they are left out: {symbols}").format(
        symbols=" ".join(visible(symbol) for symbol in passage.unread[:40])
    )


def numbers(read, view, unit, atlas, _) -> list[list[str]]:
    """(name, number, explanation) of what is told in figures."""
    recording = read.recording
    asked = recording.surprise[np.isfinite(recording.surprise)]
    surprise = f"{asked.mean(dtype=np.float64):.3f}" if asked.size else "–"
    note = frozen_note(view.update, _) if read.kept else _("of the network read")
    best = ""
    if atlas is not None and len(atlas.best) > unit and atlas.best[unit][0]:
        best = _("most like: {name} ({share:.2f})").format(name=atlas.best[unit][0], share=atlas.best[unit][1])
    return [
        [_("Update"), f"{read.update:,}", note],
        [_("Symbols read"), f"{len(recording.ids):,}", ""],
        [_("Mean surprise"), surprise, _("nats per symbol")],
        [_("Unit"), str(unit), best],
    ]


def names_of_units(order, atlas, _) -> list[str]:
    """What stands under each of the small pictures: the unit, and what it follows best if that is known."""
    names = []
    for unit in order:
        name = _("unit {number}").format(number=unit)
        property_name, share = atlas.best[unit] if atlas is not None and len(atlas.best) == len(order) else ("", 0)
        names.append(f"{name} · {property_name} {share:.2f}" if property_name else name)
    return names


def legend(recording, unit, low, high, theme, _) -> dict:
    """What the colours mean."""
    return {
        "value": _("{quantity}, unit {unit}: {low:g} … {high:g}").format(
            quantity=quantity_name(recording.quantity, _), unit=unit, low=low, high=high
        ),
        "surprise": _("surprise −log p: 0 … {most:g} nats").format(most=SURPRISE),
        "scale": scale_of(low, theme),
        "chances": [list(stop) for stop in theme.sequential],
        "ink": theme.ink,
        "faded": theme.faded,
        "background": theme.background,
        "marked": theme.marked,
        "grid": theme.grid,
        "bar": theme.held_out,
    }


def details(recording, passage, at: int, unit: int, _) -> dict:
    """The exact values at one symbol: a title, rows, the most probable outputs, the most active units."""
    sequence, step = divmod(at, recording.steps)
    symbol = visible(passage.vocabulary[recording.ids[at]])
    title = _("Symbol {number}: {symbol}").format(number=f"{at:,}", symbol=symbol)
    if passage.x.shape[1] > 1:
        title = _("Sequence {sequence}, step {step}: {symbol}").format(sequence=sequence, step=step, symbol=symbol)
    values = recording.values[at]
    rows = [[_("unit {number}").format(number=unit), f"{values[unit]:+.6f}"]]
    target = int(recording.targets[at])
    if target >= 0:
        rows.append([_("what came next"), visible(passage.vocabulary[target])])
        rows.append([_("surprise"), _("{loss:.6g} nats").format(loss=float(recording.surprise[at]))])
    outputs = [
        [visible(passage.vocabulary[i]), f"{p:.2%}", float(p), bool(i == target)]
        for i, p in zip(map(int, recording.guesses[at]), recording.odds[at], strict=True)
        if p > 0
    ]
    active = np.argsort(-np.abs(values), kind="stable")[:5]
    return {
        "title": title,
        "rows": rows,
        "outputs": outputs,
        "units": [
            [_("unit {number}").format(number=number), f"{values[number]:+.4f}", float(values[number])]
            for number in map(int, active)
        ],
        "headings": [_("best guesses"), _("most active units")],
    }


def search_note(atlas, recording, _) -> str:
    """On how much of the text it was searched."""
    return _(
        "Units are chosen on the first half of the {symbols:,} symbols and judged on the second half. «By "
        "chance» is the best that the same unit reaches when the property is cut into ten pieces and put together in "
        "another order, 20 times. Of {units} units and {properties} properties some pair always fits the half it was "
        "chosen on."
    ).format(symbols=atlas.symbols, units=recording.values.shape[1], properties=len(atlas.findings))


def told_of_change(shown, _) -> dict:
    """What the change did, in sentences, and the texts that the network writes."""
    if shown.verdict is not None:
        return _told_of_verdict(shown, _)
    if shown.both_ways:
        return _told_both_ways(shown, _)
    after = shown.divergence[shown.at - shown.begin :]
    most = int(np.argmax(after))
    if after[most] == 0:
        sentence = _("Nothing changes: the network does not use what was changed here.")
    elif most == 0:
        sentence = _("The prediction changes most right at symbol {at}, where the change begins: by {most} nats.")
    else:
        sentence = _("The prediction changes most {lag} symbols after symbol {at}: by {most} nats.")
    sentences = [sentence.format(lag=most, at=shown.at, most=short(float(after[most])))]
    losses = shown.loss[shown.at - shown.begin :]
    losses = losses[np.isfinite(losses)]
    if losses.size:
        sentences.append(
            _(
                "From there on, the loss changes by {change:+.3f} nats on average (predictions that count: {count})."
            ).format(count=losses.size, change=float(losses.mean()))
        )
    return {
        "sentences": sentences,
        "written": _sendable(shown.written),
        "writtenAfter": _sendable(shown.written_after),
    }


def _told_of_verdict(shown, _) -> dict:
    """The same of a network that has one output, at the end."""
    moved, loss = shown.verdict
    if moved == 0:
        sentences = [_("The one output, at the end, does not change: what was changed here does not get that far.")]
    else:
        sentences = [_("The one output, at the end, changes by {most} nats.").format(most=short(moved))]
    if np.isfinite(loss):
        sentences.append(_("Its loss changes by {change:+.3g} nats.").format(change=loss))
    step = shown.end - 1 - int(np.abs(shown.after - shown.before).max(axis=1)[::-1].argmax())
    largest = float(np.abs(shown.after - shown.before).max())
    if largest > 0:
        sentences.append(
            _("Among the numbers shown, the largest change is {largest}, at symbol {step}.").format(
                largest=short(largest), step=step
            )
        )
    return {"sentences": sentences}


def _told_both_ways(shown, _) -> dict:
    """The same of a network that reads in both directions."""
    most = int(np.argmax(shown.divergence))
    if shown.divergence[most] == 0:
        return {"sentences": [_("Nothing changes: the network does not use what was changed here.")]}
    sentences = [
        _("The prediction changes most at symbol {place}: by {most} nats. The change begins at symbol {at}.").format(
            place=shown.begin + most, most=short(float(shown.divergence[most])), at=shown.at
        )
    ]
    early = shown.divergence[: shown.at - shown.begin]
    if early.size and early.max() > 0:
        sentences.append(
            _(
                "Before it, where only the backward direction brings it, predictions change by up to {most} nats."
            ).format(most=short(float(early.max())))
        )
    losses = shown.loss[np.isfinite(shown.loss)]
    if losses.size:
        sentences.append(
            _("Over the symbols shown, the loss changes by {change:+.3g} nats on average (predictions that count: "
              "{count}).").format(count=losses.size, change=float(losses.mean()))
        )  # fmt: skip
    return {"sentences": sentences}


def lasting(curves, _) -> list[str]:
    """How long a change lasts, in steps."""
    told = []
    names = {
        "symbol": _("Another symbol is read: its effect on the predictions has fallen to a half after {half} symbols, "
                    "to 1 % after {hundredth} (mean of {places} places)."),
        "state": _("The memory is emptied: the effect has fallen to a half after {half} symbols, to 1 % after "
                   "{hundredth} (mean of {places} places)."),
    }  # fmt: skip
    for kind, curve in curves.items():
        never = _("more than {count}").format(count=len(curve.mean) - 1)
        half, hundredth = (never if lag is None else lag for lag in (curve.half, curve.hundredth))
        told.append(names[kind].format(half=half, hundredth=hundredth, places=curve.places))
    return told


def parts(opened, read, unit, shown, at, order, comparison, curves, _) -> dict:
    """The guides and tables that the reader has opened.

    shown : the first and the last symbol on the page. at : the one whose units are shown, or None.
    """
    recording, passage = read.recording, read.passage
    made = {
        "text_guide": lambda: text_guide(read, unit, _),
        "text_table": lambda: text_table(recording, passage, unit, *map(int, shown), _),
        "units_table": lambda: units_table(recording, at, order, _),
        "search_guide": lambda: search_guide(_),
        "change_guide": lambda: change_guide(recording.model.config, _),
        "change_table": lambda: change_table(comparison, _),
        "curve_guide": lambda: curve_guide(_),
        "curve_table": lambda: curve_table(curves, _),
    }
    return {name: made[name]() for name in opened}


def text_guide(read, unit, _) -> list[str]:
    """How to read the coloured text."""
    recording = read.recording
    values = recording.values[:, unit]
    sentences = [
        _(
            "Each cell is one symbol, coloured by what unit {unit} holds right after the network has read it. Over the "
            "whole text it goes from {low} to {high}, with a standard deviation of {deviation}."
        ).format(
            unit=unit, low=short(float(values.min())), high=short(float(values.max())),
            deviation=short(float(values.std(dtype=np.float64))),
        ),
        _(
            "The bar under a symbol is the surprise at it: how improbable the network found it just before, −log p. "
            "Below stand its five best guesses for what comes after this symbol, the darker the more probable."
        ),
        _(
            "Look for a unit that changes where something begins and ends: a quote, a bracket, a line, a word. The "
            "small pictures show the same rows for all units; click one to colour the text by it."
        ),
        guide(_),
    ]  # fmt: skip
    if read.passage.stream:
        sentences.append(
            _(
                "In training, a sequence has {steps} symbols and begins with an empty memory, unless the state is "
                "carried on. Here the network reads on without a break, so a cell can get to where it never was."
            ).format(steps=read.task.sequence_length)
        )
    if recording.model.config.bidirectional:
        sentences.append(
            _("This network reads in both directions, so a text is cut after {most:,} symbols.").format(most=BOTH_WAYS)
        )
    return sentences


def text_table(recording, passage, unit, begin, end, _) -> dict[str, list]:
    """The rows that are shown, symbol by symbol."""
    places = range(begin, min(end, begin + MOST_ROWS))
    vocabulary = passage.vocabulary
    return {
        _("symbol number"): list(places),
        _("symbol"): [visible(vocabulary[recording.ids[i]]) for i in places],
        _("unit {number}").format(number=unit): [f"{recording.values[i, unit]:.4f}" for i in places],
        _("surprise (nats)"): [
            f"{recording.surprise[i]:.3f}" if np.isfinite(recording.surprise[i]) else "" for i in places
        ],
        _("best guess"): [visible(vocabulary[recording.guesses[i, 0]]) for i in places],
        _("its probability"): [f"{recording.odds[i, 0]:.3f}" for i in places],
    }


def units_table(recording, at, order, _) -> dict[str, list]:
    """Every unit at one symbol, in the chosen order."""
    values = [""] * len(order) if at is None else [f"{recording.values[at, number]:+.4f}" for number in order]
    return {_("unit"): [int(number) for number in order], quantity_name(recording.quantity, _): values}


def search_guide(_) -> list[str]:
    """How to read the findings."""
    return [
        _(
            "AUC, the area under the ROC curve, is the chance that the unit is higher at a symbol with the property "
            "than at one without it: 0.5 is a coin, 1 is perfect. For numbers such as the position in the line, |r| "
            "is the correlation, from 0 to 1."
        ),
        _(
            "A pair counts as found if it reaches 0.9 (numbers: 0.8) on text that it was not chosen on, and more than "
            "by chance, with pieces of the property in another order: its rhythm alone does not explain it then."
        ),
        _(
            "A unit that follows the symbol just read says little: the input is right there. One that follows "
            "something from long ago, such as an open quote, is memory."
        ),
        _(
            "Choose a row: the bars over the symbols show where the property holds, or how large it is, and the "
            "chart compares the unit there and elsewhere."
        ),
    ]


def change_guide(config, _) -> list[str]:
    """How to read the comparison of such a network."""
    sentences = [
        _(
            "The dotted line marks the change. Above, the network as it is; below it, the same network reading with "
            "the change; then the difference, in which what is equal fades into the page."
        ),
        _(
            "The curves say what this does to what the network puts out: how far its prediction moves "
            "(Kullback–Leibler divergence), and whether the symbol that really comes gets less probable (loss)."
        ),
    ]
    if config.bidirectional:
        sentences.append(
            _(
                "This network reads in both directions. «From the chosen symbol on» means places of the text, for the "
                "backward direction too: it comes to the last of them first, and brings what changed there to the "
                "symbols before. Held are units of the layer and direction that is shown; the memory that is emptied "
                "or exchanged is that of the forward direction alone."
            )
        )
    if config.output == "last":
        sentences.append(
            _(
                "This network answers once, at the end: its prediction and its loss have one point only, and the "
                "pictures of the units show how the change gets there, or fades on the way."
            )
        )
    if not config.bidirectional and config.output == "every":
        sentences.append(
            _(
                "Both texts are written on from the same symbol with the same random numbers: as long as the "
                "predictions are alike, the texts are too."
            )
        )
    return sentences


def change_table(shown, _) -> dict[str, list]:
    """The comparison, symbol by symbol."""
    if shown is None:
        return {_("symbol number"): []}
    moved = np.abs(shown.after - shown.before)
    return {
        _("symbol number"): list(range(shown.begin, shown.end)),
        _("read"): [visible(shown.vocabulary[i]) for i in shown.changed_ids],
        _("largest change of a unit"): [f"{value:.4f}" for value in moved.max(axis=1)],
        _("change of the prediction (nats)"): [
            f"{value:.4g}" if np.isfinite(value) else "" for value in shown.divergence
        ],
        _("change of the loss (nats)"): [f"{value:+.4g}" if np.isfinite(value) else "" for value in shown.loss],
    }


def curve_guide(_) -> list[str]:
    """How to read the memory curves."""
    return [
        _(
            "At many places of the text, one symbol is exchanged or the memory is emptied, and the network reads on. "
            "The curve is how much its predictions differ from what they would have been, so many symbols later."
        ),
        _(
            "This measures memory itself, not the gradient: what has no effect on any prediction any more is "
            "forgotten, whatever the units still hold."
        ),
    ]


def curve_table(curves, _) -> dict[str, list]:
    """The memory curves as numbers."""
    if not curves:
        return {_("symbols later"): []}
    names = {"symbol": _("another symbol read"), "state": _("memory emptied")}
    reach = len(next(iter(curves.values())).mean)
    rows = {_("symbols later"): list(range(reach))}
    for kind, curve in curves.items():
        rows[_("{what}: KL (nats)").format(what=names[kind])] = [f"{value:.4g}" for value in curve.mean]
        rows[_("{what}: quartiles").format(what=names[kind])] = [
            f"{low:.3g} … {high:.3g}" for low, high in zip(curve.low, curve.high, strict=True)
        ]
        rows[_("{what}: loss (nats)").format(what=names[kind])] = [f"{value:+.4g}" for value in curve.loss]
    return rows


def _sendable(text: str) -> str:
    """A lone half of a surrogate pair cannot be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")
