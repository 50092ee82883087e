//! A network of any size on the menu that can be asked, taught and made to forget.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};

use serde::Serialize;
use smidgen_core::{Backprop, Cost, Image, Network, Trace, learn, ranked};

use crate::explain::rows;
use crate::model_file::UseNetwork;
use crate::parameters;

/// η of a lesson. With the cross-entropy, because a network that is sure of a wrong answer learns nothing from the
/// quadratic cost: its σ′ is nearly 0 (Nielsen, *Neural Networks and Deep Learning*, ch. 3).
const LEARNING_RATE: f32 = 0.1;

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

/// A network whose size is not known to the one who asks; safe to share among threads.
pub trait Session: Send + Sync {
    /// What the network says to an image.
    fn ask(&self, image: &Image) -> Answer;
    /// One step of learning in place: `image` shows `digit`.
    fn teach(&self, image: &Image, digit: usize);
    /// Takes all lessons back.
    fn forget(&self);
    /// Lessons since the start, or since the last [`Session::forget`].
    fn lessons(&self) -> usize;
}

/// Makes a session with a copy of the network of a model file.
#[derive(Clone, Copy, Debug)]
pub struct Start;

impl UseNetwork for Start {
    type Output = Box<dyn Session>;

    fn use_network<N: Network<784, 10> + Send + Sync>(self, network: &N) -> Box<dyn Session> {
        Box::new(Pupil {
            original: parameters::copy(network),
            network: RwLock::new(parameters::copy(network)),
            lessons: AtomicUsize::new(0),
        })
    }
}

struct Pupil<N> {
    original: Box<N>,
    network: RwLock<Box<N>>,
    lessons: AtomicUsize,
}

impl<N: Network<784, 10> + Send + Sync> Session for Pupil<N> {
    fn ask(&self, image: &Image) -> Answer {
        let mut trace = N::Trace::ZERO;
        {
            let network = self.network.read().unwrap_or_else(PoisonError::into_inner);
            network.forward(image, &mut trace);
        }
        answer(&trace)
    }

    fn teach(&self, image: &Image, digit: usize) {
        let mut network = self.network.write().unwrap_or_else(PoisonError::into_inner);
        learn(
            &mut **network,
            Cost::CrossEntropy,
            image,
            digit,
            LEARNING_RATE,
            &mut Backprop::zero(),
        );
        self.lessons.fetch_add(1, Ordering::Relaxed);
    }

    fn forget(&self) {
        let mut network = self.network.write().unwrap_or_else(PoisonError::into_inner);
        parameters::overwrite(&mut **network, &*self.original);
        self.lessons.store(0, Ordering::Relaxed);
    }

    fn lessons(&self) -> usize {
        self.lessons.load(Ordering::Relaxed)
    }
}

fn answer(trace: &impl Trace<10>) -> Answer {
    let mut hidden = rows(trace);
    let activations = hidden.pop().unwrap_or_default();
    let ranking: Vec<Rank> = ranked(trace.output())
        .iter()
        .map(|ranked| Rank {
            digit: ranked.class,
            activation: ranked.activation,
        })
        .collect();
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
    use smidgen_core::network;

    #[test]
    fn a_lesson_moves_the_answer_and_forgetting_brings_the_old_one_back() {
        let network = bytemuck::zeroed_box::<network![784, 20, 10]>();
        let session = Start.use_network(&*network);
        let image = [128; 784];
        let before = session.ask(&image);
        assert_eq!((before.activations.len(), before.hidden[0].len()), (10, 20));
        assert!(!before.sure);
        session.teach(&image, 7);
        let after = session.ask(&image);
        assert_eq!((after.ranking[0].digit, session.lessons()), (7, 1));
        session.forget();
        assert_eq!((session.ask(&image), session.lessons()), (before, 0));
    }

    #[test]
    fn the_answer_is_the_networks_own() {
        let mut network = bytemuck::zeroed_box::<network![784, 10, 10]>();
        network.rest.biases[4] = 3.0;
        let answer = Start.use_network(&*network).ask(&[0; 784]);
        assert_eq!(answer.activations, network.feedforward(&[0_u8; 784]).0);
        assert_eq!((answer.ranking[0].digit, answer.sure), (4, true));
    }
}
