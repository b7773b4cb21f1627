"""A bound on the log."""

import logging

from streamlit import error_util

from ui.server import logs


def test_a_complaint_that_repeats_fills_no_disk(monkeypatch):
    now = [0.0]
    bound = logs.Bound(clock=lambda: now[0])
    monkeypatch.setattr(logs, "BOUND", bound)
    logger, kept = logs.BoundLogger("test"), []
    logger.addHandler(handler := logging.Handler())
    handler.emit = kept.append

    def complain(times):
        for _time in range(times):
            logger.error("no socket for %s", "you")

    complain(10_000)
    assert len(kept) == logs.OF_A_PLACE
    for line in range(10_000):  # of many places
        logger.handle(logging.LogRecord("test", logging.ERROR, "file.py", line, "another", (), None))
    assert len(kept) == logs.OF_ALL
    now[0] += logs.WINDOW
    complain(1)
    lost = 20_000 - logs.OF_ALL
    assert kept[-1].getMessage() == f"no socket for you ({lost} messages before this one were too many to log)"


def test_pages_that_fail_are_told_to_the_log_which_is_bounded(caplog, monkeypatch):
    monkeypatch.setattr(error_util._LOGGER, "handlers", [caplog.handler])
    for _time in range(3):
        error_util._log_uncaught_app_exception(ValueError("a value that no page sends"))
    assert len(caplog.records) == 3  # and not printed past it


def test_every_logger_has_the_bound(monkeypatch):
    early = logging.getLogger("test.logs.early")
    before = logging.getLoggerClass()
    try:
        logs.bound_all()
        late = logging.getLogger("test.logs.late")
        assert all(logs.BOUND in logger.filters for logger in (early, late, logging.root))
    finally:
        logging.setLoggerClass(before)
        for logger in (logging.root, *logging.root.manager.loggerDict.values()):
            if isinstance(logger, logging.Logger):
                logger.removeFilter(logs.BOUND)
