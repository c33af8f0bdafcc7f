"""General knowledge of everyday products, as data files."""

from importlib.resources import files


def read_text(name: str) -> str:
    """The text of one of the data files."""
    return (files("retrieval.knowledge") / name).read_text("utf-8")
