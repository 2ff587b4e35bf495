"""Which clock a process goes by: the machine's, or the test clock that QUITTANCE_TEST_CLOCK names."""

from services.main.offset_clock import ClockFileUnreadable, OffsetClock
from services.main.settings import Settings
from services.main.usage import WrongUsage
from shared.kernel.clock import Clock, SystemClock

TEST_CLOCK = "QUITTANCE_TEST_CLOCK"


def clock_of(settings: Settings) -> Clock:
    """The clock of these settings. Raises WrongUsage for a file that holds none."""
    return SystemClock() if settings.test_clock is None else settable(settings)


def settable(settings: Settings) -> OffsetClock:
    """The test clock, which can be set. Raises WrongUsage where the setting is absent, or its file holds no clock."""
    if settings.test_clock is None:
        raise WrongUsage(
            en=f"there is no test clock: name its file in {TEST_CLOCK}, for every process of this store",
            zh=f"未启用测试时钟：请为使用该账本的所有进程设置 {TEST_CLOCK}（时钟文件路径）",
        )
    try:
        return OffsetClock(settings.test_clock)
    except ClockFileUnreadable as problem:
        raise WrongUsage(
            en=f"the file of {TEST_CLOCK} holds no clock; remove it and set the clock again",
            zh=f"{TEST_CLOCK} 指定的文件不是时钟文件；请删除后重新设置时钟",
        ) from problem


def warning(settings: Settings, clock: Clock) -> tuple[str, str] | None:
    """What is said at the start of a process that goes by a test clock, in English and Chinese; None otherwise."""
    if settings.test_clock is None:
        return None
    shown = clock.now().isoformat(timespec="seconds")
    return (
        f"TEST CLOCK in use ({TEST_CLOCK}): it shows {shown}; never use this store for real cases",
        f"正在使用测试时钟（{TEST_CLOCK}）：当前显示 {shown}；请勿将此账本用于真实案件",
    )
