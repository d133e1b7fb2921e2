//! What the local backend does with conversations that are not in English.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use cortex::{
    ExtractRequest, FindingKind, LanguageBackend, LocalLanguage, SummaryRequest, Utterance,
    detect_language,
};
use resilience::ErrorKind;

const FRENCH: [&str; 4] = [
    "Bonjour à tous, merci d'être venus aujourd'hui pour parler de notre projet commun.",
    "Le prix nous semble trop élevé pour cette année, il faut que j'en discute avec ma direction.",
    "Est-ce que vous pouvez nous envoyer une proposition avant la fin de la semaine ?",
    "Oui, bien sûr, je vous l'envoie vendredi avec les conditions du contrat.",
];
const GERMAN: [&str; 4] = [
    "Guten Tag zusammen, schön, dass ihr euch heute die Zeit genommen habt.",
    "Der Preis ist uns für dieses Jahr zu hoch, das muss ich mit der Leitung besprechen.",
    "Könnt ihr uns bis zum Ende der Woche ein Angebot schicken?",
    "Ja, natürlich, ich schicke es am Freitag mit den Bedingungen des Vertrags.",
];
const ENGLISH: [&str; 4] = [
    "Good morning everybody, thanks for making the time for our project today.",
    "The price is too high for us this year, so I have to talk to our management.",
    "Could you send us a proposal before the end of the week?",
    "Yes, of course, I will send it on Friday with the terms of the contract.",
];

fn utterances(texts: &[&str]) -> Vec<Utterance> {
    texts.iter().map(|text| Utterance::of(*text)).collect()
}

#[test]
fn a_conversation_tells_its_language_and_a_sentence_does_not() {
    for (texts, code) in [(FRENCH, "fra"), (GERMAN, "deu"), (ENGLISH, "eng")] {
        assert_eq!(detect_language(texts).unwrap().code, code);
        assert!(detect_language([texts[0]]).is_none());
    }
}

#[tokio::test]
async fn a_french_call_is_refused_by_itself() {
    let language = LocalLanguage::new();
    assert_eq!(language.capabilities().languages, ["en"]);
    let summaries: Vec<SummaryRequest> = [FRENCH, ENGLISH]
        .iter()
        .map(|texts| SummaryRequest {
            utterances: utterances(texts),
            max_words: 50,
        })
        .collect();
    let extractions: Vec<ExtractRequest> = [GERMAN, ENGLISH]
        .iter()
        .map(|texts| ExtractRequest {
            utterances: utterances(texts),
            wanted: vec![FindingKind::Commitment],
            competitors: Vec::new(),
        })
        .collect();
    let summaries = language.summarize(&summaries).await.unwrap();
    let extractions = language.extract(&extractions).await.unwrap();
    for error in [
        summaries[0].as_ref().unwrap_err(),
        extractions[0].as_ref().unwrap_err(),
    ] {
        let told = (error.kind(), error.field());
        assert_eq!(told, (ErrorKind::Unsupported, Some("language")));
    }
    assert!(!summaries[1].as_ref().unwrap().text.is_empty());
    assert!(!extractions[1].as_ref().unwrap().findings.is_empty());
}
