-- Where the class of a value hides it, one row says that the scope and period were restated: neither which
-- rows nor how many, for a total that shows would give back the rest.
with

restated_values as (
    select * from {{ ref('stg_evidence__restated_value') }}
),

decisions as (
    select * from {{ ref('int_evidence__cell_decision') }}
),

files as (
    select * from {{ source('ledger', 'file') }}
),

protected as (
    select distinct
        restated_values.feed,
        files.domain,
        restated_values.scope,
        restated_values.period,
        restated_values.file_sequence,
        {{ disclosed('restated_values.restated_row') }} as restated_row,
        {{ disclosed('restated_values.column_name') }} as column_name,
        {{ disclosed("nullif(restated_values.indicator_code, '')") }} as indicator_code,
        case when decisions.decision = 'shown' then restated_values.restatement_kind else 'changed' end
            as restatement_kind,
        {{ disclosed('restated_values.old_value') }} as old_value,
        {{ disclosed('restated_values.new_value') }} as new_value,
        {{ disclosed_status("'reported'") }} as value_status,
        restated_values.superseded_file_id,
        restated_values.file_id,
        files.received_date
    from restated_values
    left join decisions using (feed, indicator_code, period)
    left join files on restated_values.file_id = files.file_id
)

select
    {{ surrogate_key(['feed', 'scope', 'period', 'file_sequence', 'restated_row', 'column_name']) }}
        as restatement_key,
    feed,
    domain,
    nullif(scope, '') as delivery_scope,
    nullif(period, date '1900-01-01') as period_start_date,
    file_sequence,
    restated_row,
    column_name,
    indicator_code,
    restatement_kind,
    old_value,
    new_value,
    value_status,
    superseded_file_id,
    file_id,
    received_date

from protected
