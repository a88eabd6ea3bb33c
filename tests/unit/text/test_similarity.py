"""Hashed n-grams, overlaps and the bounded pair index."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from briefing import resources
from briefing.dedupe.frequencies import load_frequencies
from briefing.errors import ResourceError
from briefing.text.similarity import (
    containment,
    content_codes,
    jaccard,
    ngram_hashes,
    overlap,
    pairs_with_common,
    sample,
    shared,
    shingles,
    weighted_set,
)

TEXT = "全市重点项目集中开工仪式3月28日举行，总投资328亿元。"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(TEXT.replace("，", ",").replace("。", "."), id="half-width-marks"),
        pytest.param(TEXT.replace("3", "３").replace("28", "２８"), id="full-width-digits"),
        pytest.param("\n ".join(TEXT), id="line-ends-and-spaces"),
        pytest.param("“" + TEXT + "”", id="quoted"),
    ],
)
def test_marks_spaces_and_width_do_not_change_the_shingles(other: str) -> None:
    assert jaccard(shingles(TEXT, 4), shingles(other, 4)) == 1.0


def test_another_digit_changes_the_shingles() -> None:
    assert jaccard(shingles(TEXT, 4), shingles(TEXT.replace("328", "329"), 4)) < 1.0


def test_letters_fold_to_lower_case_and_ideographs_beyond_the_basic_plane_count_once() -> None:
    assert bytes(content_codes("GDP")) == bytes(content_codes("ｇｄｐ"))
    assert len(content_codes("𠮷林")) == 2


def test_a_lone_surrogate_is_no_error() -> None:
    assert len(content_codes("破\ud800损")) in (2, 3)


def test_hashes_are_the_same_on_every_machine() -> None:
    assert ngram_hashes(content_codes("聊城"), 2).tolist() == [0x62DCF33C2CB4AF96]


def test_ngrams_of_different_lengths_get_different_hashes() -> None:
    codes = content_codes("人人人人")
    assert shared(np.unique(ngram_hashes(codes, 2)), np.unique(ngram_hashes(codes, 3))) == 0


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param([], [], 0.0, id="both-empty"),
        pytest.param([1, 2], [], 0.0, id="one-empty"),
        pytest.param([1, 2, 3, 4], [3, 4], 1.0, id="contained"),
        pytest.param([1, 2], [3, 4], 0.0, id="disjoint"),
        pytest.param([1, 2, 9], [2, 7], 0.5, id="half"),
    ],
)
def test_containment_is_the_share_of_the_smaller_set(a: list[int], b: list[int], expected: float) -> None:
    assert containment(np.array(a, np.uint64), np.array(b, np.uint64)) == expected


def test_samples_of_a_text_and_its_cut_keep_the_same_hashes() -> None:
    long = shingles("".join(chr(0x4E00 + i * 7) for i in range(900)), 3)
    part = long[::3]
    kept = sample(part, 8)
    assert set(kept.tolist()) <= set(sample(long, 8).tolist())
    assert 0.5 < len(sample(long, 8)) / (len(long) / 8) < 1.5


def sets(*rows: list[int]) -> list[np.ndarray]:
    return [np.array(row, np.uint64) for row in rows]


def test_pairs_with_common_counts_what_each_pair_shares() -> None:
    pairs, counts = pairs_with_common(sets([1, 2, 3], [2, 3], [9]), max_neighbours=5)
    assert pairs.tolist() == [[0, 1]]
    assert counts.tolist() == [2.0]


def test_pairs_with_common_sums_weights() -> None:
    rows = sets([1, 2], [2, 5], [5])
    pairs, weights = pairs_with_common(
        rows, [np.array([1.0, 4.0]), np.array([4.0, 0.5]), np.array([0.5])], max_neighbours=3
    )
    assert dict(zip(map(tuple, pairs.tolist()), weights.tolist(), strict=True)) == {(0, 1): 4.0, (1, 2): 0.5}


def test_a_hash_in_every_text_costs_a_constant_per_text() -> None:
    pairs, _ = pairs_with_common(sets(*[[7]] * 500), max_neighbours=4)
    assert len(pairs) <= 4 * 500


@pytest.mark.parametrize("rows", [pytest.param([], id="none"), pytest.param(sets([], []), id="empty-sets")])
def test_pairs_of_nothing_are_none(rows: list[np.ndarray]) -> None:
    pairs, counts = pairs_with_common(rows, max_neighbours=4)
    assert pairs.shape == (0, 2)
    assert counts.shape == (0,)


def test_rare_ngrams_weigh_more_than_common_ones() -> None:
    frequencies = load_frequencies(resources.find("models", "events", "frequencies.npz"))
    common, rare = (float(frequencies.of(ngram_hashes(content_codes(t), 2))[0]) for t in ("中国", "镪锕"))
    assert 0 <= common < 3 < rare == frequencies.unseen


def test_overlap_of_a_set_with_itself_is_whole_and_with_nothing_is_none() -> None:
    frequencies = load_frequencies(resources.find("models", "events", "frequencies.npz"))
    own = weighted_set(shingles(TEXT, 2), frequencies)
    empty = weighted_set(shingles("", 2), frequencies)
    same = overlap(own, own)
    assert (same.cosine, same.of_a, same.of_b) == pytest.approx((1.0, 1.0, 1.0))
    assert overlap(own, empty).cosine == 0.0


def test_a_damaged_frequency_table_is_a_resource_error(tmp_path: Path) -> None:
    path = tmp_path / "frequencies.npz"
    path.write_bytes(b"not a zip")
    with pytest.raises(ResourceError):
        load_frequencies(path)
