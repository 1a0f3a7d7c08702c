"""The main job, played once from the application for an account to the answered post: over HTTP alone, as the people of
the example group, their followers and WeChat's console would. `up` makes the example by it, `demo` proves it.
"""

from stack.demo.play import make_example
from stack.demo.running import run

__all__ = ["make_example", "run"]
