//! Rows as they are exported.

use calls::{CallId, Decimal};
use rusqlite::{Connection, Row};

use super::failure::{JobResult, unreadable};
use super::{instant, json, statements};
use crate::{ExportCall, ExportRow, ExportTable, ExportType, ExportValue};

pub(super) fn calls(connection: &Connection) -> JobResult<Vec<ExportCall>> {
    let mut statement = connection.prepare_cached(statements::EXPORTABLE_CALLS)?;
    let calls = statement.query_map([], |row| {
        let id = CallId::new(row.get::<_, String>(0)?);
        Ok(ExportCall::new(id, row.get(1)?, row.get(2)?))
    })?;
    Ok(calls.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn rows(
    connection: &Connection,
    table: ExportTable,
    calls: &[CallId],
) -> JobResult<Vec<ExportRow>> {
    let mut statement = connection.prepare_cached(of(table))?;
    let ids = json(&calls)?;
    let ids = (statement.parameter_count() > 0).then_some(ids);
    let mut rows = statement.query(rusqlite::params_from_iter(ids))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let columns = table.columns().iter().enumerate();
        let values = columns.map(|(place, (name, kind))| value(row, place, name, *kind));
        found.push(values.collect::<JobResult<_>>()?);
    }
    Ok(found)
}

fn of(table: ExportTable) -> &'static str {
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

fn value(row: &Row<'_>, place: usize, name: &str, kind: ExportType) -> JobResult<ExportValue> {
    let text = || row.get::<_, Option<String>>(place);
    let value = match kind {
        ExportType::Text | ExportType::Json => text()?.map(ExportValue::Text),
        ExportType::Integer => row.get::<_, Option<i64>>(place)?.map(ExportValue::Integer),
        ExportType::Float => row.get::<_, Option<f64>>(place)?.map(ExportValue::Float),
        ExportType::Boolean => row.get::<_, Option<bool>>(place)?.map(ExportValue::Boolean),
        ExportType::Instant => instant::parse_optional(text()?, name)?.map(ExportValue::Instant),
        ExportType::Decimal => text()?
            .map(|text| text.parse::<Decimal>().map_err(|_| unreadable(name)))
            .transpose()?
            .map(ExportValue::Decimal),
    };
    Ok(value.unwrap_or(ExportValue::Null))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::migrations;

    #[test]
    fn statements_give_the_columns_of_their_tables() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrations::apply(&mut connection).unwrap();
        for table in ExportTable::ALL {
            let statement = connection.prepare(of(*table)).unwrap();
            let columns: Vec<&str> = table.columns().iter().map(|(name, _)| *name).collect();
            let found: Vec<&str> = statement.column_names().collect();
            assert_eq!(found, columns, "{}", table.name());
        }
    }
}
