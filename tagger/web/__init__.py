"""The local workbench: a page and a REST interface over the same operations as the command line.

guard.py lets in, app.py and rest.py parse and answer, workbench.py does; cards.py is what waits for a
person, decided.py what was decided, training.py makes the next model.
"""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""The addresses that only this machine can reach."""
