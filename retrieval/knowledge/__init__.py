"""General knowledge of everyday products, as data files."""

import hashlib
from functools import lru_cache
from importlib.resources import files


def read_text(name: str) -> str:
    """The text of one of the data files."""
    return (files("retrieval.knowledge") / name).read_text("utf-8")


@lru_cache(maxsize=1)
def knowledge_digest() -> str:
    """Of all files: what is built with other knowledge is built anew."""
    digest = hashlib.blake2b(digest_size=6)
    for file in sorted(files("retrieval.knowledge").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".txt"):
            digest.update(file.read_bytes())
    return digest.hexdigest()
