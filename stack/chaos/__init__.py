"""`guanwei chaos`: faults under load on a whole stack of its own, then a check that trusts nobody's word.

Parts are killed with -9 in turn while people use the system through the edge. What they were told succeeded is kept
outside the system; when the faults have ended and everything has come to rest, it is compared with what is there.
"""

from stack.chaos.running import run

__all__ = ["run"]
