//! Figures as a table, and the table's place in a page.

use super::figures::Figure;

const START: &str = "<!-- figures: written by `cargo xtask quality --write` -->";
const END: &str = "<!-- end of figures -->";

/// One row per figure: the part that nothing was tuned on first, the tuning part beside
/// it.
pub(super) fn markdown(figures: &[Figure]) -> String {
    let mut rows = vec![
        "| figure | aim | measured | on | tuning part |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    for figure in figures.iter().filter(|figure| !figure.is_of_tuning_part()) {
        let tuning = figures
            .iter()
            .find(|other| other.is_of_tuning_part() && other.name == figure.name);
        let mark = if figure.misses_its_aim() {
            " (missed)"
        } else {
            ""
        };
        rows.push(format!(
            "| {} | {} | **{}**{mark} | {} | {} |",
            figure.name,
            figure.aim(),
            figure.shown(),
            figure.items,
            tuning.map(Figure::shown).unwrap_or_default(),
        ));
    }
    rows.join("\n")
}

/// The page with the table between its markers, if it has them.
pub(super) fn replaced(page: &str, table: &str) -> Option<String> {
    let (before, rest) = page.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{START}\n{table}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(name: &str, value: f64, part: Option<&str>) -> Figure {
        Figure {
            name: name.into(),
            value,
            digits: 2,
            unit: String::new(),
            at_least: Some(0.6),
            below: None,
            items: "9 items".into(),
            part: part.map(str::to_owned),
        }
    }

    #[test]
    fn parts_stand_side_by_side_and_only_reported_ones_can_miss() {
        let table = markdown(&[
            figure("a", 0.5, Some("reporting")),
            figure("b", 0.7, None),
            figure("a", 0.55, Some("tuning")),
        ]);
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| a | ≥ 0.6 | **0.50** (missed) | 9 items | 0.55 |",
                "| b | ≥ 0.6 | **0.70** | 9 items |  |",
            ]
        );
    }

    #[test]
    fn a_table_replaces_the_one_between_the_markers() {
        let page = format!("before\n{START}\nold\n{END}\nafter");
        let updated = replaced(&page, "new").unwrap();
        assert_eq!(updated, format!("before\n{START}\nnew\n{END}\nafter"));
        assert!(replaced("no markers", "new").is_none());
    }
}
