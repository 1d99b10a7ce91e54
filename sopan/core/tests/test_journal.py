"""Whoever changes what was written is found out."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopan.core.journal import (
    FIELDS,
    GENESIS,
    Broken,
    Flaw,
    canonical,
    entry_hash,
    merkle_proof,
    merkle_root,
    verify_chain,
    verify_proof,
)

WIB = timezone(timedelta(hours=7))
START = datetime(2026, 11, 20, 9, 14, tzinfo=WIB)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = st.none() | st.booleans() | st.integers() | texts | st.decimals(allow_nan=False, allow_infinity=False)
times = st.datetimes(timezones=st.sampled_from([UTC, WIB]), min_value=datetime(1900, 1, 1))
values = st.recursive(
    scalars | times | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcdé", max_size=4), inner, max_size=3),
    max_leaves=8,
)


def entry(seq, **changes):
    return {
        "case": "K-1",
        "seq": seq,
        "at": START + timedelta(minutes=seq),
        "code": "step.completed",
        "data": {"step": str(seq), "amount": Decimal("150000.00")},
        "actor_id": "12",
        "actor_name": "Siti Rahmawati",
        "actor_position": "Bendahara Penerimaan",
        "letter": "",
    } | changes


def chained(entries):
    done, previous = [], GENESIS
    for one in entries:
        done.append(one | {"previous": previous, "hash": entry_hash(previous, one)})
        previous = done[-1]["hash"]
    return done


def chain(length=4):
    return chained([entry(seq) for seq in range(1, length + 1)])


def test_canonical_form_is_written_out_once():
    data = {"b": [1, True, None], "a": "é", "at": START, "day": date(2026, 11, 20), "sum": Decimal("1.50")}
    assert canonical(data).decode() == (
        '{"a":"é","at":"2026-11-20T02:14:00.000000Z","b":[1,true,null],"day":"2026-11-20","sum":"1.50"}'
    )


def test_composed_and_decomposed_letters_are_the_same_text():
    assert canonical({"e\u0301": "e\u0301", "f": 1}) == canonical({"f": 1, "é": "é"})


@pytest.mark.parametrize("bad", [1.0, {"a": [0.5]}, {1: "a"}, {"a": {1}}, object(), {"a": b"x"}])
def test_what_has_no_single_form_is_a_type_error(bad):
    with pytest.raises(TypeError):
        canonical(bad)


@pytest.mark.parametrize("bad", [datetime(2026, 1, 1), Decimal("NaN"), "\ud800", {"é": 1, "e\u0301": 2}])
def test_what_has_no_clear_value_is_a_value_error(bad):
    with pytest.raises(ValueError):
        canonical(bad)


@given(st.dictionaries(texts, values, max_size=5), st.randoms())
def test_canonical_form_does_not_depend_on_the_order_of_keys(data, random):
    shuffled = list(data.items())
    random.shuffle(shuffled)
    try:
        expected = canonical(data)
    except ValueError:  # two keys that are the same text once composed
        return
    assert canonical(dict(shuffled)) == expected


@given(values)
def test_what_was_stored_as_json_has_the_same_form(data):
    form = canonical(data)
    assert canonical(json.loads(form)) == form


def test_the_hash_of_an_entry_is_fixed_for_all_time():
    assert entry_hash(GENESIS, entry(1)) == "19fc7403c26458c767a1458ead834b0dd664c80071eea1252d6b01891873dc60"


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_an_entry_without_one_of_its_fields_is_no_entry(name):
    whole = entry(1)
    del whole[name]
    with pytest.raises(KeyError):
        entry_hash(GENESIS, whole)


def test_a_whole_chain_is_right():
    entries = chain()
    assert verify_chain(entries) is None
    assert verify_chain(entries, head=entries[-1]["hash"]) is None
    assert verify_chain([]) is None


@given(
    index=st.integers(0, 3),
    name=st.sampled_from(sorted(FIELDS | {"previous", "hash"})),
    value=values | st.floats(),
    rehash=st.booleans(),
)
def test_any_change_of_any_field_is_found(index, name, value, rehash):
    entries = chain()
    head = entries[-1]["hash"]
    changed = entries[index] | {name: value}
    try:
        if canonical({"v": value}) == canonical({"v": entries[index][name]}):
            return
        if rehash:  # who changes an entry may also compute its hash again
            changed["hash"] = entry_hash(changed["previous"], changed)
    except (TypeError, ValueError, AttributeError):
        pass
    entries[index] = changed
    found = verify_chain(entries, head=head)
    if name == "hash" and rehash:
        return  # computed again, so nothing is changed
    assert found is not None
    assert found.place >= index


@given(index=st.integers(0, 3))
def test_a_removed_entry_is_found(index):
    entries = chain()
    head = entries.pop()["hash"] if index == 3 else entries[-1]["hash"]
    if index < 3:
        del entries[index]
    assert verify_chain(entries, head=head) == Broken(index, Flaw.END if index == 3 else Flaw.SEQUENCE)


@given(st.integers(0, 3), st.integers(0, 3))
def test_two_swapped_entries_are_found(one, other):
    entries = chain()
    entries[one], entries[other] = entries[other], entries[one]
    expected = None if one == other else Broken(min(one, other), Flaw.SEQUENCE)
    assert verify_chain(entries) == expected


def test_a_removed_entry_is_found_even_if_the_rest_is_numbered_again():
    entries = chain()
    del entries[1]
    entries[1] |= {"seq": 2}
    assert verify_chain(entries) == Broken(1, Flaw.LINK)


def test_a_chain_written_anew_is_found_by_its_sealed_head():
    sealed = chain()[-1]["hash"]
    forged = chained([entry(1), entry(2, actor_name="Budi Santoso"), entry(3), entry(4)])
    assert verify_chain(forged) is None
    assert verify_chain(forged, head=sealed) == Broken(4, Flaw.END)


def test_an_entry_of_another_case_is_found():
    assert verify_chain(chained([entry(1), entry(2, case="K-2")])) == Broken(1, Flaw.CASE)


def test_an_entry_that_holds_a_float_is_named_and_does_not_stop_the_check():
    entries = chain()
    entries[2]["data"] = {"amount": 0.5}
    assert verify_chain(entries) == Broken(2, Flaw.UNREADABLE)


# Leaves and roots of the reference tests of Certificate Transparency.
CT_LEAVES = ["", "\x00", "\x10", " !", "01", "@ABC", "PQRSTUVW", "`abcdefghijklmno"]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_roots_are_those_of_certificate_transparency():
    assert [merkle_root(CT_LEAVES[:size]) for size in range(1, 9)] == CT_ROOTS


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert merkle_root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.lists(texts, min_size=1, max_size=20), st.data())
def test_each_leaf_has_a_proof_and_no_other_leaf_has_it(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    size, root = len(leaves), merkle_root(leaves)
    proof = merkle_proof(leaves, index)
    assert verify_proof(leaves[index], proof, index=index, size=size, root=root)
    assert not verify_proof(leaves[index] + "x", proof, index=index, size=size, root=root)
    assert not verify_proof(leaves[index], (*proof, root), index=index, size=size, root=root)
    assert not verify_proof(leaves[index], proof, index=size, size=size, root=root)
    if proof:
        assert not verify_proof(leaves[index], proof[:-1], index=index, size=size, root=root)
        assert not verify_proof(leaves[index], ("not hex", *proof[1:]), index=index, size=size, root=root)


def test_there_is_no_proof_for_a_leaf_that_is_not_there():
    with pytest.raises(IndexError):
        merkle_proof(["a"], 1)
