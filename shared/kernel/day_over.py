"""A day that is swept has to be over first."""

from shared.kernel.refusal import Refused


class DayNotOver(Refused):
    """A day is swept when it is over where the lender is: until then facts of the day may still come. Wait for its end.

    For tests a test clock (QUITTANCE_TEST_CLOCK) goes there at once.
    """

    code = "day-not-over"
    title_en = "The day is not over yet"
    title_zh = "该日尚未结束"
