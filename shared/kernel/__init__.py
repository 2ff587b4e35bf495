"""The kernel: values every service shares and no I/O touches: money, periods, calendars, time, refusals."""
