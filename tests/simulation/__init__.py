"""A portfolio over months, in one process and in many that die: every law of domain.md 4.6 is checked each day.

    make simulate SEED=7 DAYS=183 DEBTORS=60

One seed gives one run: who falls behind, who pays late, whose payment bounces, what is sent twice or told weeks later,
whose clock is wrong, when the process dies. Nothing here decides by what the product answered but by its own books
(`shadow.py`), so a run that was killed goes on where it was (`journal.py`) and ends as one that was not.

    people.py   what happens on a day            office.py   the product: desk, HTTP, sweep, import, crashes
    moves.py    who can do what to a case        run.py      one run, day by day
    shadow.py   plain book-keeping beside it     checks.py   the laws, after each day
"""
