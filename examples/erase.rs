//! Erases a person, or a call, from a store.
//!
//! ```sh
//! cargo run --release --example erase -- --store sqlite:calls.db --email bo@buyer.test --dry-run
//! cargo run --release --example erase -- --store sqlite:calls.db --email bo@buyer.test
//! ```
//!
//! Where settings name another store as the fallback, both are erased, and the receipt has the
//! other's as `fallback`. `--dry-run` changes nothing: it prints each place where others speak of the person as a JSON
//! object per line, with `stays` where it is one word of the name alone, which may be somebody else's, and then how
//! many rows would be removed or rewritten, and added: what was erased is remembered by keyed hashes, also where nothing of
//! it was found. The last line of stdout is the receipt as JSON; it
//! holds no personal data. `--at-gong` has Gong erase the person first, for good and with every
//! call they were on (credentials as for `ingest`); without it, Gong keeps what it has, and what
//! it serves later loses the person before it lands. docs/privacy.md says what goes and what
//! stays.
//!
//! Exit codes: 0, done; 1, the store or Gong failed, or a sync is running: try again; 2, a
//! setting is wrong and nothing was done; 3, erased, and something is left to do, which
//! `remains` of the receipt says.

mod shared;

use std::process::ExitCode;

use clap::{Args, Parser};
use gong_snowflake::resilience::ErrorKind;
use gong_snowflake::snowflake_store::{ErasureReceipt, ErasureRequest, ErasureSubject};
use gong_snowflake::{Settings, gong_client};
use serde_json::json;

use shared::configuration::StoreConfiguration;
use shared::ending::{self, Ending, tell};
use shared::upkeep;

/// Erases a person, or a call, from a store.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    store: StoreConfiguration,
    #[command(flatten)]
    whom: Whom,
    /// Change nothing; list where others speak of the person.
    #[arg(long, conflicts_with = "at_gong")]
    dry_run: bool,
    /// Have Gong erase the person as well, with every call they were on.
    #[arg(long)]
    at_gong: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Whom {
    /// The person with this e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// The person with this telephone number.
    #[arg(long)]
    phone: Option<String>,
    /// This call as a whole, by its Gong id.
    #[arg(long)]
    call: Option<String>,
    /// The member of the own company with this Gong user id.
    #[arg(long)]
    user: Option<String>,
}

impl Whom {
    /// clap sees to it that one is given.
    fn subject(self) -> ErasureSubject {
        match self {
            Self {
                email: Some(address),
                ..
            } => ErasureSubject::Email(address),
            Self {
                phone: Some(number),
                ..
            } => ErasureSubject::Phone(number),
            Self { user: Some(id), .. } => ErasureSubject::User(id.into()),
            Self { call, .. } => ErasureSubject::Call(call.unwrap_or_default().into()),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match ending::arguments::<Arguments>(upkeep::refused) {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    shared::start_logging();
    // Whatever is under way is finished: half an erasure helps nobody.
    ending::run(|_| run(arguments), upkeep::refused).await
}

async fn run(arguments: Arguments) -> Ending {
    match erase(arguments).await {
        Ok(ending) | Err(ending) => ending,
    }
}

async fn erase(arguments: Arguments) -> Result<Ending, Ending> {
    let stores = upkeep::open(&arguments.store, "erase").await?;
    let mut request = ErasureRequest::new(arguments.whom.subject());
    request.dry_run = arguments.dry_run;
    let mut leases = stores.alone("erase").await?;
    let readers = stores.without_readers(&mut leases, "erase").await;
    let at_gong = match arguments.at_gong {
        true => Some(at_gong(&stores.settings, &request.subject).await?),
        false => None,
    };
    let erased = stores.store.erase(&request).await;
    leases.release().await;
    let mut erasure = erased.map_err(|error| upkeep::stopped(&error, error.field()))?;
    if request.dry_run {
        for mention in &erasure.mentions {
            shared::say(json!(mention));
        }
        let stay = erasure.mentions.iter().filter(|one| one.stays).count();
        if stay > 0 {
            tell!(
                "{} of one word of the name alone (\"stays\") would stay",
                upkeep::counted(stay as u64, "mention")
            );
        }
    } else {
        let remains = readers.iter().map(|reader| {
            format!(
                "calls were being read meanwhile ({reader}), and what comes of that may name the \
                 person by the first name: repeat this when it has ended"
            )
        });
        erasure.receipt.remains.extend(remains);
    }
    let mut line = json!(erasure.receipt);
    show(&erasure.receipt);
    let mut remains = erasure.receipt.remains;
    if let Some(receipt) = erasure.fallback {
        line["fallback"] = json!(receipt);
        tell!("in the fallback store:");
        show(&receipt);
        remains.extend(receipt.remains);
    }
    if let Some(request_id) = at_gong {
        line["gong_request_id"] = json!(request_id);
        tell!("Gong has taken the request; it takes hours, and the next syncs find its calls gone");
    }
    if remains.is_empty() {
        return Ok(Ending::new(&line, 0));
    }
    Ok(Ending::new(&line, 3).with_complaint(remains.join("; ")))
}

/// Has what the erased are known by, so that they are kept out: its rows are added.
const KEPT_OUT: &str = "GONG_ERASED";

/// A receipt, for people.
fn show(receipt: &ErasureReceipt) {
    let would_be = if receipt.dry_run { "would be " } else { "" };
    let whom = match receipt.selector {
        "call" => "call",
        _ => "person",
    };
    let rows = receipt.tables.iter();
    let rows = rows.map(|table| (&*table.table, table.rows));
    let changed = rows.clone().filter(|(table, _)| *table != KEPT_OUT);
    let is_unknown = changed.clone().all(|(_, rows)| rows == 0) && receipt.mentions == 0;
    if is_unknown {
        tell!("nothing of this {whom} was found");
    } else {
        upkeep::show(changed, &format!("{would_be}removed or rewritten"));
        tell!("calls that lose something: {}", receipt.calls.len());
        tell!("mentions by others: {}", receipt.mentions);
    }
    let added = rows.filter(|(table, _)| *table == KEPT_OUT);
    match added.map(|(_, rows)| rows).sum::<u64>() {
        0 => tell!("this {whom} is kept out already"),
        added => tell!(
            "{} {would_be}added to {KEPT_OUT}: keyed hashes by which this {whom} is kept out",
            upkeep::counted(added, "row")
        ),
    }
}

/// Has Gong erase somebody; gives the id of the request.
async fn at_gong(settings: &Settings, subject: &ErasureSubject) -> Result<Option<String>, Ending> {
    let gong = settings
        .gong_client()
        .map_err(|error| upkeep::stopped(&error, error.field()))?;
    let accepted = match subject {
        ErasureSubject::Email(address) => gong.data_privacy().erase_email_address(address).await,
        ErasureSubject::Phone(number) => gong.data_privacy().erase_phone_number(number).await,
        _ => {
            let why = "Gong erases by e-mail address and telephone number alone";
            let error = gong_client::Error::new(ErrorKind::InvalidInput, why);
            Err(error.with_field("at_gong"))
        }
    };
    accepted
        .map(|accepted| accepted.request_id)
        .map_err(|error| upkeep::stopped(&error, error.field()))
}
