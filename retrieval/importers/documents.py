"""The shop's own texts: a folder's files to sections, by langchain-community's loaders (used only here)."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.importers.csv_rows import sniff_delimiter
from retrieval.importers.reading import text_encoding
from retrieval.importers.records import ImportFileError
from retrieval.text.controls import without_controls

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_LARGEST = 50 * 2**20
_STRANGE = 100  # a text may hold one odd character in so many


@dataclass(frozen=True)
class Section:
    """A stretch of a document under one heading; ``text`` is as it stands there, paragraph by paragraph."""

    file: str
    heading: tuple[str, ...]
    """From the document's title down."""
    paragraphs: tuple[str, ...]

    @property
    def source(self) -> str:
        """``shipping.md § Cost``."""
        return f"{self.file} § {self.heading[-1]}" if self.heading else self.file


@dataclass(frozen=True)
class Documents:
    """What a folder holds, and which of its files could not be used and why."""

    sections: tuple[Section, ...]
    notices: tuple[str, ...]


def load_documents(folder: Path) -> Documents:
    """Reads every Markdown, text, HTML, PDF and CSV file of a folder, and of the folders in it.

    A file that can't be read costs a notice, not the others.

    Raises:
        ImportFileError: no such folder.
    """
    files, notices = readable_files(folder)
    sections: list[Section] = []
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            found = list(_READERS[path.suffix.lower()](path, name))
        except ImportFileError as error:
            notices.append(f"{name}: {error}")
            continue
        if not found:
            notices.append(f"{name}: no text in it (a scanned PDF has none), so it can't answer questions")
        sections += found
    return Documents(tuple(sections), tuple(sorted(notices)))


def readable_files(folder: Path) -> tuple[list[Path], list[str]]:
    """The files of a folder that may hold text, and a line for each other one but hidden ones.

    Raises:
        ImportFileError: no such folder.
    """
    if not folder.is_dir():
        raise ImportFileError(f"{folder}: no such folder; give one of Markdown, text, HTML, PDF or CSV files")
    files, notices = [], []
    for path in sorted(path for path in folder.rglob("*") if path.name[0] not in ".~"):
        name = path.relative_to(folder)
        if path.is_symlink() or any(folder.joinpath(parent).is_symlink() for parent in name.parents):
            notices.append(f"{name.as_posix()}: left out, it is a link; copy the file itself into the folder")
        elif path.is_file():
            why = _unreadable(path)
            if why:
                notices.append(f"{name.as_posix()}: {why}")
            else:
                files.append(path)
    return files, notices


def _unreadable(path: Path) -> str:
    if path.suffix.lower() not in _READERS:
        return f"left out; can be read: {', '.join(_READERS)}"
    if path.stat().st_size > _LARGEST:
        return "left out, it is over 50 MB; split it"
    if path.suffix.lower() != ".pdf" and _is_binary(path):
        return "left out, it is binary, not text as its name says"
    return ""


def _is_binary(path: Path) -> bool:
    """Whether a file holds bytes that no text has: controls, where it is not UTF-16 either."""
    encoding = text_encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(2**16)
    strange = sum(char in "\x00\ufffd" or (char < " " and char not in "\t\n\r\f\x0b") for char in sample)
    return strange > len(sample) // _STRANGE


def _markdown(path: Path, name: str) -> Iterator[Section]:
    yield from _by_headings(name, _text(path))


def _plain(path: Path, name: str) -> Iterator[Section]:
    paragraphs = _paragraphs(_text(path))
    if paragraphs:
        yield Section(name, (), paragraphs)


def _html(path: Path, name: str) -> Iterator[Section]:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(_text(path), "lxml")
    for tag in soup(["script", "style", "nav", "noscript", "template", "svg", "form"]):
        tag.decompose()
    title = without_controls(soup.title.get_text(" ", strip=True)) if soup.title else ""
    lines = [f"# {title}"] if title and not soup.find("h1") else []
    for tag in soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "tr", "dt", "dd", "blockquote"]):
        if tag.find_parent(["p", "li", "tr", "blockquote"]) is not None:
            continue
        text = without_controls(" ".join(tag.get_text(" " if tag.name in ("tr", "li") else "").split()))
        level = int(tag.name[1]) if re.fullmatch(r"h\d", tag.name) else 0
        lines += ["", f"{'#' * level} {text}" if level else text] if text else []
    yield from _by_headings(name, "\n".join(lines))


def _pdf(path: Path, name: str) -> Iterator[Section]:
    try:
        import pypdf
    except ImportError:
        raise ImportFileError("PDF files need pypdf: pip install 'aisle[documents]'") from None
    try:
        pages = _load("PyPDFLoader", str(path))
    except (pypdf.errors.PyPdfError, ValueError, OSError) as error:
        raise ImportFileError(f"the PDF can't be read ({error})") from error
    for page in pages:
        paragraphs = _paragraphs(_unwrapped(without_controls(page.page_content)))
        if paragraphs:
            yield Section(name, (f"page {page.metadata.get('page', 0) + 1}",), paragraphs)


def _csv(path: Path, name: str) -> Iterator[Section]:
    encoding = text_encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        delimiter = sniff_delimiter(file.read(2**16))
    try:
        rows = _load("CSVLoader", str(path), encoding=encoding, csv_args={"delimiter": delimiter})
    except (RuntimeError, ValueError) as error:
        raise ImportFileError(f"the CSV can't be read ({error})") from error
    for row in rows:
        text = "\n".join(line for line in row.page_content.splitlines() if line.strip())
        if text := without_controls(text):
            yield Section(name, (f"row {row.metadata.get('row', 0) + 2}",), (text,))


_READERS: dict[str, Callable[[Path, str], Iterator[Section]]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".csv": _csv,
}


def _text(path: Path) -> str:
    pages = _load("TextLoader", str(path), encoding=text_encoding(path))
    return without_controls("\n".join(page.page_content for page in pages).replace("\r\n", "\n"))


def _load(loader: str, *arguments: Any, **options: Any) -> list[Any]:
    """The loader's documents: ``page_content`` and ``metadata``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the package's retirement: a loader here can be replaced alone
        from langchain_community import document_loaders

        return list(getattr(document_loaders, loader)(*arguments, **options).lazy_load())


def _by_headings(name: str, text: str) -> Iterator[Section]:
    """Cuts at Markdown headings; fenced code is no heading, front matter no text."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    path: dict[int, str] = {}
    lines: list[str] = []
    fenced = False
    for line in [*text.splitlines(), None]:
        fenced ^= line is not None and line.lstrip().startswith("```")
        heading = None if line is None or fenced else _HEADING.match(line)
        if line is not None and heading is None:
            lines.append(line)
            continue
        if paragraphs := _paragraphs("\n".join(lines)):
            yield Section(name, tuple(path[level] for level in sorted(path)), paragraphs)
        lines = []
        if heading is not None:
            level = len(heading[1])
            path = {known: title for known, title in path.items() if known < level}
            path[level] = heading[2].rstrip().rstrip("#").rstrip() or heading[2]


def _paragraphs(text: str) -> tuple[str, ...]:
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return tuple(block for block in blocks if re.search(r"\w", block))


def _unwrapped(page: str) -> str:
    """A PDF page with its paragraphs in one line each: it breaks lines where the page does."""
    return re.sub(r"(?<=[^\s.:!?])\s*\n(?=\S)", " ", page)
