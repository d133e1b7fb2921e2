//! Rows as they are exported.

use calls::CallId;
use snowflake_sql::Row;

use super::failure::of_sql;
use super::json;
use super::statements::{self, Query};
use super::store::SnowflakeStore;
use crate::{ExportCall, ExportLayout, ExportRow, ExportTable, ExportType, ExportValue, Result};

pub(super) async fn calls(store: &SnowflakeStore) -> Result<Vec<ExportCall>> {
    let rows = store.ask(&statements::EXPORTABLE_CALLS.statement()).await?;
    rows.iter()
        .map(|row| {
            let text = |column| row.required_text(column).map(str::to_owned);
            let id = CallId::new(text("CALL_ID")?);
            Ok(ExportCall::new(
                id,
                text("CALL_MONTH")?,
                text("CALL_VERSION")?,
            ))
        })
        .collect::<snowflake_sql::Result<_>>()
        .map_err(of_sql)
}

pub(super) async fn rows(
    store: &SnowflakeStore,
    table: ExportTable,
    calls: &[CallId],
) -> Result<Vec<ExportRow>> {
    let mut statement = of(table).statement();
    if table.layout() != ExportLayout::Whole {
        statement = statement.bind(json(calls)?);
    }
    let rows = store.ask(&statement).await?;
    rows.iter()
        .map(|row| {
            let columns = table.columns().iter();
            columns
                .map(|(name, kind)| value(&row, name, *kind))
                .collect::<snowflake_sql::Result<ExportRow>>()
        })
        .collect::<snowflake_sql::Result<_>>()
        .map_err(of_sql)
}

fn of(table: ExportTable) -> Query {
    match table {
        ExportTable::Calls => statements::EXPORT_CALLS,
        ExportTable::Sentences => statements::EXPORT_SENTENCES,
        ExportTable::Participants => statements::EXPORT_PARTICIPANTS,
        ExportTable::Topics => statements::EXPORT_TOPICS,
        ExportTable::CrmLinks => statements::EXPORT_CRM_LINKS,
        ExportTable::Chunks => statements::EXPORT_CHUNKS,
        ExportTable::GongFindings => statements::EXPORT_GONG_FINDINGS,
        ExportTable::Readings => statements::EXPORT_READINGS,
        ExportTable::ReadingItems => statements::EXPORT_READING_ITEMS,
        ExportTable::NextSteps => statements::EXPORT_NEXT_STEPS,
        ExportTable::Pushback => statements::EXPORT_PUSHBACK,
        ExportTable::EnrichedCalls => statements::EXPORT_ENRICHED_CALLS,
        ExportTable::SalesPerformance => statements::EXPORT_SALES_PERFORMANCE,
        ExportTable::Deals => statements::EXPORT_DEALS,
        ExportTable::Contacts => statements::EXPORT_CONTACTS,
        ExportTable::Companies => statements::EXPORT_COMPANIES,
        ExportTable::Owners => statements::EXPORT_OWNERS,
        ExportTable::Stages => statements::EXPORT_STAGES,
    }
}

fn value(row: &Row<'_>, column: &str, kind: ExportType) -> snowflake_sql::Result<ExportValue> {
    let value = match kind {
        ExportType::Text | ExportType::Json => {
            let text = row.text(column)?.map(str::to_owned);
            text.map(ExportValue::Text)
        }
        ExportType::Integer => row.integer(column)?.map(ExportValue::Integer),
        ExportType::Float => row.float(column)?.map(ExportValue::Float),
        ExportType::Boolean => row.boolean(column)?.map(ExportValue::Boolean),
        ExportType::Instant => row.timestamp(column)?.map(ExportValue::Instant),
        ExportType::Decimal => row.decimal(column)?.map(ExportValue::Decimal),
    };
    Ok(value.unwrap_or(ExportValue::Null))
}
