//! Networks of sizes that the binary does not have: in a program of someone's own, and in the library.

use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Output};

use smidgen::data::Dataset;
use smidgen::evaluation::evaluate;
use smidgen::network::ModelFile;
use smidgen::training::{Settings, Trainer};
use smidgen_core::Cost;
use smidgen_tests::small_set;

fn run(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_own_sizes"))
        .current_dir(folder)
        .args(line.split(' '))
        .output()
        .unwrap()
}

#[test]
fn a_program_of_ones_own_has_all_verbs_for_its_sizes() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    small_set::write(&folder.path().join("data"));
    for line in [
        "train --data data --layers 784,40,10 --epochs 2 --out a.model",
        "evaluate a.model --data data",
        "quantize a.model --data data --out b.model --max-loss 100",
        "evaluate b.model --data data",
        "predict b.model --index 0",
        "export a.model --out firmware",
        "explain --model a.model",
    ] {
        let output = run(folder.path(), line);
        assert!(output.status.success(), "{line}: {output:?}");
    }
    let output = run(folder.path(), "train --layers 784,30,10");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("784,40,10; 6,10,4"), "{error}");
}

/// Before, the outputs were those of the floats, and the firmware's self-test with the bytes failed.
#[test]
fn vectors_of_a_table_that_needs_no_scaling_agree_with_their_bytes() {
    use smidgen_core::{Inference, Output, Vectors, model};

    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..60)
        .map(|i| {
            format!(
                "{},{},{}\n",
                i as f32 / 59.0,
                (i * 7 % 60) as f32 / 60.0,
                i / 20
            )
        })
        .collect();
    std::fs::write(folder.path().join("a.csv"), format!("a,b,class\n{rows}")).unwrap();
    for line in [
        "train --data a.csv --scaling none --layers 2,4,3 --out a.model",
        "export a.model --out out",
    ] {
        let output = run(folder.path(), line);
        assert!(output.status.success(), "{line}: {output:?}");
    }
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let mut network = bytemuck::zeroed_box::<smidgen_core::network![2, 4, 3]>();
    model::decode(&read("a.model"), &mut *network).unwrap();
    let vectors = read("out/a.vectors");
    for vector in Vectors::<2, 3>::parse(&vectors).unwrap().iter() {
        assert_eq!(network.infer(vector.image).bits(), vector.output);
    }
}

/// Before, the first pixels were taken for the inputs, and all went well.
#[test]
fn a_network_that_does_not_fit_the_data_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let network = <smidgen::network![6, 10, 4]>::zero();
    let file = smidgen::network::AnyNetwork::encode(&network, "");
    std::fs::write(folder.path().join("a.model"), file).unwrap();
    for line in [
        "train --layers 6,10,4",
        "evaluate a.model",
        "predict a.model --index 0",
        "quantize a.model --out b.model",
        "export a.model --out firmware",
        "explain --model a.model",
    ] {
        let output = run(folder.path(), line);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}: {error}");
        let wrong = ["[6,10,4] does not fit", "[6,10,4] takes no pictures"];
        let named = wrong.iter().any(|wrong| error.contains(wrong));
        assert!(named, "{line}: {error}");
    }
}

/// Four classes, each with its own byte high.
fn made(count: usize) -> Dataset {
    let mut data = Dataset::new(6, 4);
    for i in 0..count {
        let mut example = [0, 10, 0, 30, (i % 7) as u8, (i % 11) as u8];
        example[i % 4] = 200 + (i % 50) as u8;
        assert!(data.add(&example, i % 4));
    }
    data
}

#[test]
fn a_network_of_any_sizes_learns_by_type_and_by_value_with_the_same_bits() {
    let data = made(400);
    let networks = smidgen::networks![[6, 10, 4]];
    let mut by_value = <Trainer>::new(networks.float(&[6, 10, 4]).unwrap(), Settings::default());
    let typed = <smidgen::network![6, 10, 4]>::zero();
    let mut by_type = Trainer::new(typed, Settings::default());
    for _ in 0..20 {
        by_value
            .epoch(&data, |_| ControlFlow::Continue(()))
            .unwrap();
        by_type.epoch(&data, |_| ControlFlow::Continue(())).unwrap();
    }
    assert_eq!(by_value.snapshot(), by_type.snapshot());
    let accuracy = evaluate(by_value.network(), Cost::Quadratic, &made(40)).accuracy;
    assert_eq!((accuracy.correct, accuracy.total), (40, 40));
    let file = by_value.network().encode("made up");
    let read = ModelFile::parse(file).unwrap().learner(&networks).unwrap();
    assert_eq!(read.parameters(), by_value.network().parameters());
}

#[test]
fn what_a_network_says_to_one_image_it_says_in_a_data_set_too() {
    let networks = smidgen::networks![[6, 10, 4]];
    let data = made(30);
    let mut trainer = <Trainer>::new(networks.float(&[6, 10, 4]).unwrap(), Settings::default());
    trainer.epoch(&data, |_| ControlFlow::Continue(())).unwrap();
    let mut integers = networks.integer(&[6, 10, 4]).unwrap();
    let original = smidgen::quantize::Original::measure(trainer.network(), &data);
    original.quantize(&data, &mut *integers).unwrap();
    let floats: &dyn smidgen::network::AnyNetwork = trainer.network();
    for network in [floats, &*integers] {
        let verdicts = network.verdicts(Cost::Quadratic, &data);
        let mut sums = vec![0.0; 14];
        for (i, verdict) in verdicts.iter().enumerate() {
            let answer = network.infer((&data.image(i)).into());
            assert_eq!(answer.class, usize::from(verdict.class));
            assert_eq!(
                answer.activations[answer.class].to_bits(),
                verdict.activation.to_bits()
            );
            if let Some(learner) = network.learner() {
                let layers = learner.forward((&data.image(i)).into()).concat();
                sums.iter_mut()
                    .zip(layers)
                    .for_each(|(sum, a)| *sum += f64::from(a));
            }
        }
        if network.learner().is_some() {
            assert_eq!(network.sum_activations(&data), sums);
        }
    }
}

#[test]
fn a_training_that_goes_on_without_momentum_leaves_the_velocity_behind() {
    let data = made(100);
    let fast = Settings {
        momentum: 0.5,
        ..Settings::default()
    };
    let network = <smidgen::network![6, 10, 4]>::zero;
    let mut before = Trainer::new(network(), fast);
    before.epoch(&data, |_| ControlFlow::Continue(())).unwrap();
    let mut snapshot = before.snapshot();
    let mut with = Trainer::resume(network(), Settings::default(), &snapshot);
    snapshot.velocity = None;
    let mut without = Trainer::resume(network(), Settings::default(), &snapshot);
    with.epoch(&data, |_| ControlFlow::Continue(())).unwrap();
    without.epoch(&data, |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(with.snapshot(), without.snapshot());
}
