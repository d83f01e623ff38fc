import gc

import pytest

from tagger.collector import passing_over_what_is_left, resting


def test_the_collector_rests_inside_and_works_afterwards() -> None:
    with resting():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_works_again_after_an_error() -> None:
    with pytest.raises(ValueError), resting():
        raise ValueError
    assert gc.isenabled()


def test_who_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with resting(), resting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_process_that_ends_is_not_looked_through() -> None:
    passing_over_what_is_left()
    try:
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
