"""House rules of the models: where they lie, what they are called, what they say of themselves, what SQL they speak."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlglot
import yaml
from sqlglot import exp

from ingest.contract import DOMAINS, TYPES, feeds
from ingest.home import Home
from tests.conftest import PROJECT

DBT_PROJECT = PROJECT / "dbt_project"
LAYERS = ("staging", "intermediate", "marts")
NAMES = {
    "staging": r"stg_{domain}__[a-z_]+",
    "intermediate": r"int_{domain}__[a-z_]+",
    "marts": r"(dim|fct|rpt)_[a-z_]+",
}
OWNERS = {"analytics", "improvement_team", "information_governance", "staff_experience"}
DISCLOSURE_CLASSES = {"ward_event", "patient_group", "fft", "survey", "staff"}

# A mart that reads a mart, with the reason. Two marts that decide apart can be subtracted from each other, and a
# mart that reads another inherits its protection where an exact figure is meant.
_ONE_PAGE = "a page repeats the protected figures beside it: taken from there, it cannot say anything else"
MARTS_THAT_READ_MARTS: Mapping[tuple[str, str], str] = {
    (page, mart): _ONE_PAGE
    for page, marts in {
        "rpt_ward_scorecard": ("fct_indicator_month", "fct_spc_summary", "fct_analyst_note", "dim_indicator"),
        "rpt_trust_overview": ("fct_indicator_month", "fct_spc_summary", "dim_indicator"),
        "rpt_ward_survey": ("fct_survey_score", "dim_ward"),
        "rpt_ward_actions": ("fct_engagement_issue", "dim_project"),
        "rpt_ward_profile": (
            "rpt_ward_scorecard",
            "fct_spc_point",
            "rpt_ward_survey",
            "fct_staff_survey_score",
            "rpt_ward_actions",
            "fct_training_coverage",
            "fct_nomination",
            "fct_ward_patient_group",
            "dim_population_group",
            "dim_dataset",
            "fct_data_engagement",
            "dim_ward",
        ),
        "rpt_learning_library": ("fct_intervention", "fct_intervention_effect", "fct_benefit"),
        "rpt_learning_match": ("fct_intervention", "fct_intervention_effect", "fct_indicator_month", "dim_ward"),
        "rpt_learning_word": ("rpt_learning_library",),
    }.items()
    for mart in marts
}
# What a page may read beside marts: nothing that holds a figure of people.
BESIDE_MARTS = {"int_indicators__quality", "int_reference__ward_month", "stg_surveys__survey_unit_ward"}
# A column whose type differs between marts, with the reason.
TYPES_THAT_DIFFER: Mapping[str, str] = {}
# Dates that are not named as the charter names periods, with the reason.
OTHER_DATES = {"target_from": "begins in the world, as valid_from does, but of the target alone"}
# Numbers in a protected mart that count no people, with what they are instead.
COUNTS_NO_PEOPLE = {
    "cost_gbp": "pounds",
    "definition_version": "a version",
    "file_sequence": "an order of files",
    "funding_left_days": "days",
    "imd_year": "a year",
    "bridged_months": "months",
    "days_since_month_end": "days",
    "event_no": "an order of events",
    "comparisons_made": "comparisons",
    "confidence_pct": "a level of confidence",
    "months_charted": "months",
    "months_without_value": "months",
    "planned_places": "places that were planned",
    "projects_completed": "projects",
    "projects_listed": "projects",
    "rebase_group": "an order of stretches",
    "survey_year": "a year",
    "target": "an aim",
    "wards_covered": "wards",
    "teams_listed": "teams",
    "teams_with_outcome": "teams",
    "validated_gbp": "pounds",
    "validated_hours": "hours given back, of nobody in particular",
    "wards_engaged": "wards",
    "wards_reporting": "wards",
    "wards_applicable": "wards",
    "wres_indicator_no": "a number in a published standard",
}

DATE_NAMES = re.compile(r"month|quarter|\w+_date|(valid|known)_(from|to)")
PERIOD_NAMES_TO_AVOID = re.compile(
    r"(the_)?(date|day|week|period|year|yr|fy|fin_year|time|timestamp)|\w*(reporting|activity)_(month|period|date)\w*"
)
REFERENCES_TO_PERSONS = {"participant_id", "same_person_as"}
NUMBERS = re.compile(r"int|bigint|double|decimal\(\d+,\d+\)")
# Words by which a number of people gives itself away.
PEOPLE = re.compile(
    r"\w+_n|\w*(people|person|patient|staff|respondent|headcount|learner|trainee|attendee|completer|nominee)\w*"
)

# Words that Spark does not know, or knows by another meaning. `platform.sql` is where they may stand.
DUCKDB_ONLY = re.compile(
    r"\b(qualify|pivot|unpivot|positional\s+join|asof\s+join|group\s+by\s+all|order\s+by\s+all)\b|\bexclude\s*\("
    r"|\b(date_diff|date_part|strftime|strptime|regexp_matches|regexp_full_match|string_split|list_\w+|struct_pack"
    r"|arg_min|arg_max|epoch_\w+|make_date|generate_series|read_\w+|to_(days|months|years)|jaro_\w+|starts_with"
    r"|string_agg|try_strptime|today|greatest_common_divisor)\s*\("
    r"|::",
    re.I,
)


def models(manifest: Mapping[str, Any], layer: str | None = None) -> list[Mapping[str, Any]]:
    """The manifest's models by name, of one layer or of all."""
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return sorted((n for n in nodes if layer in {None, n["fqn"][1]}), key=lambda node: node["name"])


def published_columns(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every column of every mart, with the mart's name."""
    for mart in models(manifest, "marts"):
        for column in mart["columns"].values():
            yield mart["name"], column


def compiled_models(example: Home) -> list[Path]:
    """The SQL that dbt made of each model (what it made of their tests lies in folders named by a yml)."""
    found = sorted((example.dbt / "compiled" / "qls" / "models").rglob("*.sql"))
    return [path for path in found if path.parent.suffix != ".yml"]


def sql_files() -> list[Path]:
    """Every SQL file of the project but the one in which platforms may differ."""
    return [path for path in sorted(DBT_PROJECT.rglob("*.sql")) if path.name != "platform.sql"]


def without_comments(sql: str) -> str:
    """The SQL without what is said about it, line for line."""
    return re.sub(r"--[^\n]*|\{#.*?#\}", lambda found: "\n" * found[0].count("\n"), sql, flags=re.S)


def complain(faults: list[str], mend: str) -> None:
    assert not faults, "\n".join([*faults, f"Mend: {mend}"])


# Where a model lies and what it is called


def test_a_model_lies_in_the_folder_of_its_layer_and_domain(manifest: dict[str, Any]) -> None:
    wrong = [
        f"{node['name']} lies at {node['path']}"
        for node in models(manifest)
        if len(node["fqn"]) != 4 or node["fqn"][1] not in LAYERS or node["fqn"][2] not in DOMAINS
    ]
    complain(wrong, "put it into models/<layer>/<domain>/; layers and domains are those of the design")


def test_a_model_is_named_by_its_layer(manifest: dict[str, Any]) -> None:
    wrong = []
    for node in models(manifest):
        _, layer, domain, name = node["fqn"]
        if not re.fullmatch(NAMES[layer].format(domain=domain), name):
            wrong.append(f"{layer}/{domain}/{name}")
    complain(wrong, "stg_<domain>__<feed>, int_<domain>__<what>, and in marts dim_, fct_ or rpt_<thing>")


def test_a_model_is_described_in_the_file_beside_it(manifest: dict[str, Any]) -> None:
    wrong = []
    for node in models(manifest):
        _, layer, domain, _ = node["fqn"]
        prefix = {"staging": "_stg_", "intermediate": "_int_", "marts": "_"}[layer]
        expected = f"qls://models/{layer}/{domain}/{prefix}{domain}__models.yml"
        if node["patch_path"] != expected:
            wrong.append(f"{node['name']}: {node['patch_path']}, not {expected}")
    complain(wrong, "describe a model in the one yml of its folder")


def test_a_mart_stands_in_the_schema_of_its_domain(manifest: dict[str, Any]) -> None:
    wrong = []
    for node in models(manifest):
        _, layer, domain, _ = node["fqn"]
        if node["schema"] != (domain if layer == "marts" else layer):
            wrong.append(f"{node['name']} stands in the schema {node['schema']}")
    complain(wrong, "give the domain its +schema in dbt_project.yml")


# Who reads whom


def test_layers_read_one_way(manifest: dict[str, Any]) -> None:
    wrong = []
    for node in models(manifest):
        layer = node["fqn"][1]
        for parent in node["depends_on"]["nodes"]:
            kind, name = parent.split(".")[0], parent.split(".")[-1]
            if kind == "source":
                if ".lake." in parent and layer != "staging":
                    wrong.append(f"{node['name']} reads the lake ({name}); only staging does")
                if ".ledger." in parent and name not in {"run", "file_period"} and node["fqn"][2] != "evidence":
                    wrong.append(f"{node['name']} reads the ledger table {name}; only marts of evidence do")
            elif kind == "model":
                read = manifest["nodes"][parent]["fqn"][1]
                if layer == "staging" or (layer == "intermediate" and read == "marts"):
                    wrong.append(f"{node['name']} ({layer}) reads {name} ({read})")
                if layer == "marts" and read == "marts" and (node["name"], name) not in MARTS_THAT_READ_MARTS:
                    wrong.append(f"{node['name']} reads the mart {name} and no reason is listed")
    complain(wrong, "one way only: sources, staging, intermediate, marts; a mart reads a mart only for a listed reason")


def test_a_listed_exception_is_one() -> None:
    """An exception nobody uses any more would hide the next fault."""
    assert all(reason for reason in [*MARTS_THAT_READ_MARTS.values(), *TYPES_THAT_DIFFER.values()])


# What a model says of itself


def test_every_model_has_a_description_an_owner_and_a_grain(manifest: dict[str, Any]) -> None:
    wrong = []
    for node in models(manifest):
        meta = node["config"]["meta"]
        if len(node["description"].strip()) < 20:
            wrong.append(f"{node['name']} has no description")
        if meta.get("owner") not in OWNERS:
            wrong.append(f"{node['name']}: owner {meta.get('owner')!r} is no role of ours")
        if not meta.get("grain"):
            wrong.append(f"{node['name']} does not state its grain")
    complain(wrong, "description, and config.meta owner and grain, in the folder's yml")


def test_every_key_is_tested(manifest: dict[str, Any]) -> None:
    tested: dict[str, list[list[str]]] = {}
    for node in manifest["nodes"].values():
        metadata = node.get("test_metadata")
        if metadata and metadata["name"] == "unique_key":
            tested.setdefault(node["attached_node"], []).append(metadata["kwargs"]["columns"])
    wrong = []
    for node in models(manifest):
        key = node["config"]["meta"].get("key")
        if key and tested.get(node["unique_id"]) != [key]:
            wrong.append(f"{node['name']}: key {key}, tested {tested.get(node['unique_id'])}")
        if not key and (node["unique_id"] in tested or node["fqn"][1] != "intermediate"):
            wrong.append(f"{node['name']} does not state its key")
    complain(wrong, "meta.key and one unique_key test on exactly these columns")


def test_every_mart_says_what_it_answers_and_holds_to_its_contract(manifest: dict[str, Any]) -> None:
    wrong = []
    for mart in models(manifest, "marts"):
        meta = mart["config"]["meta"]
        if not mart["config"]["contract"]["enforced"]:
            wrong.append(f"{mart['name']}: the contract is not enforced")
        if not str(meta.get("answers", "")).endswith("?"):
            wrong.append(f"{mart['name']}: meta.answers is not a question")
        if missing := set(meta.get("key") or ()) - set(mart["columns"]):
            wrong.append(f"{mart['name']}: the key names columns that it has not: {sorted(missing)}")
        if mart["constraints"] or any(column["constraints"] for column in mart["columns"].values()):
            wrong.append(f"{mart['name']}: has dbt constraints; keys and nulls are tests, which speak for themselves")
    complain(wrong, "see the yml of a neighbour")


def test_every_column_has_one_of_our_types(manifest: dict[str, Any]) -> None:
    wrong = [
        f"{mart}.{column['name']}: {column['data_type']!r}"
        for mart, column in published_columns(manifest)
        if not TYPES.fullmatch(column["data_type"] or "")
    ]
    complain(wrong, "string, int, bigint, double, decimal(p,s), date, timestamp or boolean")


def test_every_column_is_described_by_the_one_text_of_its_name(manifest: dict[str, Any]) -> None:
    wrong = [
        f"{mart}.{column['name']} is described by {column['doc_blocks'] or 'a text of its own'}"
        for mart, column in published_columns(manifest)
        if column["doc_blocks"] != [f"doc.qls.{column['name']}"] or not column["description"].strip()
    ]
    complain(wrong, "description: \"{{ doc('<column name>') }}\", and the text in models/columns.md")


def test_every_text_is_used_and_they_stand_in_order(manifest: dict[str, Any]) -> None:
    names = re.findall(r"\{% docs (\w+) %\}", (DBT_PROJECT / "models" / "columns.md").read_text(encoding="utf-8"))
    published = {column["name"] for _, column in published_columns(manifest)}
    complain([f"{name}: no mart has such a column" for name in names if name not in published], "remove the text")
    assert names == sorted(set(names)), "models/columns.md: one text per name, in alphabetical order"


def test_a_name_has_one_type_everywhere(manifest: dict[str, Any]) -> None:
    found: dict[str, dict[str, list[str]]] = {}
    for mart, column in published_columns(manifest):
        found.setdefault(column["name"], {}).setdefault(column["data_type"], []).append(mart)
    wrong = [f"{n}: {types}" for n, types in found.items() if len(types) > 1 and n not in TYPES_THAT_DIFFER]
    complain(wrong, "same quantity, same unit, same name, same type; else another name")
    idle = [name for name in TYPES_THAT_DIFFER if len(found.get(name, ())) < 2]
    complain(idle, "these differ no more: take them off TYPES_THAT_DIFFER")


# The naming charter


def test_columns_are_named_by_the_charter(manifest: dict[str, Any]) -> None:
    wrong = []
    for mart, column in published_columns(manifest):
        name, data_type = column["name"], column["data_type"]

        def fault(why: str, where: str = f"{mart}.{name}") -> None:
            wrong.append(f"{where} {why}")

        if not re.fullmatch(r"_?[a-z][a-z0-9_]*", name):
            fault("is not in snake case")
        if name == "rate" or name.endswith("_rate"):
            fault("is a bare rate: say per what (_pct, _per_1000, _per_100k)")
        if PERIOD_NAMES_TO_AVOID.fullmatch(name):
            fault("is no period of the charter: month, quarter, financial_year, period_start_date")
        if data_type == "date" and not DATE_NAMES.fullmatch(name) and name not in OTHER_DATES:
            fault("is a date and does not say so")
        if (data_type == "timestamp") != name.endswith("_at"):
            fault("a time ends in _at and nothing else does")
        if (data_type == "boolean") != name.startswith(("is_", "has_")):
            fault("a yes or no begins with is_ or has_ and nothing else does")
        if name.endswith(("_key", "_id", "_code", "_name")) and data_type not in {"string", "boolean"}:
            fault("is an identifier or a name, so a text")
        if name.endswith(("_pct", "_per_1000", "_per_100k")) and not data_type.startswith("decimal"):
            fault("is a share and not a decimal")
    complain(wrong, "rename it by section 4 of the design, here and in models/columns.md")


def test_columns_that_belong_together_stand_together(manifest: dict[str, Any]) -> None:
    wrong = []
    for mart in models(manifest, "marts"):
        names = set(mart["columns"])
        for one, others in {
            "org_level": {"org_id"},
            "org_id": {"org_level"},
            "value": {"unit", "numerator", "denominator", "value_status"},
            "valid_to": {"valid_from"},
            "valid_from": {"valid_to"},
            "known_to": {"known_from"},
            "known_from": {"known_to"},
        }.items():
            if one in names and others - names:
                wrong.append(f"{mart['name']} has {one} without {', '.join(sorted(others - names))}")
        for name in names:
            for end, other in (("_lower", "_upper"), ("_upper", "_lower")):
                if name.endswith(end) and name.removesuffix(end) + other not in names:
                    wrong.append(f"{mart['name']} has {name} without its other end")
            if name.endswith("_lower") and "confidence_pct" not in names:
                wrong.append(f"{mart['name']} has the interval {name} and no confidence_pct")
    complain(wrong, "add the other column")


# Disclosure


def test_every_mart_states_its_disclosure_and_none_has_a_reason(manifest: dict[str, Any]) -> None:
    wrong = []
    for mart in models(manifest, "marts"):
        stated = mart["config"]["meta"].get("disclosure")
        if stated not in DISCLOSURE_CLASSES | {"none", "by_class"}:
            wrong.append(f"{mart['name']}: disclosure {stated!r}")
    for path in sorted((DBT_PROJECT / "models" / "marts").rglob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"\bdisclosure: none\b(?!\s+#\s*\w)", line):
                wrong.append(f"{path.name} line {number}: `disclosure: none` without a reason")
    complain(wrong, "name the class, by_class where the row names it, or `none  # why it counts no people`")


def test_every_count_of_people_has_its_disclosure_class(manifest: dict[str, Any]) -> None:
    wrong = []
    for mart in models(manifest, "marts"):
        of_mart = mart["config"]["meta"].get("disclosure")
        for column in mart["columns"].values():
            name, number = column["name"], bool(NUMBERS.fullmatch(column["data_type"] or ""))
            stated = column["config"]["meta"].get("disclosure")
            where = f"{mart['name']}.{name}"
            if number and PEOPLE.fullmatch(name) and not stated:
                wrong.append(f"{where} counts people by its name and has no disclosure class")
            if number and of_mart != "none" and not stated and name not in COUNTS_NO_PEOPLE:
                wrong.append(f"{where} is a number in a mart of class {of_mart} and has no disclosure class")
            if stated and stated != of_mart:
                wrong.append(f"{where} is of class {stated}, its mart of {of_mart}")
        protected = any(column["config"]["meta"].get("disclosure") for column in mart["columns"].values())
        if of_mart != "none" and not protected:
            wrong.append(f"{mart['name']} is of class {of_mart} and no column of it is")
    complain(wrong, "config.meta.disclosure at the column, or COUNTS_NO_PEOPLE with what it counts")


def test_a_protected_column_is_written_through_the_macro(manifest: dict[str, Any]) -> None:
    """Suppression is decided once per cell, in the domain's cell_decision; a mart only joins it."""
    wrong = []
    for mart in models(manifest, "marts"):
        protected = [name for name, c in mart["columns"].items() if c["config"]["meta"].get("disclosure")]
        read = {parent.split(".")[-1] for parent in mart["depends_on"]["nodes"] if ".int_" in parent}
        if any(page == mart["name"] for page, _ in MARTS_THAT_READ_MARTS):
            wrong += [f"the page {mart['name']} reads exact figures of {name}" for name in sorted(read - BESIDE_MARTS)]
            continue
        # One for all cells of one shape: a yearly survey has other keys than a quarterly one.
        decisions = re.compile(rf"int_{mart['fqn'][2]}__(\w+_)?cell_decision")
        if protected and not any(map(decisions.fullmatch, read)):
            wrong.append(f"{mart['name']} does not join {decisions.pattern}")
        # A macro that writes a whole mart counts as the mart's own text.
        called = [macro for macro in mart["depends_on"]["macros"] if macro.startswith("macro.qls.")]
        code = mart["raw_code"] + "".join(manifest["macros"][macro]["macro_sql"] for macro in called)
        for name in protected:
            written = (
                rf"\{{\{{ disclosed(_count|_percentage)?\([^{{}}]+\) \}}\}}( as [a-z]+(\([\d, ]+\))?\))? as {name}\b"
            )
            if not re.search(written, code):
                wrong.append(f"{mart['name']}.{name} is not written through disclosed()")
        if protected and "disclosed_status(" not in code:
            wrong.append(f"{mart['name']} does not say which values are suppressed (disclosed_status)")
    complain(wrong, "{{ disclosed('<column>') }} as <column>, on the domain's decision")


def test_rows_of_persons_stay_below_the_marts(manifest: dict[str, Any]) -> None:
    """A model of persons says so, so that no sample key names one; no mart is one or shows what only it has."""
    personal = {f"stg_{feed.domain}__{feed.id}" for feed in feeds().values() if feed.personal}
    said = {node["name"] for node in models(manifest) if node["config"]["meta"].get("personal")}
    shown = {(mart, column["name"]) for mart, column in published_columns(manifest)}
    wrong = [f"{name}: config.meta.personal is not set" for name in sorted(personal - said)]
    wrong += [f"{node['name']} is a mart of persons" for node in models(manifest, "marts") if node["name"] in said]
    wrong += [f"{mart}.{name} refers to a person" for mart, name in sorted(shown) if name in REFERENCES_TO_PERSONS]
    complain(wrong, "count persons in intermediate, and publish the counts through the class `staff`")


# What SQL the models speak


def test_compiled_sql_is_spark_sql(example: Home, manifest: dict[str, Any]) -> None:
    compiled = compiled_models(example)
    assert {path.stem for path in compiled} == {node["name"] for node in models(manifest)}
    platform = (DBT_PROJECT / "macros" / "platform.sql").read_text(encoding="utf-8")
    wrong = []
    for path in compiled:
        try:
            tree = sqlglot.parse_one(path.read_text(encoding="utf-8"), dialect="spark")
        except sqlglot.ParseError as error:
            wrong.append(f"{path.name} is no Spark SQL: {str(error).splitlines()[0]}")
            continue
        if tree.find(exp.Qualify):
            wrong.append(f"{path.name} uses QUALIFY")
        unknown = {call.name.lower() for call in tree.find_all(exp.Anonymous)}
        wrong += [f"{path.name} calls {name}()" for name in sorted(unknown) if f"{name}(" not in platform]
    complain(wrong, "write it in plain SQL, or as a macro in macros/platform.sql with a default__ and a spark__")


def test_what_only_duckdb_speaks_stands_in_platform_sql_alone() -> None:
    wrong = []
    for path in sql_files():
        for number, line in enumerate(without_comments(path.read_text(encoding="utf-8")).splitlines(), 1):
            if found := DUCKDB_ONLY.search(line):
                wrong.append(f"{path.relative_to(DBT_PROJECT)} line {number}: {found[0]}")
    complain(wrong, "write it in plain SQL, or as a macro in macros/platform.sql with a default__ and a spark__")


def test_platform_macros_have_both_sides() -> None:
    text = (DBT_PROJECT / "macros" / "platform.sql").read_text(encoding="utf-8")
    names = set(re.findall(r"\{% macro (\w+)\(", text))
    public = {name for name in names if "__" not in name}
    assert names == public | {f"{side}__{name}" for side in ("default", "spark") for name in public}


def test_no_select_star_past_the_import_ctes(manifest: dict[str, Any]) -> None:
    wrong = []
    for node in models(manifest):
        code = without_comments(node["raw_code"])
        imports = len(re.findall(r"select \* from \{\{ (?:ref|source)\([^)]*\) \}\}\s*\)", code))
        stars = len(re.findall(r"(?:select\s+(?:distinct\s+)?|,\s*|\w\.)\*(?=\s*(?:,|\n|from\b))", code))
        if stars != imports:
            wrong.append(f"{node['name']}: {stars - imports} times")
    complain(wrong, "name the columns; only `<name> as (select * from {{ ref(…) }})` may use the star")


def test_sums_and_truncated_dates_are_cast(example: Home) -> None:
    """A sum is a hugeint here and a bigint there, and date_trunc a date here and a timestamp there."""
    wrong = []
    for path in compiled_models(example):
        tree = sqlglot.parse_one(path.read_text(encoding="utf-8"), dialect="duckdb")
        for column in tree.selects if path.parent.parent.name == "marts" else ():
            inner = column.unalias()
            if isinstance(inner, exp.Sum | exp.TimestampTrunc | exp.DateTrunc):
                wrong.append(f"{path.stem}.{column.alias_or_name}: {inner.sql()}")
    complain(wrong, "cast(… as <the type of the contract>)")


# Numbers that change a figure


def test_every_var_is_used_and_has_its_source() -> None:
    text = (DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8")
    names = yaml.safe_load(text)["vars"]
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in DBT_PROJECT.rglob("*") if path.suffix in {".sql", ".yml"}
    )
    block = re.search(r"^vars:\n((?:  .*\n|\n)+)", text, re.M)
    assert block
    wrong = [f"{name} is used nowhere" for name in names if not re.search(rf"\bvar\(['\"]{name}['\"]\)", code)]
    for group in re.split(r"\n\s*\n", block[1].strip("\n")):
        comment = " ".join(line.strip("# ") for line in group.splitlines() if line.lstrip().startswith("#"))
        if not re.search(r"Source: \w+.{10,}", comment):
            wrong.append(f"the vars beginning with «{group.strip().splitlines()[-1]}» name no source")
    asked = set(re.findall(r"\bvar\(['\"](\w+)['\"]", code))
    wrong += [f"{name} is asked for and not set" for name in sorted(asked - set(names))]
    complain(wrong, "a comment above the group ends in `Source: …`")


@pytest.mark.parametrize("layer", LAYERS)
def test_the_same_domains_in_every_layer(layer: str) -> None:
    found = {path.name for path in (DBT_PROJECT / "models" / layer).iterdir() if path.is_dir()}
    assert found <= set(DOMAINS)
