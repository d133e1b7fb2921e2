//! The way of a call from Gong to coaching, as SVG.

use std::fmt::Write;

const WIDTH: u32 = 960;
const HEIGHT: u32 = 400;

/// Width and height of a box.
const BOX: (u32, u32) = (170, 66);

/// What a box stands for, by which its frame is coloured.
#[derive(Clone, Copy)]
enum Kind {
    /// Runs elsewhere.
    Outside,
    /// A crate of this workspace.
    Code,
    /// Tables of the store.
    Data,
}

impl Kind {
    fn colour(self) -> &'static str {
        match self {
            Self::Outside => "#64748b",
            Self::Code => "#3b5bdb",
            Self::Data => "#2b8a3e",
        }
    }
}

/// Left and top, kind, title, and a line below it.
const BOXES: [(u32, u32, Kind, &str, &str); 11] = [
    (20, 30, Kind::Outside, "Gong", "calls, transcripts"),
    (20, 302, Kind::Outside, "HubSpot", "REST or data share"),
    (220, 30, Kind::Code, "gong-client", "pages within limits"),
    (220, 302, Kind::Code, "hubspot-enrich", "deals, contacts"),
    (420, 30, Kind::Code, "ingest", "windows, checkpoints"),
    (620, 30, Kind::Data, "*_RAW", "as Gong sent it"),
    (
        620,
        166,
        Kind::Data,
        "STG_GONG_*",
        "calls, sentences, readings",
    ),
    (620, 302, Kind::Data, "CRM_*", "mirror of the CRM"),
    (420, 166, Kind::Code, "cortex", "local, Cortex, any model"),
    (220, 166, Kind::Code, "agents", "analysis, coaching, search"),
    (20, 166, Kind::Outside, "You", "Rust, JSON, HTML report"),
];

/// Points of an arrow, and what travels along it (left and baseline of the words).
const ARROWS: [(&str, u32, u32, &str); 11] = [
    ("190,63 220,63", 0, 0, ""),
    ("390,63 420,63", 0, 0, ""),
    ("590,63 620,63", 0, 0, ""),
    ("705,96 705,166", 715, 136, "transform"),
    ("190,335 220,335", 0, 0, ""),
    ("390,335 620,335", 470, 326, "enrich"),
    ("620,186 590,186", 0, 0, ""),
    ("590,212 620,212", 0, 0, ""),
    ("420,199 390,199", 0, 0, ""),
    (
        "705,302 705,268 305,268 305,232",
        480,
        261,
        "deal of the call",
    ),
    ("220,199 190,199", 0, 0, ""),
];

/// The drawing. It names its own colours, so it reads on dark pages too.
pub(super) fn svg() -> String {
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Gong's calls are fetched, landed and transformed; HubSpot's records are mirrored; agents read both and answer" font-family="system-ui, sans-serif">
<!-- Made by `cargo xtask pictures`. -->
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0,0 8,4 0,8z" fill="#475569"/></marker></defs>
<rect width="{WIDTH}" height="{HEIGHT}" rx="12" fill="#f8fafc"/>
<rect x="606" y="12" width="340" height="372" rx="10" fill="#ebfbee"/>
<text x="812" y="70" font-size="13" font-weight="600" fill="#2b8a3e">one store:</text>
<text x="812" y="90" font-size="13" fill="#2b8a3e">SQLite file</text>
<text x="812" y="108" font-size="13" fill="#2b8a3e">or Snowflake</text>
"##
    );
    for (points, left, baseline, words) in ARROWS {
        // Writing to a String does not fail.
        let _ = writeln!(
            svg,
            r##"<polyline points="{points}" fill="none" stroke="#475569" stroke-width="1.5" marker-end="url(#head)"/>"##
        );
        if !words.is_empty() {
            let _ = writeln!(
                svg,
                r##"<text x="{left}" y="{baseline}" font-size="12" fill="#475569">{words}</text>"##
            );
        }
    }
    let (width, height) = BOX;
    for (left, top, kind, title, below) in BOXES {
        let colour = kind.colour();
        let middle = left + width / 2;
        let _ = writeln!(
            svg,
            r##"<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="8" fill="#ffffff" stroke="{colour}" stroke-width="1.5"/>
<text x="{middle}" y="{}" font-size="15" font-weight="600" text-anchor="middle" fill="{colour}">{title}</text>
<text x="{middle}" y="{}" font-size="12" text-anchor="middle" fill="#334155">{below}</text>"##,
            top + 28,
            top + 48,
        );
    }
    svg.push_str("</svg>\n");
    svg
}

#[cfg(test)]
mod tests {
    use super::{ARROWS, BOXES, HEIGHT, WIDTH, svg};

    #[test]
    fn everything_lies_within_the_drawing() {
        for (left, top, ..) in BOXES {
            assert!(left + super::BOX.0 <= WIDTH && top + super::BOX.1 <= HEIGHT);
        }
        for (points, ..) in ARROWS {
            for point in points.split(' ') {
                let (x, y) = point.split_once(',').unwrap();
                assert!(x.parse::<u32>().unwrap() <= WIDTH);
                assert!(y.parse::<u32>().unwrap() <= HEIGHT);
            }
        }
    }

    #[test]
    fn the_drawing_in_the_docs_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/pictures/data-way.svg");
        assert_eq!(std::fs::read_to_string(path).unwrap(), svg());
    }
}
