//! A planned and spoken call in Gong's JSON.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::SyntheticConfig;
use super::call_kind::CallKind;
use super::clock::CompanyClock;
use super::content::{Voices, content, interaction};
use super::dialogue::{Scene, compose};
use super::names::{COMPANIES, LAST_NAMES, SELLER, SELLER_DOMAIN};
use super::plan::{BuyerPlan, CallPlan, DealPlan, STAGES, call_slots, id};
use super::rep::{ENGINEERS, REPS};
use super::script::{Role, SCRIPTS};
use super::team::{Team, address};
use super::timing::{Monologue, lay_out};
use super::written;
use crate::SimulatedCall;

/// Writes one call: composes what is said unless it is written out, times it, and puts it on the
/// wire.
pub(super) fn write_call(
    config: &SyntheticConfig,
    clock: &CompanyClock,
    team: &Team,
    deal: &DealPlan,
    call: &CallPlan,
) -> SimulatedCall {
    let mut rng = Rng::with_seed(call.seed);
    let rep = &REPS[deal.rep];
    let is_renewal_side = matches!(call.kind, CallKind::Review | CallKind::Renewal);
    let has_engineer = match call.kind {
        CallKind::Demo | CallKind::Kickoff => rng.f64() < 0.8,
        CallKind::Objection => rng.f64() < 0.3,
        _ => false,
    };
    let mut scene = Scene {
        kind: call.kind,
        style: rep.style,
        mood: call.mood,
        slots: call_slots(deal, call, clock),
        pains: deal.pains.map(|pain| &SCRIPTS.pains[pain]),
        has_second_buyer: rng.f64() < if is_renewal_side { 0.25 } else { 0.55 },
        has_engineer,
        has_competitor: deal.has_competitor,
        next_step_agreed: call.next_step_agreed,
        sentences: rng.usize(config.sentences.clone()),
    };
    let utterances = match deal.is_written {
        false => compose(&scene, &mut rng),
        true => {
            let utterances = written::utterances(call.kind, &scene.slots);
            let speaks = |role| utterances.iter().any(|said| said.role == role);
            scene.has_engineer = speaks(Role::Engineer);
            scene.has_second_buyer = speaks(Role::SecondBuyer);
            utterances
        }
    };
    let monologues = lay_out(utterances, rep.style, &mut rng);
    let cast = Cast::new(team, deal, &scene, &monologues, &mut rng);
    let call_id = id(&mut rng, if call.seed.is_multiple_of(25) { 20 } else { 19 });
    let spoken_ms = monologues
        .iter()
        .flat_map(|m| &m.sentences)
        .map(|s| s.end)
        .max();
    let duration = spoken_ms.unwrap_or_default() / 1_000 + rng.i64(2..12);

    let mut extensive = json!({
        "metaData": metadata(&call_id, duration, clock, team, deal, call, &mut rng),
        "context": context(team, deal, call),
        "parties": cast.parties,
        "interaction": interaction(&monologues, &cast.party_ids, &cast.user_ids),
        "collaboration": collaboration(&cast, clock, call, &mut rng),
    });
    if let Some(content) = content(deal, call, &monologues, &cast.voices, &mut rng) {
        extensive["content"] = content;
    }
    let transcript = transcript(&call_id, &monologues, &cast.voices, &mut rng);
    SimulatedCall {
        extensive,
        transcript: Some(transcript),
    }
}

fn metadata(
    call_id: &str,
    duration: i64,
    clock: &CompanyClock,
    team: &Team,
    deal: &DealPlan,
    call: &CallPlan,
    rng: &mut Rng,
) -> Value {
    let is_conference = call.kind != CallKind::Discovery || rng.f64() < 0.7;
    let delay_ms = match rng.f64() {
        // Most start a little late, to the millisecond; some are early.
        chance if chance < 0.2 => -rng.i64(1_000..90_000),
        _ => rng.i64(500..200_000),
    };
    let started = call.scheduled + SignedDuration::from_millis(delay_ms);
    let system = rng
        .choice(["Zoom", "Google Meet", "Microsoft Teams"])
        .unwrap_or("Zoom");
    let company = COMPANIES[deal.company].0;
    json!({
        "id": call_id,
        "url": format!("https://us-00000.app.gong.io/call?id={call_id}"),
        "title": format!("{company} / {SELLER} - {}", call.kind.label()),
        "scheduled": if is_conference { Value::from(clock.wire(call.scheduled)) } else { Value::Null },
        "started": clock.wire(started),
        "duration": duration,
        "primaryUserId": team.user_id(deal.rep),
        "direction": if is_conference { "Conference" } else { "Outbound" },
        "system": if is_conference { system } else { "Gong Connect" },
        "scope": "External",
        "media": if is_conference { "Video" } else { "Audio" },
        "language": "eng",
        "workspaceId": team.workspace_id(),
        "sdrDisposition": null,
        "clientUniqueId": null,
        "customData": null,
        "purpose": null,
        "meetingUrl": if is_conference { Value::from("https://meet.example/room") } else { Value::Null },
        "isPrivate": false,
        "calendarEventId": if is_conference { Value::from(id(rng, 24)) } else { Value::Null },
    })
}

/// CRM objects of the call: the account without a timing and the deal with
/// both, as recorded replies have them.
fn context(team: &Team, deal: &DealPlan, call: &CallPlan) -> Value {
    let (company, domain, industry) = COMPANIES[deal.company];
    let name = deal.name();
    let fields = |stage: usize, amount: Option<i64>, close_date: Timestamp| {
        json!([
            {"name": "Name", "value": name},
            {"name": "StageName", "value": STAGES[stage].1},
            {"name": "Amount", "value": amount},
            {"name": "Probability", "value": STAGES[stage].2 * 100.0},
            {"name": "CloseDate", "value": close_date.strftime("%Y-%m-%d").to_string()},
        ])
    };
    let late = deal.close_date + SignedDuration::from_hours(24 * 14);
    json!([{"system": "HubSpot", "objects": [
        {"objectType": "Account", "objectId": team.account_id(deal.company), "fields": [
            {"name": "Name", "value": company},
            {"name": "Website", "value": format!("{domain}.example")},
            {"name": "Industry", "value": industry},
        ]},
        {
            "objectType": "Opportunity",
            "objectId": deal.deal_id,
            "timing": "Now",
            "fields": fields(deal.stage, Some(deal.amount), deal.close_date),
        },
        {
            "objectType": "Opportunity",
            "objectId": deal.deal_id,
            "timing": "TimeOfCall",
            "fields": fields(call.stage, call.amount, late),
        },
    ]}])
}

/// The people on a call, with their ids.
struct Cast {
    parties: Vec<Value>,
    voices: Voices,
    party_ids: Voices,
    user_ids: Voices,
}

impl Cast {
    fn new(
        team: &Team,
        deal: &DealPlan,
        scene: &Scene<'_>,
        monologues: &[Monologue],
        rng: &mut Rng,
    ) -> Self {
        let mut cast = Self {
            parties: Vec::new(),
            voices: Voices::new(),
            party_ids: Voices::new(),
            user_ids: Voices::new(),
        };
        let rep = &REPS[deal.rep];
        cast.add_user(
            Role::Rep,
            &rep.full_name(),
            rep.title,
            team.user_id(deal.rep),
            rng,
        );
        if scene.has_engineer {
            let (first, last) = ENGINEERS[deal.engineer];
            let user_id = team.user_id(REPS.len() + deal.engineer);
            cast.add_user(
                Role::Engineer,
                &format!("{first} {last}"),
                "Solutions Engineer",
                user_id,
                rng,
            );
        }
        cast.add_buyer(Role::Buyer, deal, &deal.buyers[0], rng);
        if scene.has_second_buyer {
            cast.add_buyer(Role::SecondBuyer, deal, &deal.buyers[1], rng);
        }
        cast.parties.extend(silent_guest(deal, rng));
        cast.forget_the_silent(monologues);
        cast
    }

    fn add_user(&mut self, role: Role, name: &str, title: &str, user_id: &str, rng: &mut Rng) {
        let (party_id, speaker_id) = self.add_voice(role, rng);
        self.user_ids.insert(role, user_id.to_owned());
        self.parties.push(json!({
            "id": party_id,
            "emailAddress": address(name, SELLER_DOMAIN),
            "name": name,
            "title": title,
            "userId": user_id,
            "speakerId": speaker_id,
            "context": [],
            "affiliation": "Internal",
            "phoneNumber": null,
            "methods": ["Invitee", "Attendee"],
        }));
    }

    fn add_buyer(&mut self, role: Role, deal: &DealPlan, buyer: &BuyerPlan, rng: &mut Rng) {
        let (party_id, speaker_id) = self.add_voice(role, rng);
        self.parties.push(json!({
            "id": party_id,
            "emailAddress": buyer.email(deal.company),
            "name": buyer.full_name(),
            "title": buyer.title,
            "speakerId": speaker_id,
            "context": [{"system": "HubSpot", "objects": [{
                "objectType": "Contact",
                "objectId": buyer.contact_id,
                "fields": [{"name": "jobtitle", "value": buyer.title}, {"name": "phone", "value": null}],
            }]}],
            "affiliation": "External",
            "methods": ["Invitee", "Attendee"],
        }));
    }

    fn add_voice(&mut self, role: Role, rng: &mut Rng) -> (String, String) {
        let (party_id, speaker_id) = (id(rng, 19), id(rng, 19));
        self.party_ids.insert(role, party_id.clone());
        self.voices.insert(role, speaker_id.clone());
        (party_id, speaker_id)
    }

    /// Who never spoke has no speaker id.
    fn forget_the_silent(&mut self, monologues: &[Monologue]) {
        for (role, speaker_id) in &self.voices {
            if monologues.iter().any(|monologue| monologue.role == *role) {
                continue;
            }
            for party in self
                .parties
                .iter_mut()
                .filter(|p| p["speakerId"] == speaker_id.as_str())
            {
                party["speakerId"] = Value::Null;
            }
        }
    }
}

/// Now and then somebody listens in: by phone without a name, or invited and absent.
fn silent_guest(deal: &DealPlan, rng: &mut Rng) -> Option<Value> {
    let party_id = id(rng, 19);
    match rng.f64() {
        chance if chance < 0.12 => Some(json!({
            "id": party_id,
            "emailAddress": null,
            "name": null,
            "speakerId": null,
            "context": [],
            "affiliation": "Unknown",
            "phoneNumber": "+1-555-0142",
            "methods": ["Attendee"],
        })),
        chance if chance < 0.25 => {
            let signer = deal.slots.get("signer").map_or("", String::as_str);
            let last = LAST_NAMES[deal.company % LAST_NAMES.len()];
            let name = format!("{signer} {last}");
            Some(json!({
                "id": party_id,
                "emailAddress": address(&name, &format!("{}.example", COMPANIES[deal.company].1)),
                "name": name,
                "title": "CFO",
                "speakerId": null,
                "context": [],
                "affiliation": "External",
                "methods": ["Invitee"],
            }))
        }
        _ => None,
    }
}

/// `{}` for most calls, as on the wire; a colleague's comment for some.
fn collaboration(cast: &Cast, clock: &CompanyClock, call: &CallPlan, rng: &mut Rng) -> Value {
    if rng.f64() < 0.85 {
        return json!({});
    }
    let comment = match call.next_step_agreed {
        true => "Nice close, the next step is clear.",
        false => "Let's talk about how to agree a next step here.",
    };
    json!({"publicComments": [{
        "id": id(rng, 18),
        "audioStartTime": 60.0,
        "audioEndTime": 95.5,
        "commenterUserId": cast.user_ids.get(&Role::Rep),
        "comment": comment,
        "posted": clock.wire(call.scheduled + SignedDuration::from_hours(20)),
        "inReplyTo": null,
        "duringCall": false,
    }]})
}

fn transcript(call_id: &str, monologues: &[Monologue], voices: &Voices, rng: &mut Rng) -> Value {
    let mut last_topic = None;
    let monologues: Vec<Value> = monologues
        .iter()
        .map(|monologue| {
            // Gong names the topic of about one monologue in four.
            let is_new = monologue.topic.is_some() && monologue.topic != last_topic;
            let topic = monologue.topic.filter(|_| is_new || rng.f64() < 0.15);
            last_topic = monologue.topic.or(last_topic);
            let sentences: Vec<Value> = monologue
                .sentences
                .iter()
                .map(|s| json!({"start": s.start, "end": s.end, "text": s.text}))
                .collect();
            json!({"speakerId": voices.get(&monologue.role), "topic": topic, "sentences": sentences})
        })
        .collect();
    json!({"callId": call_id, "transcript": monologues})
}
