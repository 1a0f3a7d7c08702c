"""What is written by hand for speed says the same as the schema."""

from __future__ import annotations

from itertools import product

from services.micro_community.queries.shared import _written
from services.micro_community.queries.viewer import Mine, Viewer


def test_what_is_a_readers_own_is_written_as_the_schema_has_it() -> None:
    row = {"_id": "p", "author_id": "m", "floors": 7}
    yes_no, floors = (False, True), (None, 0, 3, 9)
    for liked, kept, followed, floor, who in product(yes_no, yes_no, yes_no, floors, "mn"):
        here = [frozenset("p" if one else "q") for one in (liked, kept, followed)]
        own = Mine(Viewer(who), here[0], here[1], here[2], {} if floor is None else {"p": floor})
        view = own.of(row)
        assert view is not None
        assert _written(own, row) == view.model_dump_json().encode()
