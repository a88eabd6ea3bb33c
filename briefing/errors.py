"""The package's exceptions.

BriefingError            one line for a person: what, which input, what to do
├── ConfigError          configuration file, key or value; names the allowed values
├── ResourceError        a shipped model, prompt, template or font is missing or changed
├── SourceError          an input cannot be read, decoded or is in no known format
├── NothingToPrintError  no input gave an item: there is no briefing, and this is why
├── ArticleError         one article cannot go on; the pipeline turns it into a skip
├── RenderError          a briefing cannot be rendered in the asked format
├── StoreError           the store is damaged, locked, of a later version, or the disk is full
└── DeliveryError        a rendered briefing cannot be written or sent
"""


class BriefingError(Exception):
    """An error that a person can act on.

    `zh` and `en` say the same thing: what is wrong and what to do. `source` names the input it
    concerns (a path as the user gave it, a URL, an article id), or is empty.
    """

    def __init__(self, zh: str, en: str, *, source: str = "") -> None:
        super().__init__(zh, en)  # what pickle makes it of again: an error of a worker process arrives whole
        self.zh = zh
        self.en = en
        self.source = source

    def __str__(self) -> str:
        return f"{self.source}: {self.en}" if self.source else self.en


class ConfigError(BriefingError):
    """Configuration is wrong. `source` is the file (and line or key) at fault."""


class ResourceError(BriefingError):
    """A file that ships with the package is missing, or its content is not what was expected."""


class SourceError(BriefingError):
    """An input could not be read or decoded, or is of no supported format."""


class NothingToPrintError(BriefingError):
    """No item is left. `reasons`: one (zh, en) line for each input or article."""

    def __init__(self, zh: str, en: str, reasons: list[tuple[str, str]]) -> None:
        super().__init__(zh, en)
        self.args = (zh, en, reasons)
        self.reasons = reasons


class ArticleError(BriefingError):
    """One article cannot be processed further; the run goes on without it."""


class RenderError(BriefingError):
    """A briefing could not be rendered."""


class StoreError(BriefingError):
    """The store cannot be opened, read or written. What was committed before is safe."""


class DeliveryError(BriefingError):
    """A rendered briefing could not be written or sent."""
