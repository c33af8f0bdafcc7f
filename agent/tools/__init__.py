"""What can be asked of a shop: one plain typed function a file, the same for every model."""

from agent.tools.find import find
from agent.tools.show import show

TOOLS = {function.__name__: function for function in (find, show)}
"""Every tool by its name."""
