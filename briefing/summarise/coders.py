"""Text to token ids and back, for every tokenizer layout that Chinese sequence-to-sequence models come in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from briefing import inference
from briefing.errors import ResourceError
from briefing.model_cards import Card

# BERT puts a blank between any two tokens ("86 . 4 亿 元"): only one between two words of letters or digits was
# in the text, and taking that away would make one number of two.
_ADDED_BLANKS = re.compile(r"(?<![A-Za-z0-9]) +| +(?![A-Za-z0-9])")


class Coder(Protocol):
    """`control_tokens`: what the tokenizer would read as structure inside a text."""

    @property
    def pad_id(self) -> int: ...

    @property
    def control_tokens(self) -> frozenset[str]: ...

    def count(self, text: str) -> int:
        """Tokens of `text`, without those that open and close an input."""
        ...

    def encode(self, text: str) -> list[int]:
        """Ids of `text` as the encoder takes it; nothing is cut off."""
        ...

    def decode(self, ids: Sequence[int]) -> str: ...


class LibraryCoder:
    """A tokenizer of transformers. `spaced`: its words come back with blanks between them (BERT)."""

    def __init__(self, tokenizer: Any, *, spaced: bool) -> None:
        self.tokenizer = tokenizer
        self.spaced = spaced
        # Windows are cut to fit; the tokenizer's own idea of the limit only prints warnings.
        self.tokenizer.model_max_length = int(1e30)
        self.control_tokens = frozenset(tokenizer.all_special_tokens)

    @property
    def pad_id(self) -> int:
        return int(self.tokenizer.pad_token_id or 0)

    def count(self, text: str) -> int:
        return len(self.tokenizer.encode(text, add_special_tokens=False))

    def encode(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text))

    def decode(self, ids: Sequence[int]) -> str:
        text = str(self.tokenizer.decode(list(ids), skip_special_tokens=True)).strip()
        return _ADDED_BLANKS.sub("", text) if self.spaced else text


class RandengCoder:
    """Randeng-Pegasus: jieba's words where the vocabulary has them, else BERT's word pieces, then [unused1].

    The layout is that of Fengshenbang-LM's examples/pegasus, which no release of transformers loads: [unused1]
    ends a text, [unused2] and [unused3] are the masks of sentences and words. Letters are read in lower case.
    """

    def __init__(self, vocabulary: Path) -> None:
        self.jieba = inference.need_jieba()
        try:
            self.words = vocabulary.read_text("utf-8").rstrip("\n").split("\n")
        except (OSError, UnicodeDecodeError) as err:
            raise ResourceError(
                f"词表无法读取（{err}）", f"cannot read the vocabulary ({err})", source=str(vocabulary)
            ) from err
        self.ids = {word: i for i, word in enumerate(self.words)}
        needed = ("[PAD]", "[UNK]", "[unused1]")
        if any(n not in self.ids for n in needed):
            raise ResourceError(
                f"词表不是 Randeng-Pegasus 的格式：缺少 {'、'.join(needed)} 之一",
                f"not a Randeng-Pegasus vocabulary: one of {', '.join(needed)} is missing",
                source=str(vocabulary),
            )
        self.pad_id = self.ids["[PAD]"]
        self.end_id = self.ids["[unused1]"]
        self.unknown_id = self.ids["[UNK]"]
        self.special_ids = {i for i, w in enumerate(self.words) if re.fullmatch(r"\[[A-Z]+\]|\[unused\d+\]", w)}
        self.control_tokens = frozenset(self.words[i] for i in self.special_ids)

    def count(self, text: str) -> int:
        return len(self._pieces(text))

    def encode(self, text: str) -> list[int]:
        return [*self._pieces(text), self.end_id]

    def decode(self, ids: Sequence[int]) -> str:
        text = ""
        for i in ids:
            if i in self.special_ids or not 0 <= i < len(self.words):
                continue
            word = self.words[i]
            if word.startswith("##"):
                text += word[2:]
            else:
                glued = not text or not (_is_western(text[-1]) and _is_western(word[0]))
                text += word if glued else f" {word}"
        return text

    def _pieces(self, text: str) -> list[int]:
        found: list[int] = []
        for word in self.jieba.cut(text, HMM=False):
            if word in self.ids and self.ids[word] not in self.special_ids:
                found.append(self.ids[word])
            else:
                for token in _basic_tokens(word):
                    found += self._word_pieces(token)
        return found

    def _word_pieces(self, token: str) -> list[int]:
        """Longest match first (WordPiece, Wu et al. 2016); one unknown for a token that cannot be covered."""
        found: list[int] = []
        start = 0
        while start < len(token):
            for end in range(len(token), start, -1):
                piece = ("##" if start else "") + token[start:end]
                if piece in self.ids:
                    found.append(self.ids[piece])
                    start = end
                    break
            else:
                return [self.unknown_id]
        return found


def _is_western(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _basic_tokens(word: str) -> list[str]:
    """BERT's basic tokens: lower case, accents off, every ideograph and mark on its own, no blanks."""
    folded = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
    return re.findall(r"[^\W\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af_]+|[^\s]", folded)


def load_coder(card: Card) -> Coder:
    """The tokenizer in the layout that `card` names. Raises ResourceError."""
    folder = Path(card.folder)
    if card.tokenizer == "randeng":
        return RandengCoder(folder / "vocab.txt")
    if card.tokenizer == "bert":
        tokenizer = inference.load_pretrained("BertTokenizer", folder)
        return LibraryCoder(tokenizer, spaced=True)
    tokenizer = inference.load_pretrained("AutoTokenizer", folder)
    return LibraryCoder(tokenizer, spaced="Bert" in type(tokenizer).__name__)
