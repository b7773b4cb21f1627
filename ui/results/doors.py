"""Addresses of the pages that show the networks of a result, with exactly its settings and its first seed."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from rnn_core import CELLS
from ui.network.results.record import Network, Result
from ui.network.settings import SETTINGS
from ui.pages import FIRST
from ui.settings import keys


class Way(NamedTuple):
    """A way to a page. network : its name, where the page shows one; empty where it shows all."""

    page: str
    query: Mapping[str, str]
    network: str = ""


def ways(result: Result) -> list[Way]:
    """To the Arena with all networks, or to the Lab or Memory with one at a time."""
    if result.door.page == "arena":
        return [Way("arena", arena_query(result) | dict(result.door.query))]
    return [
        Way(result.door.page, lab_query(network) | dict(result.door.query), name)
        for name, network in result.networks.items()
    ]


def lab_query(network: Network) -> dict[str, str]:
    """What the address of the Lab says for this network."""
    values = dict(network.values) | {keys.SEED: network.seeds[0]}
    return {name: SETTINGS[name].spell(value) for name, value in values.items() if value != SETTINGS[name].default}


def arena_query(result: Result) -> dict[str, str]:
    """What the address of the Arena says for these networks: its contenders, in their order."""
    first, *_others = every = list(result.networks.values())
    task = first.values[keys.DATA]
    query = {
        keys.TASK: task,
        keys.CONTENDERS: str(len(every)),
        keys.ARENA_BATCH: str(first.values[keys.BATCH_SIZE]),
        keys.ARENA_SEED: str(first.seeds[0]),
    }
    query |= {f"arena_{name}": str(value) for name, value in first.values.items() if name.startswith(f"{task}_")}
    for number, network in enumerate(every, 1):
        own = {name: SETTINGS[name].default for name in SETTINGS} | dict(network.values)
        query |= {
            f"c{number}_{name}": SETTINGS[key].spell(own[key])
            for name, key in (
                ("cell", keys.CELL),
                ("units", keys.HIDDEN_SIZE),
                ("init", keys.INIT),
                ("rate", keys.LEARNING_RATE),
                ("forget", keys.FORGET_BIAS),
            )
            if name != "forget" or CELLS[own[keys.CELL]].has_cell
        }
    return query


def address(results: str, way: Way, language: str) -> str:
    """Address of a way. results : of the page Results.

    >>> address("https://example.org/app/results", Way("lab", {"cell": "gru"}), "en")
    'https://example.org/app/?cell=gru&lang=en'
    """
    page = "" if way.page == FIRST else way.page
    return f"{results.removesuffix('results')}{page}?{urlencode({**way.query, keys.LANGUAGE: language})}"
