"""Labels every unit of a page: boosted trees give each label's probability, a search over the whole page the
best sequence that a page can have (a continued headline follows a headline, a paragraph needs an article)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from briefing.boosted import Trees, load_trees
from briefing.segment.features import FEATURES

Floats = npt.NDArray[np.float64]


class Label(IntEnum):
    """What a unit is. The order is that of models/training/segment_damage.py."""

    HEAD = 0  # begins a line of a headline stack
    HEAD_CONT = 1  # the same headline, printed on a further line
    START = 2  # first paragraph of an article
    PARA = 3
    CONT = 4  # rest of a broken paragraph
    SUB = 5  # sub-heading 小标题, kept in the text
    BYLINE = 6
    FURNITURE = 7  # part of no article


LABEL_NAMES = ("head", "head_cont", "start", "para", "cont", "sub", "byline", "furniture")

# States of the page between units: nothing yet, a headline line just printed, a headline waiting for its
# body, an article's text open, a sub-heading just printed in it.
_NONE, _STACK, _WAITING, _OPEN, _UNDER_SUB = range(5)
_STATES = 5
_NEVER = -1e9
# A text line under a waiting headline that begins no article: the headline was displaced into one.
_INSERTED_HEAD = -3.0
# A paragraph's rest under a sub-heading: sub-headings are too short to be broken.
_REST_OF_SUB = -4.0
# An article that begins without a headline or under a displaced one.
_HEADLESS = -0.5
_TRANSITIONS: dict[tuple[int, Label], tuple[int, float]] = {
    (_NONE, Label.HEAD): (_STACK, 0.0),
    (_NONE, Label.START): (_OPEN, 0.0),
    (_NONE, Label.BYLINE): (_NONE, 0.0),
    (_NONE, Label.FURNITURE): (_NONE, 0.0),
    (_STACK, Label.HEAD): (_STACK, 0.0),
    (_STACK, Label.HEAD_CONT): (_STACK, 0.0),
    (_STACK, Label.START): (_OPEN, 0.0),
    (_STACK, Label.PARA): (_OPEN, _INSERTED_HEAD),
    (_STACK, Label.CONT): (_OPEN, _INSERTED_HEAD),
    (_STACK, Label.SUB): (_UNDER_SUB, _INSERTED_HEAD),
    (_STACK, Label.BYLINE): (_WAITING, 0.0),
    (_STACK, Label.FURNITURE): (_WAITING, 0.0),
    (_WAITING, Label.HEAD): (_STACK, 0.0),
    (_WAITING, Label.START): (_OPEN, 0.0),
    (_WAITING, Label.PARA): (_OPEN, _INSERTED_HEAD),
    (_WAITING, Label.CONT): (_OPEN, _INSERTED_HEAD),
    (_WAITING, Label.SUB): (_UNDER_SUB, _INSERTED_HEAD),
    (_WAITING, Label.BYLINE): (_WAITING, 0.0),
    (_WAITING, Label.FURNITURE): (_WAITING, 0.0),
    (_OPEN, Label.HEAD): (_STACK, 0.0),
    (_OPEN, Label.START): (_OPEN, _HEADLESS),
    (_OPEN, Label.PARA): (_OPEN, 0.0),
    (_OPEN, Label.CONT): (_OPEN, 0.0),
    (_OPEN, Label.SUB): (_UNDER_SUB, 0.0),
    (_OPEN, Label.BYLINE): (_OPEN, 0.0),
    (_OPEN, Label.FURNITURE): (_OPEN, 0.0),
}
_TRANSITIONS |= {
    (_UNDER_SUB, label): (to, cost + (_REST_OF_SUB if label == Label.CONT else 0.0))
    for (state, label), (to, cost) in _TRANSITIONS.items()
    if state == _OPEN
}


def load_label_trees(folder: Path) -> tuple[Trees, ...]:
    """The trees of every label, in the order of Label."""
    return tuple(load_trees(folder / f"labels_{name}.npz", FEATURES) for name in LABEL_NAMES)


def label_logs(trees: Sequence[Trees], features: Floats) -> Floats:
    """Log-probabilities, shape (units, labels)."""
    margins = np.stack([t.predict(features) for t in trees], axis=1)
    margins -= margins.max(axis=1, keepdims=True)
    logs: Floats = margins - np.log(np.exp(margins).sum(axis=1, keepdims=True))
    return np.asarray(np.maximum(logs, -12.0), np.float64)


def best_labels(logs: Floats, *, text_open: bool = False) -> list[Label]:
    """The most probable sequence that a page can have (Viterbi). `text_open`: an article may run on from the
    page before."""
    score = [_NEVER] * _STATES
    score[_OPEN if text_open else _NONE] = 0.0
    back: list[list[tuple[int, Label]]] = []
    for row in logs:
        new = [_NEVER] * _STATES
        came: list[tuple[int, Label]] = [(_NONE, Label.FURNITURE)] * _STATES
        for (state, label), (to, cost) in _TRANSITIONS.items():
            value = score[state] + cost + float(row[label])
            if value > new[to]:
                new[to] = value
                came[to] = (state, label)
        score = new
        back.append(came)
    state = int(np.argmax(score))
    labels: list[Label] = []
    for came in reversed(back):
        state, label = came[state]
        labels.append(label)
    return labels[::-1]
