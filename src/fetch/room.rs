//! Memory for the bodies in flight. In: how much a body needs by now. Out: the right to it, when there is enough.
//!
//! One body of the largest size can always be finished: that much is set aside for a single body at a time, and whichever
//! finds no other room waits for it. So bodies that grow step by step never wait for each other in a circle.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

const STEP_BYTES: usize = 1 << 10;

/// All the room there is.
#[derive(Debug)]
pub(super) struct House {
    open: Arc<Semaphore>,
    last: Arc<Semaphore>,
}

impl House {
    /// `total` bytes for all bodies, of which `one` (at most) is set aside so that one can always grow to its end.
    pub(super) fn new(total: usize, one: usize) -> Self {
        let steps = (total.saturating_sub(one) / STEP_BYTES).min(Semaphore::MAX_PERMITS);
        Self { open: Arc::new(Semaphore::new(steps)), last: Arc::new(Semaphore::new(1)) }
    }

    /// Grows `room` to hold `bytes`; waits in turn until there is as much.
    pub(super) async fn grow(&self, room: &mut Room, bytes: usize) {
        let more = steps(bytes).saturating_sub(room.open.as_ref().map_or(0, OwnedSemaphorePermit::num_permits));
        if room.last.is_some() || more == 0 {
            return;
        }
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        // A closed semaphore is the only error of acquire, and these are never closed.
        tokio::select! {
            biased;
            Ok(permit) = self.open.clone().acquire_many_owned(more) => match &mut room.open {
                Some(open) => open.merge(permit),
                None => room.open = Some(permit),
            },
            Ok(permit) = self.last.clone().acquire_owned() => room.last = Some(permit),
            else => {}
        }
    }

    /// Gives back what the body, complete now, does not need.
    pub(super) fn shrink(&self, room: &mut Room, bytes: usize) {
        let steps = steps(bytes);
        if room.last.is_some() {
            let more = steps.saturating_sub(room.open.as_ref().map_or(0, OwnedSemaphorePermit::num_permits));
            let more = u32::try_from(more).unwrap_or(u32::MAX);
            let Ok(permit) = self.open.clone().try_acquire_many_owned(more) else { return };
            room.last = None;
            match &mut room.open {
                Some(open) => open.merge(permit),
                None => room.open = Some(permit),
            }
        }
        if let Some(open) = &mut room.open {
            drop(open.split(open.num_permits().saturating_sub(steps)));
        }
    }
}

/// A body's right to its memory, given back when dropped. The default holds none.
#[derive(Debug, Default)]
pub struct Room {
    open: Option<OwnedSemaphorePermit>,
    last: Option<OwnedSemaphorePermit>,
}

fn steps(bytes: usize) -> usize {
    bytes.div_ceil(STEP_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    const ONE: usize = 8 * STEP_BYTES;

    fn now(grow: impl Future<Output = ()>) -> bool {
        grow.now_or_never().is_some()
    }

    #[test]
    fn one_body_can_always_grow_to_its_end() {
        let house = House::new(2 * ONE, ONE);
        let (mut a, mut b, mut c) = (Room::default(), Room::default(), Room::default());
        assert!(now(house.grow(&mut a, ONE / 2)));
        assert!(now(house.grow(&mut b, ONE / 2)));
        // Nothing is left but what is set aside: the first that asks has it and can finish, the others wait for it.
        assert!(now(house.grow(&mut a, ONE)));
        assert!(!now(house.grow(&mut b, ONE)));
        assert!(!now(house.grow(&mut c, 1)));
        drop(a);
        assert!(now(house.grow(&mut b, ONE)));
        assert!(now(house.grow(&mut c, 1)));
    }

    #[test]
    fn a_complete_body_keeps_only_what_it_fills() {
        let house = House::new(2 * ONE, ONE);
        let (mut a, mut b) = (Room::default(), Room::default());
        assert!(now(house.grow(&mut a, ONE)));
        house.shrink(&mut a, 1);
        assert_eq!(house.open.available_permits(), 7);
        assert!(now(house.grow(&mut b, ONE)));
        assert_eq!(house.last.available_permits(), 0);
        house.shrink(&mut b, STEP_BYTES * 7);
        assert_eq!((house.open.available_permits(), house.last.available_permits()), (0, 1));
        drop((a, b));
        assert_eq!(house.open.available_permits(), 8);
    }

    #[test]
    fn a_house_smaller_than_one_body_takes_one_at_a_time() {
        let house = House::new(1, ONE);
        let (mut a, mut b) = (Room::default(), Room::default());
        assert!(now(house.grow(&mut a, ONE)));
        assert!(!now(house.grow(&mut b, 1)));
        drop(a);
        assert!(now(house.grow(&mut b, 1)));
    }
}
