//! Migrations as text, for teams that apply SQL with other tools.

use super::SnowflakeMigration;

const CREATE_HISTORY: &str =
    include_str!("../../../sql/snowflake/statements/create_schema_history.sql");
const RECORD: &str = include_str!("../../../sql/snowflake/statements/record_migration.sql");

impl SnowflakeMigration {
    /// The table that records what is applied. It comes before the first migration.
    pub fn history_script() -> String {
        ended(CREATE_HISTORY)
    }

    /// The migration's statements and the one that records it, so that a client that
    /// opens the schema afterwards finds nothing to apply. Running it again changes
    /// nothing.
    pub fn script(&self) -> String {
        let mut script: String = self
            .statements
            .iter()
            .map(|statement| ended(statement.as_str()))
            .collect();
        script.push_str(&ended(&self.recording()));
        script
    }

    /// As the client records it, with the values written out: a number, and text that
    /// this build is made of.
    fn recording(&self) -> String {
        let values = [
            self.version.to_string(),
            format!("'{}'", self.name),
            format!("'{}'", self.checksum()),
            "CURRENT_TIMESTAMP()".to_owned(),
        ];
        let body: Vec<&str> = RECORD
            .lines()
            .filter(|line| !line.starts_with("--"))
            .collect();
        let mut text = body.join("\n");
        for value in values {
            text = text.replacen('?', &value, 1);
        }
        text
    }
}

fn ended(statement: &str) -> String {
    format!("{};\n\n", statement.trim_end())
}

#[cfg(test)]
mod tests {
    use super::super::snowflake_migrations;

    #[test]
    fn a_record_has_no_placeholder_left_and_no_quote_in_its_values() {
        for migration in snowflake_migrations().unwrap() {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(migration.name.chars().all(plain), "{}", migration.name);
            let recording = migration.recording();
            assert!(!recording.contains('?'), "{recording}");
            assert!(recording.contains(&migration.checksum()), "{recording}");
        }
    }
}
