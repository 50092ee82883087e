//! `Scores`: precision, recall and F1 of each class, and their means.

/// How well one class is told from the others, each in [0, 1]; none where nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Score {
    /// Of the answers that say this class, the share that is right; none if no answer does.
    pub precision: Option<f64>,
    /// Of the examples of this class, the share that is found; none if there are none.
    pub recall: Option<f64>,
    /// 2 · right / (answers + examples), the harmonic mean of both; none if there are neither answers nor examples.
    pub f1: Option<f64>,
}

/// The scores of all classes.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Scores {
    /// By class.
    pub classes: Vec<Score>,
    /// The means over the classes that have a score.
    pub mean: Score,
    /// The mean recall of the classes that have examples: what the accuracy would be if each had as many; none without
    /// examples.
    pub balanced_accuracy: Option<f64>,
}

impl Scores {
    /// The scores of a table `confusion[label][answer]`, in examples.
    #[must_use]
    pub fn of(confusion: &[Vec<u32>]) -> Self {
        let classes: Vec<Score> = (0..confusion.len()).map(|i| score(confusion, i)).collect();
        let mean = Score {
            precision: mean(classes.iter().filter_map(|score| score.precision)),
            recall: mean(classes.iter().filter_map(|score| score.recall)),
            f1: mean(classes.iter().filter_map(|score| score.f1)),
        };
        Self {
            classes,
            mean,
            balanced_accuracy: mean.recall,
        }
    }
}

fn score(confusion: &[Vec<u32>], class: usize) -> Score {
    let cell = |row: &Vec<u32>| f64::from(row.get(class).copied().unwrap_or(0));
    let row = confusion.get(class);
    let right = row.map_or(0.0, cell);
    let examples: f64 = row.into_iter().flatten().copied().map(f64::from).sum();
    let answers: f64 = confusion.iter().map(cell).sum();
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    Score {
        precision: share(right, answers),
        recall: share(right, examples),
        f1: share(2.0 * right, answers + examples),
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table and the numbers of scikit-learn's `precision_recall_fscore_support` for it.
    #[test]
    fn three_classes_score_as_elsewhere() {
        let scores = Scores::of(&[vec![8, 2, 0], vec![1, 3, 0], vec![3, 0, 3]]);
        let rounded = |value: Option<f64>| value.map(|value| (value * 1e4).round() / 1e4);
        let row = |score: &Score| [score.precision, score.recall, score.f1].map(rounded);
        assert_eq!(
            row(&scores.classes[0]),
            [Some(0.6667), Some(0.8), Some(0.7273)]
        );
        assert_eq!(
            row(&scores.classes[1]),
            [Some(0.6), Some(0.75), Some(0.6667)]
        );
        assert_eq!(
            row(&scores.classes[2]),
            [Some(1.0), Some(0.5), Some(0.6667)]
        );
        assert_eq!(rounded(scores.balanced_accuracy), Some(0.6833));
        assert_eq!(rounded(scores.mean.f1), Some(0.6869));
    }

    #[test]
    fn of_nothing_nothing_is_said() {
        let scores = Scores::of(&[vec![2, 0], vec![0, 0]]);
        assert_eq!(scores.classes[1].precision, None);
        assert_eq!(scores.classes[1].f1, None);
        assert_eq!(scores.balanced_accuracy, Some(1.0));
        assert_eq!(Scores::of(&[]).balanced_accuracy, None);
    }
}
