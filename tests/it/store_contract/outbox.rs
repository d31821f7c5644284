//! Facts of the outbox: who gets what, when, and what is on record.

use super::Place;
use super::desk::{adoption, at, attempt, channel, claim, due_messages, message, owed, subjects};
use std::time::Duration;
use wirewatch::model::limits::REPLY_BYTES_MAX;
use wirewatch::model::{DeliveryState, Rate, Recipient};
use wirewatch::store::{Adoption, DeliveryRecord, DueMessage, OutboxCounts, Owed, Store, StoreError};

async fn owe(store: &dyn Store, name: &str, channel: &str, minutes: i64, recipients: &[&str]) {
    store.owe(vec![owed(message(name, channel, minutes), recipients)]).await.unwrap();
}

/// Recipient, state and attempts of all deliveries, newest message first.
async fn outbox(store: &dyn Store) -> Vec<(String, DeliveryState, u32)> {
    let all = store.outbox(&[], 100).await.unwrap();
    all.into_iter().map(|delivery| (delivery.recipient.0, delivery.state, delivery.attempts)).collect()
}

pub async fn each_recipient_has_a_delivery_of_its_own(place: &Place) {
    use DeliveryState::{Dead, Expired, Retrying, Sent};
    let store = place.open();
    owe(&*store, "hello", "desk", 0, &["a", "b", "c", "d"]).await;
    let due = due_messages(&*store, 0).await;
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].message, message("hello", "desk", 0));
    let states = [("a", Sent), ("b", Dead), ("c", Retrying), ("d", Expired)];
    let records = states.iter().map(|(to, state)| attempt(&due[0], to, 0, *state)).collect();
    store.record_deliveries(records, vec![]).await.unwrap();
    let expected: Vec<_> = states.iter().map(|(to, state)| (to.to_string(), *state, 1)).collect();
    assert_eq!(outbox(&*store).await, expected);
    let due = due_messages(&*store, 1).await;
    assert_eq!(due[0].recipients, [(Recipient("c".into()), 1)], "the others are done with");
    assert_eq!(due[0].owed_at, at(0));
    let maybe = DeliveryRecord { maybe_sent: true, ..attempt(&due[0], "c", 1, Retrying) };
    store.record_deliveries(vec![maybe], vec![]).await.unwrap();
    let listed = store.outbox(&[Retrying], 100).await.unwrap();
    assert_eq!((listed.len(), listed[0].attempts, listed[0].maybe_twice), (1, 2, true));
    assert_eq!((listed[0].error.as_deref(), listed[0].next_attempt), (Some("250 thanks"), Some(at(2))));
    let counts = store.status().await.unwrap().outbox;
    assert_eq!(counts, OutboxCounts { pending: 0, retrying: 1, held: 0, dead: 1 });
}

pub async fn a_message_owed_twice_is_sent_once(place: &Place) {
    let store = place.open();
    owe(&*store, "hello", "desk", 0, &["a"]).await;
    owe(&*store, "hello", "desk", 0, &["a"]).await;
    let due = due_messages(&*store, 0).await;
    assert_eq!((due.len(), due[0].recipients.len()), (1, 1));
    store.record_deliveries(vec![attempt(&due[0], "a", 0, DeliveryState::Sent)], vec![]).await.unwrap();
    owe(&*store, "hello", "desk", 0, &["a"]).await;
    assert!(due_messages(&*store, 1).await.is_empty());
}

pub async fn a_message_waits_for_its_time(place: &Place) {
    let store = place.open();
    let quiet = Owed { not_before: at(60), ..owed(message("hello", "desk", 0), &["a"]) };
    store.owe(vec![quiet]).await.unwrap();
    assert!(due_messages(&*store, 59).await.is_empty());
    assert_eq!(store.status().await.unwrap().outbox.held, 1);
    assert_eq!(due_messages(&*store, 60).await.len(), 1);
    assert_eq!(store.status().await.unwrap().outbox, OutboxCounts { pending: 1, ..OutboxCounts::default() });
}

pub async fn a_channel_with_a_rate_is_sent_to_no_faster(place: &Place) {
    let rate = Rate { max: 3, per: Duration::from_mins(10) };
    let limited = || Adoption { rates: vec![(channel("hook"), rate)], ..adoption(0, &[]) };
    let store = place.open();
    store.adopt(limited()).await.unwrap();
    owe(&*store, "one", "hook", 0, &["a", "b"]).await;
    owe(&*store, "two", "hook", 0, &["c", "d", "e"]).await;
    owe(&*store, "free", "desk", 0, &["x", "y", "z", "w", "v"]).await;
    let took = |due: &[DueMessage]| -> Vec<(String, usize)> {
        due.iter().map(|due| (due.message.subject.clone(), due.recipients.len())).collect()
    };
    let due = due_messages(&*store, 0).await;
    let expected = [("one", 2), ("two", 1), ("free", 5)].map(|(subject, many)| (subject.to_string(), many));
    assert_eq!(took(&due), expected, "three of the limited channel, all of the other");
    assert!(due_messages(&*store, 1).await.is_empty(), "what is under way counts");
    let done = |due: &DueMessage, minutes| -> Vec<DeliveryRecord> {
        due.recipients.iter().map(|(to, _)| attempt(due, &to.0, minutes, DeliveryState::Sent)).collect()
    };
    store.record_deliveries(due.iter().flat_map(|due| done(due, 1)).collect(), vec![]).await.unwrap();
    drop(store);
    let store = place.open();
    store.adopt(limited()).await.unwrap();
    assert!(due_messages(&*store, 10).await.is_empty(), "a restart begins nothing anew");
    let rest = due_messages(&*store, 12).await;
    assert_eq!(took(&rest), [("two".to_string(), 2)]);
    store.record_deliveries(done(&rest[0], 12), vec![]).await.unwrap();
    assert!(outbox(&*store).await.iter().all(|(_, state, _)| *state == DeliveryState::Sent));
}

pub async fn a_disabled_channel_holds_and_lets_go(place: &Place) {
    let store = place.open();
    owe(&*store, "to the hook", "my-hook", 0, &["hook"]).await;
    owe(&*store, "to the desk", "desk", 0, &["a"]).await;
    store.disable_channel(&channel("my_hook"), Some("410 Gone")).await.unwrap();
    assert_eq!(subjects(&due_messages(&*store, 0).await), ["to the desk"]);
    let counts = store.status().await.unwrap().outbox;
    assert_eq!((counts.pending, counts.held), (1, 1));
    assert_eq!(store.outbox(&[DeliveryState::Held], 10).await.unwrap().len(), 1);
    store.disable_channel(&channel("my-hook"), None).await.unwrap();
    assert_eq!(subjects(&due_messages(&*store, 0).await), ["to the hook"]);
}

pub async fn a_dead_channel_does_not_starve_another(place: &Place) {
    let store = place.open();
    let many = (0..100).map(|number| owed(message(&format!("mail {number}"), "mail", -60), &["a", "b"])).collect();
    store.owe(many).await.unwrap();
    for number in 0..3 {
        owe(&*store, &format!("hook {number}"), "hook", 0, &["hook"]).await;
    }
    let due = store.claim_outbox(claim(0, 8)).await.unwrap();
    assert_eq!(due.len(), 8);
    assert_eq!(due.iter().filter(|due| due.message.channel == channel("hook")).count(), 3);
    assert_eq!(due[0].message.channel, channel("mail"), "the longest due comes first");
    assert!(due.iter().all(|due| due.message.channel == channel("hook") || due.recipients.len() == 2));
    let rest = store.claim_outbox(claim(0, 200)).await.unwrap();
    assert_eq!(rest.len(), 95, "when nobody else waits, it may have the batch");
}

pub async fn a_lost_claim_on_a_message_records_nothing(place: &Place) {
    let store = place.open();
    owe(&*store, "hello", "desk", 0, &["a", "b"]).await;
    let slow = due_messages(&*store, 0).await;
    assert!(due_messages(&*store, 4).await.is_empty());
    let quick = due_messages(&*store, 5).await;
    assert_eq!(quick[0].recipients.len(), 2);
    let told = vec![owed(message("it is dead", "desk", 5), &["a"])];
    let refused = store.record_deliveries(vec![attempt(&slow[0], "a", 5, DeliveryState::Dead)], told).await;
    assert!(matches!(refused, Err(StoreError::LeaseLost)), "{refused:?}");
    let pending = |to: &str| (to.to_string(), DeliveryState::Pending, 0);
    assert_eq!(outbox(&*store).await, [pending("a"), pending("b")]);
    // One that is lost takes no other with it.
    let lost = attempt(&slow[0], "a", 5, DeliveryState::Dead);
    let held = attempt(&quick[0], "b", 5, DeliveryState::Sent);
    store.record_deliveries(vec![lost, held], vec![]).await.unwrap();
    assert_eq!(outbox(&*store).await, [pending("a"), ("b".to_string(), DeliveryState::Sent, 1)]);
}

pub async fn a_message_given_up_that_arrived_all_the_same_has_arrived(place: &Place) {
    let store = place.open();
    owe(&*store, "hello", "desk", 0, &["a", "b"]).await;
    let due = due_messages(&*store, 0).await;
    assert_eq!(store.outbox_drop(&due[0].message.id, at(0)).await.unwrap(), 2);
    let records = [("a", DeliveryState::Sent), ("b", DeliveryState::Retrying)];
    let records = records.iter().map(|(to, state)| attempt(&due[0], to, 0, *state)).collect();
    store.record_deliveries(records, vec![]).await.unwrap();
    let expected = [("a".to_string(), DeliveryState::Sent, 1), ("b".to_string(), DeliveryState::Expired, 1)];
    assert_eq!(outbox(&*store).await, expected);
    assert!(due_messages(&*store, 600).await.is_empty());
    assert_eq!(store.outbox_drop(&due[0].message.id, at(0)).await.unwrap(), 0);
}

pub async fn a_dead_message_can_be_tried_again(place: &Place) {
    let store = place.open();
    owe(&*store, "hello", "desk", 0, &["a", "b"]).await;
    let due = due_messages(&*store, 0).await;
    let id = due[0].message.id.clone();
    assert_eq!(store.outbox_retry(&id, None, at(0)).await.unwrap(), 0, "it is under way");
    let records = [("a", DeliveryState::Dead), ("b", DeliveryState::Expired)];
    let records = records.iter().map(|(to, state)| attempt(&due[0], to, 0, *state)).collect();
    store.record_deliveries(records, vec![]).await.unwrap();
    assert_eq!(store.outbox_retry(&id, Some(&Recipient("b".into())), at(9)).await.unwrap(), 1);
    let due = due_messages(&*store, 9).await;
    assert_eq!(due[0].recipients, [(Recipient("b".into()), 1)]);
    store.record_deliveries(vec![attempt(&due[0], "b", 9, DeliveryState::Sent)], vec![]).await.unwrap();
    assert_eq!(store.outbox_retry(&id, None, at(10)).await.unwrap(), 1, "what arrived is not sent again");
    assert_eq!(due_messages(&*store, 10).await[0].recipients, [(Recipient("a".into()), 1)]);
}

pub async fn what_a_record_owes_is_owed_with_it(place: &Place) {
    let store = place.open();
    owe(&*store, "hello", "hook", 0, &["hook"]).await;
    let due = due_messages(&*store, 0).await;
    let told = vec![owed(message("a message is dead", "desk", 0), &["a"])];
    store.record_deliveries(vec![attempt(&due[0], "hook", 0, DeliveryState::Dead)], told).await.unwrap();
    assert_eq!(subjects(&due_messages(&*store, 0).await), ["a message is dead"]);
}

pub async fn long_replies_are_cut_between_letters(place: &Place) {
    let store = place.open();
    owe(&*store, "hello", "hook", 0, &["hook"]).await;
    let due = due_messages(&*store, 0).await;
    let reply = format!("x{}", "ж".repeat(REPLY_BYTES_MAX));
    let refused = DeliveryRecord { reply, ..attempt(&due[0], "hook", 0, DeliveryState::Dead) };
    store.record_deliveries(vec![refused], vec![]).await.unwrap();
    let kept = store.outbox(&[], 1).await.unwrap().remove(0).error.unwrap();
    assert_eq!(kept.len(), REPLY_BYTES_MAX - 1, "the last letter did not fit");
}

pub async fn the_outbox_lists_the_newest_first(place: &Place) {
    let store = place.open();
    for number in 0..5 {
        owe(&*store, &format!("message {number}"), "Desk_1".to_lowercase().as_str(), number, &["a"]).await;
    }
    let listed = store.outbox(&[], 2).await.unwrap();
    let subjects: Vec<_> = listed.iter().map(|delivery| delivery.subject.as_str()).collect();
    assert_eq!(subjects, ["message 4", "message 3"]);
    assert_eq!(listed[0].channel.as_str(), "desk_1", "as it was typed");
    assert!(store.outbox(&[DeliveryState::Dead], 10).await.unwrap().is_empty());
}

pub async fn a_message_whose_sender_died_may_arrive_twice(place: &Place) {
    let store = place.open();
    owe(&*store, "claim ran out", "desk", 0, &["a"]).await;
    due_messages(&*store, 0).await;
    let again = due_messages(&*store, 5).await;
    store.record_deliveries(vec![attempt(&again[0], "a", 5, DeliveryState::Sent)], vec![]).await.unwrap();
    owe(&*store, "process ended", "desk", 5, &["a"]).await;
    due_messages(&*store, 5).await;
    store.adopt(Adoption { release_claims: true, ..adoption(6, &[]) }).await.unwrap();
    let again = due_messages(&*store, 6).await;
    store.record_deliveries(vec![attempt(&again[0], "a", 6, DeliveryState::Sent)], vec![]).await.unwrap();
    owe(&*store, "sent at once", "desk", 7, &["a"]).await;
    let due = due_messages(&*store, 7).await;
    store.record_deliveries(vec![attempt(&due[0], "a", 7, DeliveryState::Sent)], vec![]).await.unwrap();
    let maybe: Vec<bool> = store.outbox(&[], 10).await.unwrap().iter().map(|delivery| delivery.maybe_twice).collect();
    assert_eq!(maybe, [false, true, true]);
}
