//! Who sells what to whom, and how it goes: deals with their calls, before a
//! word is said.

use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::SyntheticConfig;
use super::call_kind::CallKind;
use super::clock::{CompanyClock, month_name, working_day_after};
use super::names::{
    AREAS, BUYER_TITLES, CITIES, COMPANIES, COMPETITORS, ERPS, FIRST_NAMES, LAST_NAMES, SELLER,
    SIGNERS,
};
use super::rep::{ENGINEERS, REPS};
use super::script::SCRIPTS;

/// Stages of the pipeline: HubSpot's default ids and labels, with their chances.
pub(super) const STAGES: [(&str, &str, f64); 7] = [
    ("appointmentscheduled", "Appointment Scheduled", 0.2),
    ("qualifiedtobuy", "Qualified To Buy", 0.4),
    ("presentationscheduled", "Presentation Scheduled", 0.6),
    ("decisionmakerboughtin", "Decision Maker Bought-In", 0.8),
    ("contractsent", "Contract Sent", 0.9),
    ("closedwon", "Closed Won", 1.0),
    ("closedlost", "Closed Lost", 0.0),
];
pub(super) const WON: usize = 5;
pub(super) const LOST: usize = 6;

/// Somebody on the buyer's side.
#[derive(Debug, Clone)]
pub(super) struct BuyerPlan {
    pub(super) contact_id: String,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) title: &'static str,
}

/// One call of a deal.
#[derive(Debug, Clone)]
pub(super) struct CallPlan {
    pub(super) kind: CallKind,
    /// On the calendar.
    pub(super) scheduled: Timestamp,
    /// Index into [`STAGES`] at the time of the call.
    pub(super) stage: usize,
    /// The buyer's mood, -1 to 1.
    pub(super) mood: f64,
    pub(super) next_step_agreed: bool,
    /// Amount in the CRM at the time of the call, in dollars.
    pub(super) amount: Option<i64>,
    pub(super) seed: u64,
}

/// One deal.
#[derive(Debug, Clone)]
pub(super) struct DealPlan {
    pub(super) deal_id: String,
    pub(super) company: usize,
    pub(super) rep: usize,
    pub(super) engineer: usize,
    pub(super) is_customer: bool,
    pub(super) buyers: [BuyerPlan; 2],
    pub(super) pains: [usize; 2],
    pub(super) has_competitor: bool,
    pub(super) slots: BTreeMap<&'static str, String>,
    pub(super) calls: Vec<CallPlan>,
    /// Whether its calls are [written](super::written) and not composed.
    pub(super) is_written: bool,
    /// Index into [`STAGES`] now.
    pub(super) stage: usize,
    pub(super) amount: i64,
    pub(super) created: Timestamp,
    pub(super) close_date: Timestamp,
}

/// Digits of an id, the first of them not 0.
pub(super) fn id(rng: &mut Rng, digits: usize) -> String {
    let mut id = String::with_capacity(digits);
    id.push(char::from(b'1' + rng.u8(..9)));
    (1..digits).for_each(|_| id.push(char::from(b'0' + rng.u8(..10))));
    id
}

pub(super) fn plan_deals(config: &SyntheticConfig, clock: &CompanyClock) -> Vec<DealPlan> {
    let mut rng = Rng::with_seed(config.seed);
    (0..config.deals)
        .map(|index| plan_deal(index, config, clock, &mut rng.fork()))
        .collect()
}

fn plan_deal(
    index: usize,
    config: &SyntheticConfig,
    clock: &CompanyClock,
    rng: &mut Rng,
) -> DealPlan {
    let is_customer = index % 4 == 3;
    // A stride that shares no factor with the number of reps spreads both evenly.
    let rep = (index * 5 + index / REPS.len()) % REPS.len();
    let style = REPS[rep].style;
    let pains = two_of(SCRIPTS.pains.len(), rng);
    let seats = 20 + 10 * rng.i64(0..14);
    let list = seats * 600 + 1_000 * rng.i64(8..30);
    let offer =
        list * if style.discounts {
            80
        } else {
            rng.i64(88..=96)
        } / 100
            / 500
            * 500;
    let buyers = two_buyers(rng);
    let area = AREAS[rng.usize(..AREAS.len())];
    let mut slots = BTreeMap::from([
        ("seller", SELLER.to_owned()),
        ("company", COMPANIES[index % COMPANIES.len()].0.to_owned()),
        ("industry", COMPANIES[index % COMPANIES.len()].2.to_owned()),
        ("rep", REPS[rep].first_name.to_owned()),
        ("buyer", buyers[0].first_name.to_owned()),
        ("second", buyers[1].first_name.to_owned()),
        ("second_area", area.0.to_owned()),
        ("signer", SIGNERS[rng.usize(..SIGNERS.len())].to_owned()),
        (
            "competitor",
            COMPETITORS[rng.usize(..COMPETITORS.len())].to_owned(),
        ),
        ("erp", ERPS[rng.usize(..ERPS.len())].to_owned()),
        ("city", CITIES[rng.usize(..CITIES.len())].to_owned()),
        (
            "days",
            word(
                rng,
                &["seven", "eight", "nine", "ten", "twelve", "fourteen"],
            ),
        ),
        (
            "hours",
            word(rng, &["thirty", "forty", "fifty", "sixty", "eighty"]),
        ),
        (
            "team",
            word(rng, &["three", "four", "five", "six", "seven", "eight"]),
        ),
        (
            "volume",
            word(
                rng,
                &[
                    "two thousand",
                    "four thousand",
                    "six thousand",
                    "nine thousand",
                ],
            ),
        ),
        ("seats", seats.to_string()),
        ("used", (seats * rng.i64(55..85) / 100).to_string()),
        (
            "saving",
            dollars(list * rng.i64(15..28) / 10 / 5_000 * 5_000),
        ),
        ("list", dollars(list)),
        ("offer", dollars(offer)),
    ]);
    let engineer = rng.usize(..ENGINEERS.len());
    slots.insert("engineer", ENGINEERS[engineer].0.to_owned());
    let buyers = {
        let [main, second] = buyers;
        [
            main,
            BuyerPlan {
                title: area.1,
                ..second
            },
        ]
    };

    // A good rep and a good fit win; everything else follows from that.
    let fit = rng.f64() * 2.0 - 1.0;
    let chance = (0.45 + 0.35 * fit + 0.7 * (style.skill - 0.5)).clamp(0.05, 0.95);
    let will_win = rng.f64() < chance;
    let kinds = kinds(is_customer, will_win, rng);
    let scale = f64::from(config.days) / 60.0;
    let mut day = f64::from(config.days) * (0.03 + 0.97 * rng.f64());
    let first_day = day;
    let mut calls = Vec::new();
    for (step, kind) in kinds.iter().enumerate() {
        let progress = (step + 1) as f64 / kinds.len() as f64;
        let mood = 0.1 + progress * if will_win { 0.75 } else { -0.85 } + rng.f64() * 0.3 - 0.15;
        let (hour, minute) = (rng.i8(8..17), 15 * rng.i8(0..4));
        let seed = rng.u64(..);
        let next_step_agreed = rng.f64() < style.next_steps;
        let scheduled = clock.working_time(config.anchor, day as i64, hour, minute);
        day -= (2.0 + 8.0 * rng.f64()) * scale;
        let Some(scheduled) = scheduled.filter(|time| *time + HOURS_2 < config.anchor) else {
            break;
        };
        if calls
            .last()
            .is_some_and(|last: &CallPlan| last.scheduled >= scheduled)
        {
            break;
        }
        let amount = match kind {
            CallKind::Discovery => None,
            CallKind::Negotiation | CallKind::Kickoff => Some(offer),
            _ => Some(list),
        };
        calls.push(CallPlan {
            kind: *kind,
            scheduled,
            stage: stage_at(*kind),
            mood: mood.clamp(-1.0, 1.0),
            next_step_agreed,
            amount,
            seed,
        });
    }
    let is_over = calls.len() == kinds.len();
    let stage = match (is_over, will_win) {
        (true, true) => WON,
        (true, false) => LOST,
        (false, _) => calls.last().map_or(0, |call| call.stage),
    };
    let last = calls.last().map_or(config.anchor, |call| call.scheduled);
    let close_date = match is_over {
        true => (last + SignedDuration::from_hours(rng.i64(20..90))).min(config.anchor),
        false => last + SignedDuration::from_hours(24 * rng.i64(20..70)),
    };
    let start = calls.first().map_or(config.anchor, |call| call.scheduled);
    DealPlan {
        deal_id: id(rng, 11),
        company: index % COMPANIES.len(),
        rep,
        engineer,
        is_customer,
        buyers,
        pains,
        has_competitor: rng.f64() < 0.5,
        slots: with_dates(slots, clock, close_date),
        amount: calls.last().and_then(|call| call.amount).unwrap_or(list),
        calls,
        is_written: false,
        stage,
        created: start - SignedDuration::from_hours(24 * (3 + (first_day as i64 % 11))),
        close_date,
    }
}

const HOURS_2: SignedDuration = SignedDuration::from_hours(2);

/// The calls a deal goes through. Lost deals end early more often than late.
fn kinds(is_customer: bool, will_win: bool, rng: &mut Rng) -> Vec<CallKind> {
    use CallKind::{Demo, Discovery, Kickoff, Negotiation, Objection, Pricing, Renewal, Review};
    if is_customer {
        let mut kinds = vec![Review, Renewal];
        kinds.extend((rng.f64() < 0.5).then_some(Negotiation));
        return kinds;
    }
    let mut kinds = vec![Discovery, Demo];
    kinds.extend((rng.f64() < 0.8).then_some(Pricing));
    kinds.extend((rng.f64() < 0.7).then_some(Objection));
    if will_win || rng.f64() < 0.4 {
        kinds.push(Negotiation);
    }
    kinds.extend(will_win.then_some(Kickoff));
    kinds
}

pub(super) fn stage_at(kind: CallKind) -> usize {
    match kind {
        CallKind::Discovery | CallKind::Review => 0,
        CallKind::Demo => 1,
        CallKind::Pricing => 2,
        CallKind::Objection | CallKind::Renewal => 3,
        CallKind::Negotiation => 4,
        CallKind::Kickoff => WON,
    }
}

fn with_dates(
    mut slots: BTreeMap<&'static str, String>,
    clock: &CompanyClock,
    close_date: Timestamp,
) -> BTreeMap<&'static str, String> {
    let local = clock.local(close_date);
    let quarter = ["first", "second", "third", "fourth"][(local.month() as usize / 3 + 1) % 4];
    slots.insert("month", month_name(&local).to_owned());
    slots.insert("quarter", format!("the {quarter} quarter"));
    slots
}

/// The slots of one call: the deal's, with working days ahead of it.
pub(super) fn call_slots(
    deal: &DealPlan,
    call: &CallPlan,
    clock: &CompanyClock,
) -> BTreeMap<&'static str, String> {
    let local = clock.local(call.scheduled);
    let mut slots = deal.slots.clone();
    slots.insert("weekday", working_day_after(&local, 2).to_owned());
    slots.insert("weekday2", working_day_after(&local, 4).to_owned());
    slots
}

fn two_of(count: usize, rng: &mut Rng) -> [usize; 2] {
    let first = rng.usize(..count);
    [first, (first + rng.usize(1..count)) % count]
}

fn two_buyers(rng: &mut Rng) -> [BuyerPlan; 2] {
    let firsts = two_of(FIRST_NAMES.len(), rng);
    let lasts = two_of(LAST_NAMES.len(), rng);
    [0, 1].map(|who| BuyerPlan {
        contact_id: id(rng, 9),
        first_name: FIRST_NAMES[firsts[who]],
        last_name: LAST_NAMES[lasts[who]],
        title: BUYER_TITLES[rng.usize(..BUYER_TITLES.len())],
    })
}

fn word(rng: &mut Rng, words: &[&str]) -> String {
    rng.choice(words).copied().unwrap_or_default().to_owned()
}

/// `$48,000`
fn dollars(amount: i64) -> String {
    format!("${},{:03}", amount / 1_000, amount % 1_000)
}
