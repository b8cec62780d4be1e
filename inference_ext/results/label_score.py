"""One class of a multi-label classification."""

from __future__ import annotations

from attrs import frozen

__all__ = ["LabelScore"]


@frozen(kw_only=True)
class LabelScore:
    """One class of a multi-label classification with its name, which in the answer is the key."""

    class_: str
    """Name of the class."""

    class_id: int
    """Index of the class in the class list of the model, from 0."""

    confidence: float
    """Score of the class on its own, 0 to 1."""

    is_predicted: bool
    """Whether the score reached the threshold, so that the class is in `predicted_classes`."""
