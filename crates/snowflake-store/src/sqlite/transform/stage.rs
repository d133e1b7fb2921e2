//! One batch of staging rows in one transaction.

use calls::gong::DECODER_VERSION;
use calls::{Call, CrmObjectKind, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::gong_context::{self, GongContext, Kind, Link};
use crate::sqlite::crm::links;
use crate::sqlite::failure::JobResult;
use crate::sqlite::{instant, json, statements};
use crate::staging::{self, Content, MeasuredTranscript, Prepared, TranscriptState};
use crate::{MatchReason, TransformFailure, TransformReport};

/// Name of this stage in `PIPELINE_ERRORS`.
const STAGE: &str = "transform";

/// The key of a call's sentence, participant or topic, see `0002_staging.sql`.
fn part_key(call_key: i64, index: i64) -> i64 {
    (call_key << 24) | index
}

pub(super) fn stage(connection: &mut Connection, batch: &[Prepared]) -> JobResult<TransformReport> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut staging = Staging {
        transaction: &transaction,
        now: instant::stamp(Timestamp::now()),
        report: TransformReport::default(),
    };
    for prepared in batch {
        staging.call(prepared)?;
    }
    let report = staging.report;
    transaction.commit()?;
    Ok(report)
}

struct Staging<'a> {
    transaction: &'a Transaction<'a>,
    now: String,
    report: TransformReport,
}

impl Staging<'_> {
    fn call(&mut self, prepared: &Prepared) -> JobResult<()> {
        if !self.is_current(prepared)? {
            // Another payload landed since this one was read: it is pending anew.
            return Ok(());
        }
        let id = prepared.id.as_str();
        let content = match &prepared.content {
            Ok(content) => content,
            Err(reason) => {
                self.execute(
                    statements::MARK_CALL_FAILED,
                    params![id, prepared.call_sha, self.now, reason],
                )?;
                // What was staged before stays, and shows that it is not the latest.
                self.execute(statements::MARK_STAGED_FAILED, params![id, reason])?;
                return self.failed(prepared, "calls", reason);
            }
        };
        let error = match &content.conversation {
            TranscriptState::Unreadable(reason) => Some(reason.as_str()),
            _ => None,
        };
        let staged: Option<Option<String>> = self
            .transaction
            .prepare_cached(statements::STAGED_SENTENCES)?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let is_new = staged.is_none();
        self.execute(
            statements::MARK_CALL_PROCESSED,
            params![id, prepared.call_sha, self.now],
        )?;
        let mut context = GongContext::of(&content.call);
        let links = links::resolved(self.transaction, std::mem::take(&mut context.links))?;
        self.call_row(content, &context, &links, error)?;
        let key: i64 = self
            .transaction
            .prepare_cached(statements::CALL_KEY)?
            .query_row([id], |row| row.get(0))?;
        self.participants_and_topics(key, &content.call, is_new)?;
        self.findings(key, &content.call, is_new)?;
        if !is_new {
            self.execute(statements::DELETE_CRM_LINKS, [id])?;
        }
        links::insert(self.transaction, key, id, &links)?;
        self.conversation(key, content, staged.flatten().as_deref())?;
        match (error, &prepared.transcript_sha) {
            (Some(reason), Some(sha)) => {
                self.execute(
                    statements::MARK_TRANSCRIPT_FAILED,
                    params![id, sha, self.now, reason],
                )?;
                return self.failed(prepared, "transcripts", reason);
            }
            (None, Some(sha)) => {
                self.execute(
                    statements::MARK_TRANSCRIPT_PROCESSED,
                    params![id, sha, self.now],
                )?;
            }
            (_, None) => {}
        }
        self.execute(statements::RESOLVE_PIPELINE_ERROR, params![id, self.now])?;
        self.report.transformed += 1;
        Ok(())
    }

    fn is_current(&self, prepared: &Prepared) -> JobResult<bool> {
        let stored = |statement: &str| -> JobResult<Option<String>> {
            let stored: Option<(String, bool)> = self
                .transaction
                .prepare_cached(statement)?
                .query_row([prepared.id.as_str()], |row| Ok((row.get(0)?, row.get(3)?)))
                .optional()?;
            let live = stored.filter(|(_, deleted)| !deleted);
            Ok(live.map(|(sha, _)| sha))
        };
        // A transcript that came since the call was read without one counts too: staging
        // the call as it was would take the sentences away again.
        Ok(
            stored(statements::LANDED_CALL)?.as_ref() == Some(&prepared.call_sha)
                && stored(statements::LANDED_TRANSCRIPT)? == prepared.transcript_sha,
        )
    }

    fn failed(&mut self, prepared: &Prepared, stream: &str, reason: &str) -> JobResult<()> {
        self.execute(
            statements::RECORD_PIPELINE_ERROR,
            params![
                STAGE,
                prepared.id.as_str(),
                stream,
                reason,
                prepared.run_id,
                self.now,
                DECODER_VERSION,
            ],
        )?;
        self.report.failed.push(TransformFailure {
            call_id: prepared.id.clone(),
            reason: reason.to_owned(),
        });
        Ok(())
    }

    fn call_row(
        &self,
        content: &Content,
        context: &GongContext<'_>,
        links: &[Link],
        error: Option<&str>,
    ) -> JobResult<()> {
        let call = &content.call;
        let host = call.primary_party();
        let email = host.and_then(|party| party.email.as_deref());
        let name = host.and_then(|party| party.name.as_deref());
        self.execute(
            statements::STAGE_CALL,
            params![
                call.id.as_str(),
                call.title,
                instant::text(call.started),
                call.scheduled.map(instant::text),
                i64::try_from(call.duration_seconds).unwrap_or(i64::MAX),
                call.direction.as_str(),
                call.media.as_str(),
                call.scope.as_str(),
                call.system,
                call.language,
                call.url,
                call.workspace_id.as_ref().map(AsRef::<str>::as_ref),
                call.is_private,
                call.primary_user_id.as_ref().map(AsRef::<str>::as_ref),
                email,
                name,
                email.map(str::to_lowercase),
                name.map(str::to_lowercase),
                gong_context::first(links, Kind::Deal),
                gong_context::first(links, Kind::Contact),
                gong_context::first(links, Kind::Company),
                context.deal_now(|deal| deal.name.as_deref()),
                context.deal_now(|deal| deal.stage.as_deref()),
                context
                    .deal_now(|deal| deal.amount)
                    .map(|amount| amount.to_string()),
                json(&call.crm)?,
                json(&call.trackers)?,
                call.brief,
                self.now,
                error,
                (!links.is_empty()).then(|| MatchReason::GongContext.as_str()),
                context.stage_at_call(),
                context.other_systems,
                content.notes_json(),
            ],
        )
    }

    fn participants_and_topics(&self, key: i64, call: &Call, is_new: bool) -> JobResult<()> {
        let id = call.id.as_str();
        if !is_new {
            self.execute(statements::DELETE_PARTICIPANTS, [id])?;
            self.execute(statements::DELETE_TOPICS, [id])?;
        }
        for (index, party) in (0_i64..).zip(&call.parties) {
            let contact = party.crm.iter().find(|reference| {
                reference.kind == CrmObjectKind::Contact && gong_context::is_read(reference)
            });
            self.execute(
                statements::STAGE_PARTICIPANT,
                params![
                    part_key(key, index),
                    id,
                    index,
                    party.id.as_ref().map(AsRef::<str>::as_ref),
                    party.speaker_id.as_ref().map(AsRef::<str>::as_ref),
                    party.user_id.as_ref().map(AsRef::<str>::as_ref),
                    party.name,
                    party.email,
                    party.title,
                    party.affiliation.as_str(),
                    contact.map(|contact| contact.id.as_str()),
                    json(&party.crm)?,
                ],
            )?;
        }
        for (index, topic) in (0_i64..).zip(&call.topics) {
            self.execute(
                statements::STAGE_TOPIC,
                params![
                    part_key(key, index),
                    id,
                    index,
                    topic.name,
                    topic.duration_seconds
                ],
            )?;
        }
        Ok(())
    }

    fn findings(&self, key: i64, call: &Call, is_new: bool) -> JobResult<()> {
        if !is_new {
            self.execute(statements::DELETE_FINDINGS, [key])?;
        }
        if call.findings.is_empty() && call.brief.is_none() {
            return Ok(());
        }
        self.execute(
            statements::STAGE_FINDINGS,
            params![key, call.id.as_str(), json(&call.findings)?],
        )?;
        self.execute(
            statements::INDEX_FINDINGS,
            params![
                key,
                staging::findable(call.brief.as_deref(), &call.findings)
            ],
        )
    }

    fn conversation(&mut self, key: i64, content: &Content, staged: Option<&str>) -> JobResult<()> {
        let id = content.call.id.as_str();
        let conversation = match &content.conversation {
            // What was staged before stays until the transcript can be read.
            TranscriptState::Unreadable(_) => return Ok(()),
            TranscriptState::Missing if staged.is_none() => return Ok(()),
            TranscriptState::Missing => None,
            TranscriptState::Ready(conversation) => Some(conversation),
        };
        let sentences_sha = conversation.map(|conversation| conversation.sentences_sha.as_str());
        let metrics = conversation.map(|conversation| &conversation.metrics);
        self.execute(
            statements::STAGE_FIGURES,
            params![
                id,
                conversation.map(|conversation| conversation.word_counts.len() as i64),
                sentences_sha,
                metrics.and_then(|metrics| metrics.talk_ratio),
                metrics.and_then(|metrics| metrics.longest_monologue_seconds),
                metrics.and_then(|metrics| metrics.longest_customer_story_seconds),
                metrics.and_then(|metrics| metrics.interactivity),
                metrics.and_then(|metrics| metrics.patience_seconds),
                metrics.map(|metrics| metrics.questions_by_rep),
                metrics.and_then(|metrics| metrics.question_rate),
                metrics.and_then(|metrics| metrics.filler_rate),
                conversation.map(|conversation| conversation.metrics_json.as_str()),
            ],
        )?;
        if staged == sentences_sha {
            return Ok(());
        }
        if staged.is_some() {
            for statement in [
                statements::DELETE_SENTENCES,
                statements::DELETE_CHUNKS,
                statements::CLEAR_INSIGHTS,
            ] {
                self.execute(statement, [id])?;
            }
        }
        if let Some(conversation) = conversation {
            self.sentences(key, id, conversation)?;
        }
        Ok(())
    }

    fn sentences(
        &mut self,
        key: i64,
        id: &str,
        conversation: &MeasuredTranscript,
    ) -> JobResult<()> {
        let mut insert = self
            .transaction
            .prepare_cached(statements::STAGE_SENTENCE)?;
        // Bindings outlive an execution: what a run of sentences shares is bound once.
        insert.raw_bind_parameter(1, id)?;
        let mut bound_voice = None;
        let sentences = conversation.transcript.sentences.iter();
        let of_each = conversation.voice_of.iter().zip(&conversation.word_counts);
        for (sentence, (&voice, words)) in sentences.zip(of_each) {
            if bound_voice != Some(voice) {
                let voice = &conversation.voices[voice];
                insert
                    .raw_bind_parameter(3, voice.speaker_id.as_ref().map(AsRef::<str>::as_ref))?;
                insert.raw_bind_parameter(4, voice.name.as_deref())?;
                insert.raw_bind_parameter(5, voice.email.as_deref())?;
                insert.raw_bind_parameter(6, voice.affiliation.as_str())?;
            }
            bound_voice = Some(voice);
            insert.raw_bind_parameter(2, sentence.index)?;
            insert.raw_bind_parameter(12, part_key(key, i64::from(sentence.index)))?;
            insert.raw_bind_parameter(7, sentence.start_ms)?;
            insert.raw_bind_parameter(8, sentence.end_ms)?;
            insert.raw_bind_parameter(9, words)?;
            insert.raw_bind_parameter(10, sentence.topic.as_deref())?;
            insert.raw_bind_parameter(11, sentence.text.as_str())?;
            insert.raw_execute()?;
        }
        self.report.sentences += conversation.word_counts.len() as u64;
        Ok(())
    }

    fn execute(&self, statement: &str, parameters: impl rusqlite::Params) -> JobResult<()> {
        self.transaction
            .prepare_cached(statement)?
            .execute(parameters)?;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use calls::{CallId, RawDocument};

    use super::stage;
    use crate::sqlite::SqliteStore;
    use crate::sqlite::transform::documents;
    use crate::{CallReader, Landing, LandingPage, TransformScope, staging};

    fn page(transcripts: bool) -> LandingPage {
        let call = r#"{"metaData":{"id":"7","started":"2026-05-12T14:30:00Z","duration":60}}"#;
        let said = r#"{"callId":"7","transcript":[{"speakerId":"1","sentences":[{"start":0,"end":900,"text":"So we begin."}]}]}"#;
        let document = |json: &str| RawDocument::new("7".into(), json.to_owned()).unwrap();
        LandingPage {
            calls: vec![document(call)],
            transcripts: transcripts.then(|| document(said)).into_iter().collect(),
            ..LandingPage::default()
        }
    }

    #[tokio::test]
    async fn what_was_read_before_a_transcript_came_does_not_take_it_away() {
        let store = SqliteStore::in_memory().await.unwrap();
        store.land(page(false)).await.unwrap();
        let ids = vec![CallId::new("7")];
        let before = store
            .read(move |connection| documents::read(connection, &ids))
            .await
            .unwrap();
        store.land(page(true)).await.unwrap();
        let all = TransformScope::Pending { limit: 10 };
        store.transform(all).await.unwrap();
        // Another transform was under way, and stages later what it read earlier.
        let late = staging::decode(before);
        let report = store
            .write(move |connection| stage(connection, &late))
            .await
            .unwrap();
        assert_eq!(report.transformed, 0);
        let detail = store.call_detail(&CallId::new("7")).await.unwrap().unwrap();
        assert_eq!(detail.transcript.unwrap().sentences.len(), 1);
    }
}
