"""Ways from a result to the pages that show its networks: they open exactly those."""

import pytest

from ui.arena import controls as arena
from ui.arena.records import training_of
from ui.network.results import RESULTS
from ui.network.results.measuring import setup_of
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.pages import page
from ui.results.doors import address, ways
from ui.settings import keys

EVERY = [(result, way) for result in RESULTS.values() for way in ways(result)]


@pytest.mark.parametrize(("result", "way"), EVERY, ids=[f"{result.name}-{way.network}" for result, way in EVERY])
def test_a_way_opens_the_networks_that_were_measured(result, way):
    table = page(way.page).settings
    assert all(table[name].understands(text) for name, text in way.query.items())
    values = {name: table[name].parse(way.query.get(name, table[name].spell(table[name].default))) for name in table}
    if way.page == "arena":
        match, training, _plan = arena.arranged(values)
        expected = [setup_of(network, network.seeds[0]) for network in result.networks.values()]
        assert [match.setup(contender) for contender in match.contenders] == [setup for setup, _training in expected]
        assert [training_of(contender, training) for contender in match.contenders] == [
            training for _setup, training in expected
        ]
    else:
        network = result.networks[way.network]
        assert lab_setup({name: values[name] for name in SETTINGS}) == setup_of(network, network.seeds[0])


def test_every_network_has_a_way():
    for result in RESULTS.values():
        found = [way.network for way in ways(result)]
        assert found == [""] if result.door.page == "arena" else found == list(result.networks)
        assert len(result.networks) <= max(arena.TABLE[keys.CONTENDERS].choices)


def test_an_address_keeps_where_the_app_lies_and_the_language():
    way = ways(RESULTS["flipflop"])[0]
    found = address("https://example.org/app/results", way, "zh_CN")
    assert found.startswith("https://example.org/app/memory?") and "lang=zh_CN" in found and "plane" in found
