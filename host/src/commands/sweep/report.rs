//! What a sweep came to: a table, comma-separated values, or JSON.

use serde::Serialize;

use super::plan::groups;
use crate::commands::drawing;
use crate::commands::error::Error;
use crate::commands::output::print_json;
use crate::evaluation::chance;
use crate::sweep::{Combination, Outcome, Plan, Summary};

/// Characters between the columns and the end of the longest bar.
const BARS: usize = 12;

/// One line for each combination; the bar goes from the lowest accuracy in tens, which stands above, to 100 %. Who always
/// says the class that is most frequent in the test part is right for a `share` of its `total` examples.
pub fn table(summaries: &[Summary], guess: (f64, usize)) -> String {
    let means = summaries.iter().filter_map(Summary::mean);
    let floor = ((means.fold(100.0, f64::min) / 10.0).floor() * 10.0).min(90.0);
    let end = "100 %";
    let start = format!("{floor:.0}");
    let ends = format!("{start}{end:>width$}", width = BARS - start.len());
    let mut text = format!(
        "  hidden        η      m  parameters    accuracy / %    s/epoch  {ends}\n  ──────  ───────  ─────  ──────────  ──────────────  ─────────  {}\n",
        "─".repeat(BARS)
    );
    for summary in summaries {
        text += line(summary, floor, guess).trim_end();
        text.push('\n');
    }
    text
}

fn line(summary: &Summary, floor: f64, guess: (f64, usize)) -> String {
    let Combination {
        learning_rate,
        mini_batch_size,
        ..
    } = summary.combination;
    let hidden = summary.combination.hidden();
    let accuracy = match (summary.mean(), summary.percents.len()) {
        (Some(mean), 1) => format!("{mean:6.2}        "),
        (Some(mean), _) => format!("{mean:6.2} ± {:<5.2}", summary.deviation()),
        (None, _) if summary.diverged > 0 => "diverged".into(),
        (None, _) => "broken off".into(),
    };
    let bar = summary.mean().map_or_else(String::new, |mean| {
        drawing::bar(((mean - floor) / (100.0 - floor).max(1.0)) as f32 * 0.4)
    });
    format!(
        "  {hidden:>6}  {learning_rate:>7}  {mini_batch_size:>5}  {:>10}  {accuracy:>14}  {:>9.3}  {bar}{}",
        summary.combination.parameters(),
        summary.seconds_per_epoch,
        remark(summary, guess)
    )
}

/// What the numbers alone do not say.
fn remark(summary: &Summary, (share, total): (f64, usize)) -> String {
    match (summary.diverged, summary.mean()) {
        (0, Some(mean)) if chance::is_guessing(mean, total, share) => {
            "  no better than guessing".into()
        }
        (0, _) | (_, None) => String::new(),
        (diverged, _) => format!(
            "  {diverged} of {} diverged",
            diverged + summary.percents.len()
        ),
    }
}

/// A header and a line for each combination.
pub fn csv(summaries: &[Summary]) -> String {
    let mut text = String::from(
        "hidden,learning_rate,mini_batch_size,parameters,runs,diverged,accuracy_mean,accuracy_deviation,seconds_per_epoch\n",
    );
    for summary in summaries {
        let Combination {
            learning_rate,
            mini_batch_size,
            ..
        } = summary.combination;
        let hidden = summary.combination.hidden();
        let mean = summary
            .mean()
            .map_or_else(String::new, |mean| format!("{mean:.4}"));
        let deviation = summary
            .mean()
            .map_or_else(String::new, |_| format!("{:.4}", summary.deviation()));
        text += &format!(
            "{hidden},{learning_rate},{mini_batch_size},{},{},{},{mean},{deviation},{:.6}\n",
            summary.combination.parameters(),
            summary.percents.len() + summary.diverged,
            summary.diverged,
            summary.seconds_per_epoch
        );
    }
    text
}

/// A combination as one JSON object.
#[derive(Serialize)]
struct Line<'a> {
    layers: &'a [usize],
    learning_rate: f32,
    mini_batch_size: usize,
    parameters: usize,
    /// In percent; none if every run diverged.
    accuracy_mean: Option<f64>,
    accuracy_deviation: f64,
    diverged: usize,
    seconds_per_epoch: f64,
    runs: Vec<RunLine>,
}

/// A run of it.
#[derive(Serialize)]
struct RunLine {
    seed: u64,
    /// Right answers after each epoch.
    correct: Vec<usize>,
    cost: Vec<f64>,
    /// The epoch, from 0, in which it diverged.
    diverged: Option<usize>,
}

/// Prints one JSON object for each combination.
///
/// # Errors
///
/// As [`print_json`].
pub fn print_lines(plan: &Plan, summaries: &[Summary], outcomes: &[Outcome]) -> Result<(), Error> {
    for (summary, outcomes) in summaries.iter().zip(groups(plan, outcomes)) {
        let runs = (1..).zip(outcomes).map(|(seed, outcome)| RunLine {
            seed,
            correct: outcome
                .accuracies
                .iter()
                .map(|accuracy| accuracy.correct)
                .collect(),
            cost: outcome.costs.clone(),
            diverged: outcome.diverged,
        });
        print_json(&Line {
            layers: &summary.combination.sizes,
            learning_rate: summary.combination.learning_rate,
            mini_batch_size: summary.combination.mini_batch_size,
            parameters: summary.combination.parameters(),
            accuracy_mean: summary.mean(),
            accuracy_deviation: summary.deviation(),
            diverged: summary.diverged,
            seconds_per_epoch: summary.seconds_per_epoch,
            runs: runs.collect(),
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(hidden: usize, percents: &[f64], diverged: usize) -> Summary {
        Summary {
            combination: Combination {
                sizes: vec![784, hidden, 10],
                learning_rate: 3.0,
                mini_batch_size: 10,
            },
            percents: percents.to_vec(),
            diverged,
            seconds_per_epoch: 0.25,
        }
    }

    #[test]
    fn a_combination_that_diverged_is_a_row_that_says_so() {
        let text = table(
            &[
                summary(30, &[94.0, 95.0], 0),
                summary(10, &[], 3),
                summary(20, &[91.0], 2),
                summary(15, &[9.8], 0),
            ],
            (0.1135, 10_000),
        );
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert!(lines[0].contains("94.50 ± 0.71"), "{text}");
        assert!(
            lines[1].contains("diverged") && !lines[1].contains('±'),
            "{text}"
        );
        assert!(lines[2].ends_with("2 of 3 diverged"), "{text}");
        assert!(lines[3].ends_with("guessing"), "{text}");
        assert!(!lines[3].contains('±'), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100));
    }

    #[test]
    fn csv_has_a_field_for_every_column() {
        let text = csv(&[summary(30, &[94.0], 0), summary(10, &[], 1)]);
        assert!(
            text.lines().all(|line| line.split(',').count() == 9),
            "{text}"
        );
        assert!(text.ends_with("10,3,10,7960,1,1,,,0.250000\n"));
    }
}
