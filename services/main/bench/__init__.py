"""Benchmarks of the figures that DESIGN.md 7 asks for, each beside a base that does the same work by other means.

    from services.main import bench
    bench.run("append.sqlite256")

A name is a row (`append.group256`), a family (`append`) or `all`. They run from a checkout, because they start
their own PostgreSQL with the test kit.
"""

from services.main.bench.table import Table, names, run

__all__ = ["Table", "names", "run"]
