"""A sound little warehouse: every mart that a suite reads, with rows under which every rule of the gate passes."""

import duckdb

from expectations.rule import Mart

FIGURE = {
    "org_level": "varchar",
    "org_id": "varchar",
    "measure_code": "varchar",
    "dimension_code": "varchar",
    "group_code": "varchar",
    "period_type": "varchar",
    "period_start_date": "date",
}
# Only what the suites read; types as the marts have them.
COLUMNS: dict[tuple[str, str], dict[str, str]] = {
    ("reference", "dim_ward"): {
        "ward_id": "varchar",
        "site_code": "varchar",
        "valid_from": "date",
        "valid_to": "date",
    },
    ("reference", "dim_indicator"): {
        "indicator_code": "varchar",
        "definition_version": "int",
        "disclosure_class": "varchar",
        "is_latest": "boolean",
    },
    ("indicators", "fct_indicator_month"): {
        "org_level": "varchar",
        "org_id": "varchar",
        "org_name": "varchar",
        "site_code": "varchar",
        "indicator_code": "varchar",
        "definition_version": "int",
        "month": "date",
        "numerator": "decimal(18, 6)",
        "denominator": "decimal(18, 6)",
        "value_status": "varchar",
        "is_provisional": "boolean",
        "wards_reporting": "int",
        "wards_applicable": "int",
        "value": "decimal(24, 12)",
    },
    ("indicators", "fct_spc_point"): {
        "org_level": "varchar",
        "indicator_code": "varchar",
        "chart": "varchar",
        "point_date": "date",
    },
    ("indicators", "fct_spc_summary"): {
        "org_level": "varchar",
        "org_id": "varchar",
        "indicator_code": "varchar",
        "chart": "varchar",
        "last_point_date": "date",
        "last_value": "decimal(24, 12)",
        "limits_status": "varchar",
        "variation_type": "varchar",
        "variation_icon": "varchar",
        "assurance_type": "varchar",
        "sentence": "varchar",
    },
    ("indicators", "rpt_ward_scorecard"): {
        "ward_id": "varchar",
        "indicator_code": "varchar",
        "month": "date",
        "value": "decimal(24, 12)",
        "value_status": "varchar",
        "limits_status": "varchar",
        "variation_type": "varchar",
        "variation_icon": "varchar",
        "assurance_type": "varchar",
        "sentence": "varchar",
    },
    ("indicators", "rpt_trust_overview"): {
        "chart_level": "varchar",
        "indicator_code": "varchar",
        "series_charted": "int",
        "series_judged": "int",
        "series_improvement": "int",
        "series_concern": "int",
        "series_consistently_passing": "int",
        "series_consistently_falling_short": "int",
        "sentence": "varchar",
    },
    ("surveys", "fct_survey_score"): {
        "survey_code": "varchar",
        "quarter": "date",
        "org_level": "varchar",
        "org_id": "varchar",
        "site_code": "varchar",
        "measure_code": "varchar",
        "base_n": "int",
        "positive_n": "int",
        "positive_pct": "decimal(24, 12)",
        "value_status": "varchar",
    },
    ("programmes", "fct_ward_progress"): {
        "programme_id": "varchar",
        "ward_id": "varchar",
        "site_code": "varchar",
        "wave_no": "int",
        "enrolled_date": "date",
    },
    ("programmes", "fct_wave"): {
        "programme_id": "varchar",
        "wave_no": "int",
        "site_code": "varchar",
        "wards_enrolled": "int",
        "wards_withdrawn": "int",
    },
    ("programmes", "fct_training_summary"): {
        "programme_id": "varchar",
        "quarter": "date",
        "org_level": "varchar",
        "org_id": "varchar",
        "completed_n": "int",
    },
    ("programmes", "rpt_programme_case"): {
        "cohort_id": "varchar",
        "programme_id": "varchar",
        "start_date": "date",
        "end_date": "date",
        "completed_n": "int",
        "value_status": "varchar",
    },
    ("improvement", "fct_intervention"): {
        "intervention_id": "varchar",
        "ward_id": "varchar",
        "is_named_beforehand": "boolean",
    },
    ("improvement", "fct_intervention_effect"): {
        "intervention_id": "varchar",
        "ward_id": "varchar",
        "indicator_code": "varchar",
        "effect_status": "varchar",
        "effect_sentence": "varchar",
    },
    ("improvement", "fct_rollout_effect"): {
        "programme_id": "varchar",
        "indicator_code": "varchar",
        "variant": "varchar",
        "rollout_status": "varchar",
        "estimate": "double",
        "rollout_sentence": "varchar",
    },
    ("improvement", "rpt_learning_library"): {
        "intervention_id": "varchar",
        "what_followed": "varchar",
        "certainty_sentence": "varchar",
    },
    ("inequalities", "fct_access_group"): {**FIGURE, "numerator": "decimal(18, 6)", "value": "decimal(24, 12)"},
    ("inequalities", "fct_inpatient_group"): {**FIGURE, "numerator": "decimal(18, 6)", "value": "decimal(24, 12)"},
    ("inequalities", "fct_barrier"): {**FIGURE, "numerator": "decimal(18, 6)", "value": "decimal(24, 12)"},
    ("inequalities", "fct_inequality_slope"): {
        **{name: kind for name, kind in FIGURE.items() if name not in ("dimension_code", "group_code")},
        "imd_year": "int",
        "sii": "decimal(24, 12)",
    },
    ("inequalities", "fct_group_recording"): {
        **{name: kind for name, kind in FIGURE.items() if name != "measure_code"},
        "value": "decimal(24, 12)",
    },
    ("inequalities", "fct_gap_point"): {
        "measure_code": "varchar",
        "dimension_code": "varchar",
        "group_code": "varchar",
        "comparator_group_code": "varchar",
        "month": "date",
        "difference": "decimal(24, 12)",
    },
    ("inequalities", "fct_ward_patient_group"): {
        "ward_id": "varchar",
        "dimension_code": "varchar",
        "group_code": "varchar",
        "numerator": "decimal(18, 6)",
        "denominator": "decimal(18, 6)",
        "value": "decimal(24, 12)",
    },
    ("evidence", "fct_file"): {
        "file_id": "varchar",
        "feed": "varchar",
        "domain": "varchar",
        "file_status": "varchar",
        "rows_accepted": "bigint",
        "rows_rejected": "bigint",
        "periods_current": "bigint",
    },
    ("evidence", "fct_file_use"): {"feed": "varchar", "file_id": "varchar", "rows_used": "bigint"},
    ("evidence", "fct_feed_timeliness"): {
        "feed": "varchar",
        "period_start_date": "date",
        "is_revisable": "boolean",
        "revisions": "int",
    },
    ("evidence", "fct_restatement"): {
        "restatement_key": "varchar",
        "feed": "varchar",
        "domain": "varchar",
        "restated_row": "varchar",
        "indicator_code": "varchar",
        "old_value": "varchar",
        "new_value": "varchar",
        "value_status": "varchar",
    },
    ("evidence", "fct_publication_approval"): {"audience": "varchar", "is_in_force": "boolean"},
    ("evidence", "fct_rejection"): {"file_id": "varchar", "row_action": "varchar", "rows_affected": "bigint"},
    ("evidence", "fct_check_result"): {"rule_id": "varchar"},
    ("evidence", "dim_check"): {"rule_id": "varchar"},
}
# What the gate reads beside the marts.
STAGED = {
    ("staging", "stg_evidence__waiver"): {
        "rule_id": "varchar",
        "check_scope": "varchar",
        "granted_date": "date",
        "until_date": "date",
        "reason_text": "varchar",
        "asked_by_role": "varchar",
        "approved_by_role": "varchar",
        "_file_id": "varchar",
        "_row_number": "bigint",
    },
}
DISCLOSURE = {"base_n": "survey", "positive_n": "survey", "positive_pct": "survey", "numerator": "by_class"}

MARTS = [
    Mart(domain, name, tuple((column, data_type, DISCLOSURE.get(column)) for column, data_type in columns.items()))
    for (domain, name), columns in sorted(COLUMNS.items())
]

# Two sites of two wards, three months of one indicator; two providers; a quarter of a survey; one wave; one file each.
SOUND = """
insert into reference.dim_ward values
    ('W001', 'RAJ01', '2024-01-15', null), ('W002', 'RAJ01', '2023-01-01', null),
    ('W003', 'RAJ12', '2023-01-01', null), ('W004', 'RAJ12', '2023-01-01', null);
insert into reference.dim_indicator values
    ('FALLS_1000', 1, 'ward_event', true), ('AE_TOTAL', 1, 'none', true), ('APPRAISAL_PCT', 1, 'staff', true),
    ('FFT_POSITIVE_PCT', 1, 'fft', true), ('FFT_RESPONSE_PCT', 1, 'fft', true), ('MRSA_DAYS', 1, 'ward_event', true);
insert into indicators.fct_indicator_month
select
    'ward', ward_id, ward_id, site_code, 'FALLS_1000', 1, month, 3, 600.5, 'reported', false, 1, 1, 5
from reference.dim_ward, (select unnest([date '2024-01-01', date '2024-02-01', date '2024-03-01']) as month);
insert into indicators.fct_indicator_month
select
    'site', site_code, site_code, site_code, indicator_code, 1, month, sum(numerator), sum(denominator), 'reported',
    false, 2, 2, 5
from indicators.fct_indicator_month where org_level = 'ward' group by all;
insert into indicators.fct_indicator_month
select
    'trust', 'RAJ', 'The trust', null, indicator_code, 1, month, sum(numerator), sum(denominator), 'reported',
    false, 4, 4, 5
from indicators.fct_indicator_month where org_level = 'site' group by all;
insert into indicators.fct_indicator_month
select 'provider', org_id, org_id, null, 'AE_TOTAL', 1, month, 5, null, 'reported', false, null, null, 5
from (select unnest(['RAJ', 'RQW']) as org_id),
    (select unnest([date '2024-01-01', date '2024-02-01', date '2024-03-01']) as month);
insert into indicators.fct_indicator_month
select 'ward', 'W001', 'W001', 'RAJ01', 'APPRAISAL_PCT', 1, month, 3, 40, 'reported', false, 1, 1, 7.5
from (select unnest([date '2024-01-01', date '2024-02-01']) as month);
insert into indicators.fct_indicator_month values
    ('ward', 'W001', 'W001', 'RAJ01', 'FFT_POSITIVE_PCT', 1, '2024-03-01', 2, 20, 'reported', false, 1, 1, 10),
    ('ward', 'W001', 'W001', 'RAJ01', 'FFT_RESPONSE_PCT', 1, '2024-03-01', 20, 80, 'reported', false, 1, 1, 25),
    ('ward', 'W003', 'W003', 'RAJ12', 'FFT_RESPONSE_PCT', 1, '2024-03-01', null, null, 'suppressed', false, 1, 1, null),
    ('ward', 'W004', 'W004', 'RAJ12', 'FFT_RESPONSE_PCT', 1, '2024-03-01', null, null, 'suppressed', false, 1, 1, null),
    ('site', 'RAJ12', 'RAJ12', 'RAJ12', 'FFT_RESPONSE_PCT', 1, '2024-03-01', 9, 80, 'reported', false, 2, 2, 11.25);
insert into indicators.fct_spc_point values
    ('ward', 'MRSA_DAYS', 'time_between', '2024-02-10'), ('ward', 'FALLS_1000', 'xmr', '2024-02-01');
insert into indicators.fct_spc_summary values
    ('ward', 'W001', 'FALLS_1000', 'xmr', '2024-03-01', 5, 'ok', 'special_cause_concern', 'concern_high',
        'consistent_fail', 'Falls, W001: far higher than usual: concern. The target will not be met unless so.'),
    ('ward', 'W002', 'FALLS_1000', 'xmr', '2024-03-01', 5, 'ok', 'common_cause', 'common_cause', 'inconsistent',
        'Falls, W002: as usual. The target is met some months and not others.'),
    ('ward', 'W009', 'FALLS_1000', 'xmr', '2023-03-01', 5, 'ok', 'special_cause_concern', 'concern_high', null,
        'Falls, W009: far higher than usual: concern.'),
    ('ward', 'W001', 'MRSA_DAYS', 'time_between', '2024-02-10', 40, 'ok', 'special_cause_improvement',
        'improvement_high', null, 'Days, W001: higher than usual: improvement. The last was on 2024-02-10.'),
    ('trust', 'RAJ', 'FALLS_1000', 'xmr', '2024-03-01', 5, 'provisional', null, null, null, 'Falls: too few to judge.');
insert into indicators.rpt_ward_scorecard
select
    facts.org_id, facts.indicator_code, facts.month, facts.value, facts.value_status, summaries.limits_status,
    summaries.variation_type, summaries.variation_icon, summaries.assurance_type, coalesce(summaries.sentence, 'Not yet.')
from indicators.fct_indicator_month as facts
left join indicators.fct_spc_summary as summaries using (org_level, org_id, indicator_code)
where facts.org_level = 'ward' and facts.month = case facts.indicator_code
    when 'APPRAISAL_PCT' then date '2024-02-01' else date '2024-03-01' end;
insert into indicators.rpt_ward_scorecard values
    ('W001', 'MRSA_DAYS', '2024-02-01', 40, 'reported', 'ok', 'special_cause_improvement', 'improvement_high', null,
        'Days, W001: higher than usual: improvement. The last was on 2024-02-10.');
insert into indicators.rpt_trust_overview values
    ('ward', 'FALLS_1000', 2, 2, 0, 1, 0, 1, '1 of 2 show a signal (1 of concern, 0 of improvement); chance alone would give 0.'),
    ('ward', 'MRSA_DAYS', 1, 1, 1, 0, 0, 0, '1 of 1 (0 of concern, 1 of improvement); chance alone would give 0.'),
    ('trust', 'FALLS_1000', 1, 0, 0, 0, 0, 0, 'Falls: no chart can be judged yet.');
insert into surveys.fct_survey_score values
    ('pulse', '2024-01-01', 'unit', 'RAJ01:a', 'RAJ01', 'Q1', 20, 3, 15, 'reported'),
    ('pulse', '2024-01-01', 'unit', 'RAJ01:b', 'RAJ01', 'Q1', 30, 30, 100, 'reported'),
    ('pulse', '2024-01-01', 'unit', 'RAJ12:c', 'RAJ12', 'Q1', null, null, null, 'suppressed'),
    ('pulse', '2024-01-01', 'site', 'RAJ01', 'RAJ01', 'Q1', 50, 33, 66, 'reported'),
    ('pulse', '2024-01-01', 'site', 'RAJ12', 'RAJ12', 'Q1', 40, 10, 25, 'reported'),
    ('pulse', '2024-04-01', 'site', 'RAJ01', 'RAJ01', 'Q1', 50, 33, 66, 'reported'),
    ('pulse', '2024-04-01', 'site', 'RAJ12', 'RAJ12', 'Q1', 40, 10, 25, 'reported');
insert into programmes.fct_ward_progress values
    ('P', 'W001', 'RAJ01', 1, '2024-01-15'), ('P', 'W002', 'RAJ01', 1, '2024-02-01');
insert into programmes.fct_wave values ('P', 1, 'RAJ01', 2, 1), ('P', 1, 'RAJ12', 0, 0);
insert into programmes.fct_training_summary values
    ('P', '2024-01-01', 'trust', 'RAJ', 12), ('P', '2024-01-01', 'site', 'RAJ01', 7),
    ('P', '2024-04-01', 'trust', 'RAJ', 30), ('P', '2024-07-01', 'trust', 'RAJ', null);
insert into programmes.rpt_programme_case values
    ('C1', 'P', '2023-12-11', '2024-01-15', 12, 'reported'), ('C2', 'P', '2024-04-11', '2024-05-15', 16, 'reported'),
    ('C3', 'P', '2024-06-01', null, 14, 'reported'), ('C4', 'P', '2024-07-01', '2024-07-02', null, 'suppressed'),
    ('C5', 'P', '2024-07-01', '2024-09-01', null, 'not_applicable');
insert into improvement.fct_intervention values ('HUDDLE', 'W001', true), ('HUDDLE', 'W002', false);
insert into improvement.fct_intervention_effect values
    ('HUDDLE', 'W001', 'FALLS_1000', 'estimated', 'Shows a signal to the better.'),
    ('HUDDLE', 'W002', 'FALLS_1000', 'named_after_start', 'Not looked at.');
insert into improvement.fct_rollout_effect values
    ('P', 'FALLS_1000', 'primary', 'estimated', -1, 'Wards lay 1 below what wards still waiting let one expect.');
insert into improvement.rpt_learning_library values ('HUDDLE', 'Of 1 ward 1 showed a signal.', 'Too few wards.');
insert into inequalities.fct_access_group
select 'trust', 'RAJ', measure_code, 'deprivation_2025', group_code, 'rolling_12_months', '2024-01-01', 25, 8
from (select unnest(['MISSED_PCT', 'VIRTUAL_PCT']) as measure_code),
    (select unnest(['1', '2', '3', '4', '5']) as group_code);
insert into inequalities.fct_barrier
select * from inequalities.fct_access_group where measure_code = 'VIRTUAL_PCT';
insert into inequalities.fct_inpatient_group
select * replace ('STAY_21_DAYS_PCT' as measure_code) from inequalities.fct_barrier;
insert into inequalities.fct_inequality_slope values
    ('trust', 'RAJ', 'MISSED_PCT', 'rolling_12_months', '2024-01-01', 2025, 6),
    ('trust', 'RAJ', 'STAY_21_DAYS_PCT', 'rolling_12_months', '2024-01-01', 2025, 6);
insert into inequalities.fct_access_group
select * replace ('quarter' as period_type) from inequalities.fct_access_group where measure_code = 'MISSED_PCT';
insert into inequalities.fct_gap_point values
    ('MISSED_PCT', 'deprivation_2025', '1', '5', '2024-02-01', 4),
    ('MISSED_PCT', 'deprivation_2025', '1', '5', '2024-05-01', null);
insert into inequalities.fct_ward_patient_group values
    ('W001', 'sex', 'female', 60, 130, 46), ('W001', 'sex', 'male', 70, 130, 54),
    ('W001', 'age_band', '0-17', null, 130, null), ('W001', 'age_band', '18-39', 20, 130, null),
    ('W001', 'age_band', '40-64', 110, 130, 85);
insert into inequalities.fct_group_recording values
    ('trust', 'RAJ', 'ethnic_group_2021', 'not_known', 'rolling_12_months', '2024-01-01', 3);
insert into evidence.fct_file values
    ('f1', 'ward_indicator', 'indicators', 'accepted', 12, 2, 3),
    ('f2', 'pulse_survey', 'surveys', 'accepted', 7, 0, 0);
insert into evidence.fct_file_use values ('ward_indicator', 'f1', 12);
insert into evidence.fct_feed_timeliness values
    ('ward_indicator', '2024-01-01', true, 2), ('fft', '2024-01-01', false, 0);
insert into evidence.fct_restatement values
    ('k1', 'ward_indicator', 'indicators', 'RAJ01|Ash', 'FALLS_1000', '3', '8', 'reported'),
    ('k2', 'pulse_survey', 'surveys', null, null, null, null, 'suppressed');
insert into evidence.fct_publication_approval values ('public', true), ('public', false);
insert into evidence.fct_rejection values ('f1', 'rejected', 3), ('f1', 'kept', 9);
insert into evidence.fct_check_result values ('model.dim_ward.unique_key');
insert into evidence.dim_check values ('model.dim_ward.unique_key');
"""


def make_marts(warehouse: duckdb.DuckDBPyConnection, rows: str = SOUND) -> None:
    """Create the marts, with these rows."""
    for (domain, name), columns in (COLUMNS | STAGED).items():
        warehouse.execute(f"create schema if not exists {domain}")
        stated = ", ".join(f'"{column}" {data_type}' for column, data_type in columns.items())
        warehouse.execute(f"create table {domain}.{name} ({stated})")
    warehouse.execute(rows)
