"""Contracts as typed objects, and what a wrong one says."""

from pathlib import Path

import pytest

from ingest.contract import CONTRACTS, ContractError, feeds, ledger_tables, load_contract


def test_the_contract_of_a_feed() -> None:
    contract = feeds()["ward_indicator"]
    assert contract.key == ("site_code", "ward_name", "indicator_code", "month")
    assert (contract.delivery, contract.scope, contract.period) == ("window", ("site_code",), "month")
    assert list(contract.lake_types)[-4:] == ["_file_id", "_row_number", "_scope", "_period"]
    assert contract.due_working_day == 10
    assert "value_status" not in {column.name for column in contract.read_columns}


def test_ledger_tables_have_contracts_and_no_lineage() -> None:
    assert "_file_id" not in ledger_tables()["file"].lake_types
    assert ledger_tables()["file"].key == ("file_id",)


WRONG = {
    "physicalType: date": ("physicalType: datetime", "physicalType 'datetime' is none of ours"),
    "delivery, value: snapshot": ("delivery, value: sometimes", "delivery 'sometimes' is none of"),
    "severity: error": ("severity: grave", "severity 'grave'"),
    "domain: reference": ("domain: wards", "domain 'wards' is none of"),
    "reader, value: delimited": ("period, value: weekday", "does not have: weekday"),
    "kind: DataContract": ("kindly: DataContract", "kindly"),
}


@pytest.mark.parametrize("sound", WRONG)
def test_a_wrong_contract_is_refused_with_file_and_reason(tmp_path: Path, sound: str) -> None:
    wrong, message = WRONG[sound]
    text = (CONTRACTS / "reference" / "site_register.odcs.yaml").read_text()
    assert sound in text
    path = tmp_path / "site_register.odcs.yaml"
    path.write_text(text.replace(sound, wrong, 1))
    with pytest.raises(ContractError, match=message) as error:
        load_contract(path)
    assert str(error.value).startswith("site_register.odcs.yaml: ")
