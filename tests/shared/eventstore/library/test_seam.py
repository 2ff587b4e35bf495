"""What the seam promises beside the library's own cases, on both back ends."""

from tests.shared.eventstore.library import promise_cases, seam

globals().update(seam.on_each_back_end(promise_cases.ALL, module=__name__))
