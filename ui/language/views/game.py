"""The guessing game: the reader, the network and the counting models pay for the same symbols."""

from ui.charts.symbols import visible
from ui.i18n import join_sentences
from ui.language import game
from ui.language.figures import race
from ui.language.frame_context import Scene, count_of
from ui.language.guides import amount, game_guide, game_table

ORDERS = (1, 3)  # of the counting models that play; the best one plays too


def picture(scene: Scene) -> tuple[dict, dict]:
    """What the view «game» shows."""
    voice, look, want, opened = scene.voice, scene.look, scene.want, scene.want.opened
    task, _ = voice.task, look.translate
    number = scene.stage.passage
    piece = scene.memory.recall("passage", (voice.run, number), lambda: game.passage(task, number))
    rounds = len(piece.targets)
    guesses, unread = game.understood(task, list(want.guesses) if want.run == voice.run else [], rounds)
    done = len(guesses)
    frequency = scene.memory.recall("shares", voice.run, lambda: game.shares(task))
    paid = {_("you"): game.prices(guesses, piece, frequency)}
    network, likeliest = scene.memory.recall(
        "network", (voice.key, number), lambda: game.of_the_network(voice, piece)
    )  # fmt: skip
    paid[_("network")] = network[:done]
    found = count_of(scene).rulers
    if found is not None:
        for order in dict.fromkeys((*[n for n in ORDERS if n < found.best], found.best)):
            key = ("counted", voice.run, number, order)
            paid[f"n = {order}"] = scene.memory.recall(f"n = {order}", key, _counted(found, piece, order))[:done]
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
        "asked": min(len(want.guesses), rounds) if want.run == voice.run else 0,
        "done": done,
        "rounds": rounds,
        "over": done >= rounds,
        "kind": voice.kind,
        "certainties": list(game.CERTAINTIES),
        "said": _said(guesses, unread, rows, likeliest, task, scene, rounds),
        "sums": {
            _("player"): list(paid),
            _("paid"): [amount(float(price.sum()), look, 1) for price in paid.values()],
            _("per symbol"): [amount(float(price.mean()), look) if done else "–" for price in paid.values()],
        },
        "parts": {},
    }
    if "game_guide" in opened:
        about["parts"]["game_guide"] = game_guide(look, rounds)
    if "game_table" in opened:
        about["parts"]["game_table"] = game_table(rows, look)
    return about, {"race": race(list(paid.items()), rounds, look)}


def _counted(found, piece, order: int):
    return lambda: found.surprise(piece.context, piece.targets, order)


def _shown(ids, task) -> str:
    return task.decode(ids).encode("utf-8", "replace").decode("utf-8")


def _said(guesses, unread, rows, likeliest, task, scene, rounds) -> list[str]:
    """[sentence, symbols beside it] about the last guess."""
    look = scene.look
    _ = look.translate
    if unread:
        return [_("The network's vocabulary has no such symbol; guess another:"), unread]
    if not guesses:
        return [_("Guess what comes next, and say how sure you are."), ""]
    last = len(guesses) - 1
    guess, came, prices = rows[last]
    you, network = list(prices.values())[:2]
    right = guess == came
    told = (
        _("Right. It cost you {you}, the network {network}.")
        if right
        else _("No. It cost you {you}, the network {network}.")
    )
    sentence = told.format(you=amount(you, look), network=amount(network, look))
    first = visible(task.vocabulary[int(likeliest[last])])
    over = _("That was the last one.") if len(guesses) >= rounds else ""
    return [
        join_sentences(sentence, over),
        _("it was {came}; the network's first guess: {first}").format(came=came, first=first),
    ]
