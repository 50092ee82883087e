//! What a sweep shows while it runs.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::plan::{Quantity, name, varying};
use crate::commands::terminal;
use crate::sweep::{Event, Plan, Run};

/// More runs than this, or than the terminal has lines beside the cursor's, have one bar together.
const MOST_BARS: usize = 24;

/// A bar on standard error for each run that has begun, where that is a terminal.
pub struct Live {
    all: MultiProgress,
    bars: Mutex<HashMap<usize, ProgressBar>>,
    /// The one bar of many runs.
    together: Option<ProgressBar>,
    quantities: Vec<Quantity>,
    epochs: u64,
}

impl Live {
    /// Bars for the runs of a plan.
    pub fn new(plan: &Plan) -> Self {
        let all = MultiProgress::new();
        let runs = plan.runs().len();
        let epochs = plan.epochs as u64;
        let shown = terminal::shows_progress();
        let lines = terminal::lines().map_or(MOST_BARS, |lines| lines.saturating_sub(1));
        let together = (runs > MOST_BARS.min(lines) && shown).then(|| {
            let bar = all.add(ProgressBar::new(epochs * runs as u64));
            style(&bar, "{wide_bar} {pos} of {len} epochs, {eta} left");
            bar.tick();
            bar
        });
        Self {
            all,
            bars: Mutex::default(),
            together,
            quantities: varying(plan),
            epochs,
        }
    }

    /// Shows what happened to a run.
    pub fn show(&self, run: &Run, event: Event<'_>) {
        if !terminal::shows_progress() {
            return;
        }
        if let Some(bar) = &self.together {
            if matches!(event, Event::Epoch(..)) {
                bar.inc(1);
            }
            return;
        }
        let mut bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bars.entry(run.number).or_insert_with(|| self.bar(run));
        match event {
            Event::Started => bar.tick(),
            Event::Epoch(done, accuracy) => {
                bar.set_position(done as u64);
                bar.set_message(format!("{:.2} %", accuracy.percent()));
            }
            Event::Ended(outcome) if outcome.diverged.is_some() => {
                bar.abandon_with_message("diverged");
            }
            Event::Ended(_) => bar.finish(),
        }
    }

    fn bar(&self, run: &Run) -> ProgressBar {
        let bar = self.all.add(ProgressBar::new(self.epochs));
        style(&bar, "{prefix:<32!} {wide_bar} {pos}/{len} {msg:9!}");
        let name = name(&self.quantities, &run.combination);
        bar.set_prefix(format!("{name}, seed {}", run.seed));
        bar
    }

    /// Takes the one bar of many runs away.
    pub fn end(&self) {
        if let Some(bar) = &self.together {
            bar.finish_and_clear();
        }
    }
}

fn style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("█░░"));
    }
}
