"""A bound on the answers under way."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from ui.server import answers
from ui.training.memory import Budget

SIZE = 2**20


class Readers:
    """Browsers that ask a server for `SIZE` bytes each and take a piece when they are told to."""

    def __init__(self, limit):
        self.budget = Budget(limit)
        self._app = answers.Answers(self._answer, self.budget)
        self.may_take = asyncio.Event()

    async def _answer(self, _scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": bytes(SIZE)})

    async def ask(self) -> tuple[int, int]:
        """(status, bytes) of an answer."""
        sent = []

        async def send(message):
            if message["type"] == "http.response.body":
                await self.may_take.wait()
            sent.append(message)

        await self._app({"type": "http", "method": "GET", "path": "/"}, None, send)
        return sent[0]["status"], sum(len(message.get("body", b"")) for message in sent)


def run(coroutine):
    with ThreadPoolExecutor(1) as thread:  # the browser tests leave an event loop in this one
        return thread.submit(asyncio.run, coroutine).result()


def test_readers_that_take_nothing_hold_no_more_than_the_budget():
    async def crowd():
        readers = Readers(limit=3 * SIZE)
        asking = [asyncio.create_task(readers.ask()) for _reader in range(10)]
        await asyncio.sleep(0)
        assert readers.budget.used() == {"answers": 3 * SIZE}
        readers.may_take.set()
        found = await asyncio.gather(*asking)
        return found, readers.budget.free

    found, free = run(crowd())
    assert sorted(found) == [(200, SIZE)] * 3 + [(503, 0)] * 7 and free == 3 * SIZE


def test_a_reader_that_takes_nothing_is_let_go(monkeypatch):
    monkeypatch.setattr(answers, "PATIENCE", 0.05)

    async def one():
        readers = Readers(limit=3 * SIZE)
        return await readers.ask(), readers.budget.free

    assert run(one()) == ((200, 0), 3 * SIZE)


@pytest.mark.parametrize("size", [0, answers.LARGE - 1, answers.LARGE, answers.PIECE * 7 + 1])
def test_an_answer_arrives_whole(size):
    async def answer(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": bytes(range(256)) * (size // 256) + bytes(size % 256)})

    sent = []

    async def send(message):
        sent.append(message)

    run(answers.Answers(answer, Budget(2**30))({"type": "http"}, None, send))
    assert b"".join(message.get("body", b"") for message in sent) == bytes(range(256)) * (size // 256) + bytes(
        size % 256
    )
    assert [message.get("more_body", False) for message in sent[1:]] == [True] * (len(sent) - 2) + [False]
