//! One page for people, about a call, a rep, a deal or a week.
//!
//! ```sh
//! cargo run --release --example coach_report -- --store sqlite:calls.db --rep "Imke Vogel" \
//!   --out report.html --json report.json
//! ```
//!
//! The page needs nothing else: it can be mailed, printed and archived. Quotes lead to their
//! moment in Gong. `--json` writes what the page shows, as the tasks answer it. Calls that have
//! no analysis yet are analysed first, where the store may be written to.
//!
//! Stdout is one JSON object that says what was written. Exit codes: 0, written; 1, a store or
//! a file failed; 2, a setting is wrong, or there is no such call, rep or deal.

mod shared;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser};
use gong_snowflake::agents::report::{CallLinks, Report};
use gong_snowflake::agents::task::{Task, TaskResult};
use gong_snowflake::agents::{Error, ErrorCode};
use gong_snowflake::calls::Timestamp;
use gong_snowflake::calls::jiff::civil::{Date, Weekday};
use gong_snowflake::calls::jiff::tz::TimeZone;
use gong_snowflake::calls::jiff::{ToSpan, ZonedDateTime};
use gong_snowflake::{Agents, StoreLocation, StoreOptions};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use shared::backlog::analyse_what_is_new;
use shared::configuration::{Reader, StoreConfiguration};
use shared::ending::{self, Ending, Refusal, tell};
use shared::page::{links, time_zone};

/// Calls that are asked for as similar: of each deal one is shown.
const SIMILAR: usize = 20;

/// Writes a page about a call, a rep, a deal or a week.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    store: StoreConfiguration,
    #[command(flatten)]
    reader: Reader,
    #[command(flatten)]
    about: About,
    /// Days of a rep's period, back from now.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: u32,
    /// Where the page goes.
    #[arg(long, value_name = "FILE.html")]
    out: PathBuf,
    /// Where the same goes as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Time zone of dates and times, such as Europe/Berlin; this machine's when not given.
    #[arg(long, value_name = "IANA", value_parser = time_zone)]
    time_zone: Option<TimeZone>,
}

/// What the page is about.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct About {
    /// A call, by its id.
    #[arg(long, value_name = "ID")]
    call: Option<String>,
    /// A rep, by name, address or id.
    #[arg(long, value_name = "NAME")]
    rep: Option<String>,
    /// A deal, by its id.
    #[arg(long, value_name = "ID")]
    deal: Option<String>,
    /// The week, from Monday, in which a day lies.
    #[arg(long, value_name = "DATE")]
    week: Option<Date>,
}

/// What the page shows.
#[derive(Debug, Default)]
struct Found {
    title: String,
    results: Vec<(&'static str, TaskResult)>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match ending::arguments::<Arguments>(refused) {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    shared::start_logging();
    ending::run(|stop| run(arguments, stop), refused).await
}

async fn run(arguments: Arguments, stop: CancellationToken) -> Ending {
    match stop.run_until_cancelled(write(&arguments)).await {
        Some(Ok(written)) => Ending::new(&written, 0),
        Some(Err(refusal)) => refused(refusal.0, refusal.1),
        None => refused(refusal("cancelled", "stopped by request", None), 1),
    }
}

/// A refusal and its exit code.
type Refused = (Refusal, u8);

async fn write(arguments: &Arguments) -> Result<Value, Refused> {
    let now = Timestamp::now();
    let zone = arguments.time_zone.clone().unwrap_or_else(TimeZone::system);
    let agents = open(arguments).await?;
    let found = find(&agents, arguments, &zone, now)
        .await
        .map_err(of_agents)?;
    let results: Map<String, Value> = found
        .results
        .iter()
        .map(|(task, result)| Ok(((*task).to_owned(), serde_json::to_value(result)?)))
        .collect::<Result<_, serde_json::Error>>()
        .map_err(|error| (refusal("internal", &error.to_string(), None), 1))?;
    let links = links(agents.source().as_ref(), results.values()).await;
    let page = page(&found, links, zone, now).map_err(of_agents)?;
    save(&arguments.out, "out", &page)?;
    if let Some(path) = &arguments.json {
        save(path, "json", &format!("{:#}\n", Value::Object(results)))?;
    }
    Ok(json!({
        "title": found.title,
        "out": arguments.out.display().to_string(),
        "json": arguments.json.as_ref().map(|path| path.display().to_string()),
    }))
}

async fn open(arguments: &Arguments) -> Result<Agents, Refused> {
    let settings = arguments.reader.onto(arguments.store.settings());
    let settings = settings.load().await.map_err(|error| {
        let refused = refusal("invalid_input", error.message(), error.field());
        (refused, 2)
    })?;
    if let StoreLocation::Sqlite(path) = &settings.store.location
        && !path.exists()
    {
        let message = format!("{} does not exist", path.display());
        return Err((refusal("invalid_input", &message, Some("store")), 2));
    }
    let agents = Agents::open(&settings, &StoreOptions::new("report")).await;
    let agents = agents.map_err(|error| {
        let field = error.field().unwrap_or("store").to_owned();
        (refusal("store_failed", error.message(), Some(&field)), 1)
    })?;
    let analysed = analyse_what_is_new(&agents, &settings, "coach_report").await;
    if let Err(error) = analysed {
        let why = shared::describe(error.as_ref());
        tell!("showing what was analysed before: {why}");
    }
    Ok(agents)
}

/// Runs the tasks that the page is about.
async fn find(
    agents: &Agents,
    arguments: &Arguments,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Found, Error> {
    let run = async |task: Value| {
        let task = Task::from_value(task)?;
        let name = task.name();
        let result = agents.dispatcher().run(task, now).await?;
        Ok::<_, Error>((name, result))
    };
    let about = &arguments.about;
    Ok(if let Some(call) = &about.call {
        let analysis = run(json!({"task_type": "analyze_call", "call_id": call})).await?;
        let similar = json!({"task_type": "find_similar_calls", "call_id": call, "limit": SIMILAR});
        let title = match &analysis.1 {
            TaskResult::Analysis(analysis) => analysis.call.title.clone(),
            _ => None,
        };
        Found {
            title: title.unwrap_or_else(|| "Sales call".to_owned()),
            results: vec![analysis, run(similar).await?],
        }
    } else if let Some(rep) = &about.rep {
        let task = json!({"task_type": "coach_rep", "rep": rep, "days": arguments.days});
        let coaching = run(task).await?;
        let name = match &coaching.1 {
            TaskResult::Coaching(coaching) => coaching.rep.name.clone(),
            _ => None,
        };
        Found {
            title: name.unwrap_or_else(|| rep.clone()),
            results: vec![coaching],
        }
    } else if let Some(deal) = &about.deal {
        let task = json!({"task_type": "deal_overview", "deal_id": deal});
        let overview = run(task).await?;
        let name = match &overview.1 {
            TaskResult::Deal(overview) => overview.deal.as_ref().and_then(|deal| deal.name.clone()),
            _ => None,
        };
        Found {
            title: name.unwrap_or_else(|| format!("Deal {deal}")),
            results: vec![overview],
        }
    } else {
        let day = about
            .week
            .unwrap_or_else(|| now.to_zoned_datetime(zone.clone()).date());
        let (from, to) = week_of(day, zone)?;
        // Due dates count from today, in a week that is over from its last day.
        let last = to.saturating_sub(1.second());
        let today = last
            .timestamp()
            .min(now)
            .to_zoned_datetime(zone.clone())
            .date();
        let task = json!({
            "task_type": "digest",
            "from": from.timestamp().to_string(),
            "to": to.timestamp().to_string(),
            "today": today.to_string(),
        });
        Found {
            title: "The week".to_owned(),
            results: vec![run(task).await?],
        }
    })
}

/// From Monday's midnight to the next.
fn week_of(day: Date, zone: &TimeZone) -> Result<(ZonedDateTime, ZonedDateTime), Error> {
    let outside =
        |_| Error::new(ErrorCode::InvalidDate, "is outside the calendar").with_field("week");
    let back = day.weekday().since(Weekday::Monday);
    let monday = day.checked_sub(i64::from(back).days()).map_err(outside)?;
    let next = monday.checked_add(7.days()).map_err(outside)?;
    let start = |day: Date| day.to_zoned_datetime(zone.clone()).map_err(outside);
    Ok((start(monday)?, start(next)?))
}

fn page(found: &Found, links: CallLinks, zone: TimeZone, now: Timestamp) -> Result<String, Error> {
    let mut report = Report::new(&found.title, now)
        .in_time_zone(zone)
        .with_links(links);
    for (_, result) in &found.results {
        report = match result {
            TaskResult::Analysis(analysis) => report.with_analysis(analysis),
            TaskResult::Found { calls } => report.with_similar_calls(calls),
            TaskResult::Coaching(coaching) => report.with_coaching(coaching),
            TaskResult::Digest(digest) => report.with_digest(digest),
            TaskResult::Deal(deal) => report.with_deal(deal),
            _ => report,
        };
    }
    report.to_html()
}

fn save(path: &PathBuf, field: &str, text: &str) -> Result<(), Refused> {
    std::fs::write(path, text).map_err(|error| {
        let message = format!("cannot write {}: {error}", path.display());
        (refusal("unwritable_file", &message, Some(field)), 1)
    })
}

fn of_agents(error: Error) -> Refused {
    // The option, of which a field of a task was made.
    let field = error.field().map(|field| match field {
        "call_id" => "call",
        "deal_id" => "deal",
        "rep_id" | "rep_email" | "rep_name" => "rep",
        other => other,
    });
    let refusal = refusal(error.code().as_str(), error.message(), field);
    (refusal, error.code().exit_code())
}

fn refusal(kind: &'static str, message: &str, field: Option<&str>) -> Refusal {
    Refusal {
        kind,
        message: message.to_owned(),
        field: field.map(str::to_owned),
    }
}

fn refused(refusal: Refusal, exit: u8) -> Ending {
    let Refusal {
        kind,
        message,
        field,
    } = refusal;
    let json_field = field.as_deref().map(ending::json_field);
    let error = json!({"kind": kind, "message": message, "field": json_field});
    let complaint = match &field {
        Some(field) => format!("{field}: {message}"),
        None => message.clone(),
    };
    Ending::new(&json!({"error": error}), exit).with_complaint(complaint)
}
