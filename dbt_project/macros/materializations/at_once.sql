{#-
    How a model becomes a table or view in DuckDB: at once, under its own name. The warehouse is a new file for each
    build, so nothing is ever replaced; dbt's own way, which builds beside, renames and drops, took a tenth of a build's
    time for it.
-#}
{% materialization table, adapter='duckdb' %}
    {{ return(built_at_once('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(built_at_once('view')) }}
{% endmaterialization %}

{% macro built_at_once(type) %}
    {%- set relation = this.incorporate(type=type) %}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') %}
        {{ create_table_as(False, relation, sql) if type == 'table' else create_view_as(relation, sql) }}
    {% endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [relation]}) }}
{% endmacro %}
