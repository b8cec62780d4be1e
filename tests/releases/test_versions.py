"""Which version may come next, judged by what pip makes of `~=`: it must not reach a breaking release."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version as PipVersion
from release_tools.errors import ReleaseError
from release_tools.fragments import CHANGES, Fragment
from release_tools.preparing import State, demand_next
from release_tools.versions import Change, Version, next_versions

numbers = st.integers(0, 30)
versions = st.builds(Version, numbers, numbers, numbers)
changes = st.sampled_from(Change)


def compatible(last: Version) -> SpecifierSet:
    """What a program asks for that wants no breaking release."""
    return SpecifierSet(f"~={last}" if last.major == 0 else f"~={last.major}.{last.minor}")


@given(versions, changes)
def test_next_versions_are_later_and_in_order(last: Version, change: Change) -> None:
    following = next_versions(last, change)
    assert [last, *following] == sorted({last, *following})
    assert [PipVersion(str(one)) for one in following] == sorted(PipVersion(str(one)) for one in following)


@given(versions)
def test_breaking_release_is_out_of_reach_and_all_others_can_be_reached(last: Version) -> None:
    reach = compatible(last)
    assert not [one for one in next_versions(last, Change.BREAKING) if str(one) in reach]
    for change in (Change.REPAIR, Change.FEATURE):
        assert str(next_versions(last, change)[0]) in reach


@given(versions.filter(lambda version: version.major > 0))
def test_feature_is_not_in_a_patch_from_1_0_on(last: Version) -> None:
    assert not [
        one for one in next_versions(last, Change.FEATURE) if one.minor == last.minor and one.patch > last.patch
    ]


@given(versions, changes, changes)
def test_worse_change_allows_less(last: Version, one: Change, other: Change) -> None:
    assert set(next_versions(last, max(one, other))) <= set(next_versions(last, min(one, other)))


@given(versions, changes)
def test_no_number_is_left_out(last: Version, change: Change) -> None:
    for one in next_versions(last, change):
        steps = {
            one.major: (last.major, last.major + 1),
            one.minor: (last.minor, last.minor + 1, 0),
            one.patch: (last.patch + 1, 0),
        }
        assert all(number in allowed for number, allowed in steps.items())


@pytest.mark.parametrize(
    ("last", "change", "expected"),
    [
        ("0.1.0", Change.REPAIR, "0.1.1 0.2.0 1.0.0"),
        ("0.1.0", Change.FEATURE, "0.1.1 0.2.0 1.0.0"),
        ("0.1.0", Change.BREAKING, "0.2.0 1.0.0"),
        ("1.4.2", Change.REPAIR, "1.4.3 1.5.0 2.0.0"),
        ("1.4.2", Change.FEATURE, "1.5.0 2.0.0"),
        ("1.4.2", Change.BREAKING, "2.0.0"),
    ],
)
def test_next_versions(last: str, change: Change, expected: str) -> None:
    assert " ".join(map(str, next_versions(Version.parse(last, "here"), change))) == expected


@given(versions)
def test_version_is_read_as_it_is_written(version: Version) -> None:
    assert Version.parse(str(version), "here") == version


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3rc1", "v1.2.3", "1.2.3\n", "1.-2.3", "1.2.\u0663"]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ReleaseError, match=r"^place: .* is no version; expected three numbers"):
        Version.parse(text, "place")


def state(version: str, *types: str, is_released: bool = True) -> State:
    fragments = [Fragment(Path(f"+one.{kind}.md"), CHANGES[kind]) for kind in types]
    return State(Version.parse(version, "here"), is_released, fragments)


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (state("0.1.0", "added", is_released=False), "0.1.0"),
        (state("0.1.0", "fixed", "server"), "0.1.1"),
        (state("0.9.3", "removed"), "1.0.0"),
        (state("2.3.4", "fixed", "breaking", "added"), "3.0.0"),
    ],
)
def test_fitting_version_is_accepted(before: State, wanted: str) -> None:
    demand_next(before, Version.parse(wanted, "here"))


@pytest.mark.parametrize(
    ("before", "wanted", "message"),
    [
        (state("0.1.0"), "0.1.1", "nothing to release"),
        (state("0.1.0", "added"), "0.1.0", r"does not come after 0\.1\.0"),
        (state("0.1.0", "added"), "0.0.9", r"does not come after 0\.1\.0"),
        (state("0.1.0", "added"), "0.1.2", r"expected 0\.1\.1 or 0\.2\.0 or 1\.0\.0"),
        (state("0.1.0", "fixed", "breaking"), "0.1.1", r"\+one\.breaking\.md; expected 0\.2\.0 or 1\.0\.0"),
        (state("1.0.0", "removed", "added"), "1.1.0", r"\+one\.removed\.md; expected 2\.0\.0"),
        (state("1.0.0", "fixed", "deprecated"), "1.0.1", r"\+one\.deprecated\.md; expected 1\.1\.0 or 2\.0\.0"),
        (state("0.1.0", "added", is_released=False), "0.2.0", r"expected 0\.1\.0"),
    ],
)
def test_other_version_is_refused(before: State, wanted: str, message: str) -> None:
    with pytest.raises(ReleaseError, match=message):
        demand_next(before, Version.parse(wanted, "here"))
