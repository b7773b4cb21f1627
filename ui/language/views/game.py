"""The guessing game: the reader, the network and the counting models pay for the same symbols."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from rnn_core.tasks.stream import StreamTask
from ui.charts.symbols import visible
from ui.i18n import join_sentences
from ui.language import game
from ui.language.baselines import NgramBaselines
from ui.language.figures import race
from ui.language.frame_context import FrameContext, count_of
from ui.language.guides import amount, game_guide, game_table
from ui.live.renderer import Part

ORDERS = (1, 3)  # of the counting models that play; the best one plays too


Row = tuple[str, str, dict[str, float]]  # a guess, what came, the price of each player


def picture(context: FrameContext) -> tuple[dict[str, Any], dict[str, Any], tuple[int, list[Row]]]:
    """Frame of the view “game”."""
    copy, style, request = context.copy, context.style, context.request
    task, _ = copy.task, style.translate
    number = context.options.passage
    piece = context.cache.recall("passage", (copy.run, number), lambda: game.passage(task, number))
    rounds = len(piece.targets)
    guesses, unread = game.understood(task, list(request.guesses) if request.run == copy.run else [], rounds)
    done = len(guesses)
    frequency = context.cache.recall("shares", copy.run, lambda: game.shares(task))
    paid = {_("you"): game.prices(guesses, piece, frequency)}
    network, likeliest = context.cache.recall(
        "network", (copy.key, number), lambda: game.of_the_network(copy, piece)
    )  # fmt: skip
    paid[_("network")] = network[:done]
    found = count_of(context).baselines
    if found is not None:
        for order in dict.fromkeys((*[n for n in ORDERS if n < found.best], found.best)):
            key = ("counted", copy.run, number, order)
            paid[f"n = {order}"] = context.cache.recall(f"n = {order}", key, _counted(found, piece, order))[:done]
    written = [task.vocabulary[i] for i in piece.targets]
    rows = [
        (
            visible(task.vocabulary[guess.symbol]),
            visible(written[i]),
            {name: float(price[i]) for name, price in paid.items()},
        )
        for i, guess in enumerate(guesses)
    ]
    about = {
        "passage": number,
        "seen": _shown([*piece.context, *piece.targets[:done]], task),
        "asked": min(len(request.guesses), rounds) if request.run == copy.run else 0,
        "done": done,
        "rounds": rounds,
        "over": done >= rounds,
        "kind": copy.kind,
        "certainties": list(game.CERTAINTIES),
        "summary": _message(context, guesses, unread, rows, likeliest, rounds),
        "sums": {
            _("player"): list(paid),
            _("paid"): [amount(float(price.sum()), style, 1) for price in paid.values()],
            _("per symbol"): [amount(float(price.mean()), style) if done else "–" for price in paid.values()],
        },
    }
    return about, {"race": race(list(paid.items()), rounds, style)}, (rounds, rows)


GUIDES: dict[str, Callable[[FrameContext, int, list[Row]], Part]] = {
    "game_guide": lambda context, rounds, rows: game_guide(context.style, rounds),
    "game_table": lambda context, rounds, rows: game_table(rows, context.style),
}


def _counted(found: NgramBaselines, piece: game.Excerpt, order: int) -> Callable[[], np.ndarray]:
    return lambda: found.surprise(piece.context, piece.targets, order)


def _shown(ids: Iterable[int], task: StreamTask) -> str:
    return task.decode(ids).encode("utf-8", "replace").decode("utf-8")


def _message(
    context: FrameContext, guesses: list[game.Guess], unread: str, rows: list[Row], likeliest: np.ndarray, rounds: int
) -> list[str]:
    """[sentence, symbols beside it] about the last guess."""
    style, task = context.style, context.copy.task
    _ = style.translate
    if unread:
        return [_("The network's vocabulary has no such symbol; guess another:"), unread]
    if not guesses:
        return [_("Guess what comes next, and say how sure you are."), ""]
    last = len(guesses) - 1
    guess, came, prices = rows[last]
    you, network = list(prices.values())[:2]
    right = guess == came
    message = (
        _("Right. It cost you {you}, the network {network}.")
        if right
        else _("No. It cost you {you}, the network {network}.")
    )
    sentence = message.format(you=amount(you, style), network=amount(network, style))
    first = visible(task.vocabulary[int(likeliest[last])])
    over = _("That was the last one.") if len(guesses) >= rounds else ""
    return [
        join_sentences(sentence, over),
        _("it was {came}; the network's first guess: {first}").format(came=came, first=first),
    ]
