//! The steps of the firmware on the host.

use bytemuck::zeroed_box;
use smidgen_core::{Network, network};

use super::any_bits;
use super::log::Fact;
use super::scenario::{self, Report, digest};

/// The host's side of a scenario: writes down what the firmware logs.
#[derive(Debug, Default)]
struct Record(Vec<Fact>);

impl Report for Record {
    fn measured<R>(&mut self, _: &'static str, work: impl FnOnce() -> R) -> R {
        work()
    }

    fn value(&mut self, step: &'static str, value: u32) {
        self.0.push(Fact::Result(format!("value {step} {value}")));
    }

    fn output(&mut self, step: &'static str, output: &[u32; 10]) {
        let bits: Vec<_> = output.iter().map(|bits| format!("{bits:08x}")).collect();
        self.0
            .push(Fact::Result(format!("output {step} [{}]", bits.join(", "))));
    }

    fn weights<N: Network<I, O>, const I: usize, const O: usize>(
        &mut self,
        step: &'static str,
        network: &N,
    ) {
        self.0.push(Fact::Result(format!(
            "weights {step} {:08x}",
            digest(network)
        )));
        network.for_each_parameter(|parameter| {
            self.0.push(Fact::Dump {
                step: step.into(),
                bits: parameter.to_bits(),
            });
        });
    }
}

/// What a program does on a board, done here.
///
/// # Panics
///
/// For a program that there is not.
#[must_use]
pub fn run(program: &str, learns_digits: bool) -> Vec<Fact> {
    let mut record = Record::default();
    match program {
        "any_bits" => any_bits::any_bits(&mut record),
        "boot" => scenario::boot([&[]; 2], &mut record),
        "classify" => scenario::classify(&mut record),
        "classify_two" => scenario::classify_two(&mut record),
        "classify_f16" => scenario::classify_halves(&mut record),
        "classify_q8" => scenario::classify_quantized(&mut record),
        "classify_q8_constant_time" => scenario::classify_constant_time(&mut record),
        "learn" if learns_digits => {
            let mut network = zeroed_box::<network![784, 30, 10]>();
            scenario::learn_all(&mut *network, scenario::whole, &mut record);
        }
        "learn" => {
            let mut network = zeroed_box::<network![196, 10, 10]>();
            scenario::learn_all(&mut *network, scenario::quarter, &mut record);
        }
        "learn_output" => scenario::learn_output_layer(&mut record),
        "selftest" => scenario::check(&mut record),
        "selftest_f16" => scenario::check_halves(&mut record),
        "selftest_q8" => scenario::check_quantized(&mut record),
        other => {
            panic!("the host has no steps for {other}: add them in tests/src/firmware/host.rs")
        }
    }
    record.0
}

/// What `boot` does on a board with these bytes in its slots.
#[must_use]
pub fn boot(slots: [&[u8]; 2]) -> Vec<Fact> {
    let mut record = Record::default();
    let aligned = slots.map(|slot| {
        let words = slot.as_chunks::<4>().0.iter();
        words.map(|word| u32::from_ne_bytes(*word)).collect()
    });
    let [first, second]: &[Vec<u32>; 2] = &aligned;
    scenario::boot(
        [bytemuck::cast_slice(first), bytemuck::cast_slice(second)],
        &mut record,
    );
    record.0
}
