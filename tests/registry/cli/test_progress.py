"""What the live line says."""

import pytest

from matcher.outcome import Progress
from registry.cli.progress import gap_text, progress_text, seconds_since_start, watch


def test_the_line_names_phase_best_plan_bound_and_gap() -> None:
    progress = Progress("exact model", (90, -12), (100, None), 3.2)
    assert progress_text(progress, 3.2) == "exact model · best plan [90, -12] · bound [100, –] · gap 10.00 % · 3 s"


def test_before_the_first_report_it_is_starting() -> None:
    assert progress_text(None, 0.4) == "starting · 0 s"


def test_a_stop_that_was_asked_for_is_said() -> None:
    assert progress_text(Progress("values", (1,), (None,), 1), 9, stopping=True).startswith(
        "stopping with the plan so far"
    )


def test_the_gap_is_that_of_the_first_open_tier() -> None:
    assert gap_text((5, -10), (5, -8)) == "25.00 %"
    assert gap_text((5, -10), (5, -10)) == "0 %"
    assert gap_text((5,), (None,)) is None
    assert gap_text((), ()) is None


def test_watch_returns_what_the_calculation_returns_and_hands_on_its_errors() -> None:
    assert watch(lambda report, stopped: (report is not None, stopped())) == (True, False)
    with pytest.raises(ZeroDivisionError):
        watch(lambda report, stopped: stopped() // (report is None))


def test_watch_asks_to_stop_when_its_time_is_over() -> None:
    def calculate(report: object, stopped: object) -> bool:
        assert callable(stopped)
        while not stopped():
            pass
        return True

    assert watch(calculate, give_up_after=0.0)


def test_the_process_began_before_now() -> None:
    assert seconds_since_start() > 0
