//! `School`: a network that can be asked, taught and made to forget, by each session apart.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde::Serialize;
use smidgen_core::{Cost, Image};

use crate::network::Learner;

/// η of a lesson. With the cross-entropy, because a network that is sure of a wrong answer learns nothing from the
/// quadratic cost: its σ′ is nearly 0 (Nielsen, *Neural Networks and Deep Learning*, ch. 3).
const LEARNING_RATE: f32 = 0.1;

/// Copies that are kept; beyond them goes the one that has had no lesson for the longest time. The largest network of
/// the program takes a megabyte.
const MOST_PUPILS: usize = 64;

/// How far the best answer must be above the second to be sure.
const MARGIN: f32 = 0.3;

/// What the network says to an image.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The activations of every hidden layer.
    pub hidden: Vec<Vec<f32>>,
    /// By digit, each in [0, 1].
    pub activations: Vec<f32>,
    /// All digits, the best first.
    pub ranking: Vec<Rank>,
    /// Whether the best is well above the second.
    pub sure: bool,
}

/// A digit and how strongly the network says so.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rank {
    /// 0 to 9.
    pub digit: usize,
    /// In [0, 1].
    pub activation: f32,
}

/// A network, and a copy of it for everyone who teaches. Safe to share among threads.
pub struct School {
    original: Box<dyn Learner>,
    /// Who was taught last is last.
    pupils: RwLock<Vec<Pupil>>,
}

/// A copy that was taught.
struct Pupil {
    who: String,
    network: Box<dyn Learner>,
    lessons: usize,
}

impl School {
    /// Takes a network to school.
    #[must_use]
    pub fn new(original: Box<dyn Learner>) -> Self {
        Self {
            original,
            pupils: RwLock::default(),
        }
    }

    fn pupils(&self) -> RwLockReadGuard<'_, Vec<Pupil>> {
        self.pupils.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn pupils_mut(&self) -> RwLockWriteGuard<'_, Vec<Pupil>> {
        self.pupils.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the network of `who` says to an image.
    pub fn ask(&self, who: &str, image: &Image) -> Answer {
        let pupils = self.pupils();
        let pupil = pupils.iter().find(|pupil| pupil.who == who);
        let network = pupil.map_or(&self.original, |pupil| &pupil.network);
        answer(&**network, image)
    }

    /// One step of learning in place, in the copy of `who`: `image` shows `digit`.
    pub fn teach(&self, who: &str, image: &Image, digit: usize) {
        let mut pupils = self.pupils_mut();
        let mut pupil = match pupils.iter().position(|pupil| pupil.who == who) {
            Some(place) => pupils.remove(place),
            None => Pupil {
                who: who.into(),
                network: self.original.copy(),
                lessons: 0,
            },
        };
        pupil
            .network
            .learn(Cost::CrossEntropy, image, digit, LEARNING_RATE);
        pupil.lessons += 1;
        if pupils.len() >= MOST_PUPILS {
            pupils.remove(0);
        }
        pupils.push(pupil);
    }

    /// Takes all lessons of `who` back.
    pub fn forget(&self, who: &str) {
        self.pupils_mut().retain(|pupil| pupil.who != who);
    }

    /// Lessons of `who` since the start, or since the last [`School::forget`].
    pub fn lessons(&self, who: &str) -> usize {
        let pupils = self.pupils();
        let pupil = pupils.iter().find(|pupil| pupil.who == who);
        pupil.map_or(0, |pupil| pupil.lessons)
    }
}

fn answer(network: &dyn Learner, image: &Image) -> Answer {
    let mut hidden = network.forward(image);
    let activations = hidden.pop().unwrap_or_default();
    let ranking = network.infer(image).ranking.into_iter().map(|ranked| Rank {
        digit: ranked.class,
        activation: ranked.activation,
    });
    let ranking: Vec<Rank> = ranking.collect();
    let sure = match ranking.as_slice() {
        [best, second, ..] => best.activation - second.activation >= MARGIN,
        _ => false,
    };
    Answer {
        hidden,
        activations,
        ranking,
        sure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_lesson_moves_the_answer_of_its_session_and_of_no_other() {
        let pupils = School::new(Box::new(<crate::network![784, 20, 10]>::zero()));
        let image = [128; 784];
        let before = pupils.ask("ada", &image);
        assert_eq!((before.activations.len(), before.hidden[0].len()), (10, 20));
        assert!(!before.sure);
        pupils.teach("ada", &image, 7);
        let after = pupils.ask("ada", &image);
        assert_eq!((after.ranking[0].digit, pupils.lessons("ada")), (7, 1));
        assert_eq!(
            (pupils.ask("bob", &image), pupils.lessons("bob")),
            (before.clone(), 0)
        );
        pupils.teach("bob", &image, 3);
        pupils.forget("ada");
        assert_eq!(
            (pupils.ask("ada", &image), pupils.lessons("ada")),
            (before, 0)
        );
        assert_eq!(pupils.lessons("bob"), 1);
    }

    #[test]
    fn beyond_the_limit_the_one_longest_without_a_lesson_starts_anew() {
        let pupils = School::new(Box::new(<crate::network![784, 10, 10]>::zero()));
        let teach = |who: usize| pupils.teach(&who.to_string(), &[9; 784], 1);
        (0..MOST_PUPILS).for_each(teach);
        teach(0);
        teach(MOST_PUPILS);
        let lessons = [0, 1, 2, MOST_PUPILS].map(|who| pupils.lessons(&who.to_string()));
        assert_eq!(lessons, [2, 0, 1, 1]);
    }

    #[test]
    fn the_answer_is_the_networks_own() {
        let mut network = <crate::network![784, 10, 10]>::zero();
        network.rest.biases[4] = 3.0;
        let wanted = crate::network::AnyNetwork::infer(&network, &[0; 784]).activations;
        let answer = School::new(Box::new(network)).ask("", &[0; 784]);
        assert_eq!(answer.activations, wanted);
        assert_eq!((answer.ranking[0].digit, answer.sure), (4, true));
    }
}
