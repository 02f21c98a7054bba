"""One bad page costs one page."""

from __future__ import annotations

from io import BytesIO

import pytest

from research.child.wire import pack, unpack
from research.extract.pool import ExtractionPool, seconds_for
from research.extract.wire import answer_head, read_answer
from research.model.capture import Skipped
from research.model.document import Document
from research.text.codec import CodecError

GOOD = b"<html lang='en'><title>Page</title><h1>Number %d</h1><p>Acme makes robots that sort parcels.</p></html>"


def jobs(captured, bodies):
    return [(captured(f"https://acme.example/{n}"), body, "acme") for n, body in enumerate(bodies)]


def test_documents_come_in_the_order_of_the_jobs_and_equal_those_of_one_worker(captured):
    bodies = [GOOD % n for n in range(30)]
    with ExtractionPool(workers=2) as pool:
        two = list(pool.map(jobs(captured, bodies)))
    with ExtractionPool(workers=1) as pool:
        one = list(pool.map(jobs(captured, bodies)))
    assert one == two
    assert [document.url for document in two] == [f"https://acme.example/{n}" for n in range(30)]


def test_a_page_that_takes_too_long_or_too_much_costs_itself_alone(captured):
    slow = b"<p>" + b"<i>x</i> y, z. " * 900_000
    with ExtractionPool(workers=1, timeout_seconds=0.2, memory_mb=4000) as pool:
        results = list(pool.map(jobs(captured, [GOOD % 1, slow, GOOD % 2])))
    assert [type(result) for result in results] == [Document, Skipped, Document]
    assert results[1].reason == "reading it took longer than 0.2 seconds"


def test_memory_is_limited(captured):
    greedy = b"<p>" + b"<i>x</i>" * 1_500_000
    with ExtractionPool(workers=1, memory_mb=100) as pool:
        results = list(pool.map(jobs(captured, [greedy, GOOD % 2])))
    assert isinstance(results[0], Skipped)
    assert "memory" in results[0].reason or "broke" in results[0].reason
    assert isinstance(results[1], Document)


def test_a_worker_that_dies_is_replaced(captured):
    with ExtractionPool(workers=1) as pool:
        assert isinstance(next(pool.map(jobs(captured, [GOOD % 1]))), Document)
        pool._all[0]._process.kill()
        pool._all[0]._process.wait()
        assert isinstance(next(pool.map(jobs(captured, [GOOD % 2]))), Document)


def test_jobs_are_taken_only_a_few_ahead(captured):
    taken = []

    def source():
        for job in jobs(captured, [GOOD % n for n in range(50)]):
            taken.append(job)
            yield job

    with ExtractionPool(workers=1) as pool:
        results = pool.map(source())
        next(results)
        assert len(taken) <= 6
        results.close()


@pytest.mark.parametrize(
    "head", [{}, {"document": {"id": "x"}}, {"skipped": {"url": "u", "reason": "r", "more": 1}}, {"document": "text"}]
)
def test_an_answer_may_hold_nothing_but_documents_and_reasons(head):
    with pytest.raises((KeyError, ValueError, CodecError)):
        read_answer(head)


def test_a_reason_comes_over_the_wire_as_it_was_sent():
    reason = Skipped(url="https://acme.example/\ud800", reason="tor\u00adn")
    head, body = unpack(BytesIO(pack(answer_head(reason), b"x")).read)
    assert read_answer(head) == reason
    assert body == b"x"


def test_larger_kinds_may_take_longer(captured):
    assert seconds_for((captured(), b"<p>x</p>", "a"), 15) == 15
    assert seconds_for((captured(), b"%PDF-1.7", "a"), 15) == 30
    assert seconds_for((captured(), b"<p>Securities and Exchange&nbsp;Commission</p>", "a"), 15) == 15
