//! `Instruction`: what a line of disassembly says, as far as cycles depend on it.

/// An Arm instruction, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// The mnemonic without a width, a type of data, a condition or the S that sets flags.
    pub name: String,
    /// Whether it is executed on a condition, and is neither a branch nor `it`.
    pub conditional: bool,
    /// The operands, apart at their commas outside of brackets.
    pub operands: Vec<String>,
}

const CONDITIONS: [&str; 17] = [
    "eq", "ne", "cs", "hs", "cc", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le",
    "al",
];

impl Instruction {
    /// Reads a line as `ldr.w r1, [r0, #4]`; `known` says which names there are.
    ///
    /// # Errors
    ///
    /// The line, if its mnemonic is none of the known.
    pub fn parse(text: &str, known: impl Fn(&str) -> bool) -> Result<Self, String> {
        let (mnemonic, operands) = text.split_once([' ', '\t']).unwrap_or((text, ""));
        let word = mnemonic.split('.').next().unwrap_or(mnemonic);
        let (name, conditional) =
            name(word, known).ok_or_else(|| format!("no cycles are known of: {text}"))?;
        Ok(Self {
            conditional: conditional && name != "b",
            name: name.to_owned(),
            operands: split(operands),
        })
    }

    /// The registers in braces; one of 64 bits counts twice.
    #[must_use]
    pub fn listed(&self) -> u64 {
        let list = self
            .operands
            .iter()
            .find(|operand| operand.starts_with('{'));
        let registers = list.into_iter().flat_map(|list| list.split(','));
        registers
            .map(|register| 1 + u64::from(register.trim_matches(['{', ' ']).starts_with('d')))
            .sum()
    }

    /// The register that it writes, if it writes one.
    #[must_use]
    pub fn written(&self) -> &str {
        self.operands
            .first()
            .map_or("", |operand| operand.trim_matches(['{', '}']))
    }

    /// Whether it reads a register.
    #[must_use]
    pub fn reads(&self, register: &str) -> bool {
        let adds = [
            "vmla", "vmls", "vnmla", "vnmls", "vfma", "vfms", "vfnma", "vfnms",
        ];
        let stores = ["vstr", "vstm", "vpush", "vcmp", "vcmpe"];
        let first = adds.iter().chain(&stores).any(|name| *name == self.stem());
        let operands = self.operands.iter().skip(usize::from(!first));
        operands
            .flat_map(|operand| tokens(operand))
            .any(|token| token == register)
    }

    /// Whether an address is made of a register.
    #[must_use]
    pub fn addresses_by(&self, register: &str) -> bool {
        self.address()
            .is_some_and(|address| tokens(address).any(|token| token == register))
    }

    /// Whether an address has no register but its base.
    #[must_use]
    pub fn has_immediate_address(&self) -> bool {
        self.address().is_some_and(|address| {
            let registers = address.split(',').filter(|part| !part.contains('#'));
            registers.count() == 1
        })
    }

    /// The name of a load or store of several without how its address moves, `vldm` of `vldmia`.
    #[must_use]
    pub fn stem(&self) -> &str {
        let stem = self
            .name
            .strip_suffix("ia")
            .or_else(|| self.name.strip_suffix("db"));
        stem.filter(|stem| stem.ends_with('m'))
            .unwrap_or(&self.name)
    }

    fn address(&self) -> Option<&str> {
        self.operands
            .iter()
            .map(String::as_str)
            .find(|operand| operand.starts_with('['))
    }
}

/// The name of a mnemonic, and whether a condition was taken off it.
fn name(word: &str, known: impl Fn(&str) -> bool) -> Option<(&str, bool)> {
    let is_it = word
        .strip_prefix("it")
        .is_some_and(|rest| rest.chars().all(|c| "te".contains(c)));
    if is_it {
        return Some(("it", false));
    }
    let plain = |word| {
        // No branch sets flags: `bls` is one on a condition.
        let without_s = str::strip_suffix(word, "s").filter(|name| known(name) && *name != "bl");
        Some(word).filter(|word| known(word)).or(without_s)
    };
    plain(word).map(|name| (name, false)).or_else(|| {
        let condition = CONDITIONS
            .iter()
            .find_map(|condition| word.strip_suffix(condition));
        condition.and_then(plain).map(|name| (name, true))
    })
}

fn tokens(operand: &str) -> impl Iterator<Item = &str> {
    operand
        .split(|c: char| !c.is_alphanumeric())
        .filter(|token| !token.is_empty())
}

/// Parts between the commas that no bracket or brace is around.
fn split(operands: &str) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0_i32);
    for c in operands.chars() {
        depth += i32::from("[{".contains(c)) - i32::from("]}".contains(c));
        match c {
            ',' if depth == 0 => parts.push(String::new()),
            c => {
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
        }
    }
    let parts = parts.iter().map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::Instruction;

    fn parse(text: &str) -> Instruction {
        let known = [
            "b", "bl", "bic", "ldr", "lsl", "mls", "mov", "mul", "strd", "vldmia", "vmla", "vmov",
        ];
        Instruction::parse(text, |name| known.contains(&name)).unwrap()
    }

    #[test]
    fn conditions_widths_and_flags_are_taken_off() {
        let names = [
            ("bls.w #0x10", "b", false),
            ("bl #0x10", "bl", false),
            ("lsls r0, r1, #2", "lsl", false),
            ("mls r0, r1, r2, r3", "mls", false),
            ("muls r0, r1, r0", "mul", false),
            ("bics r0, r1", "bic", false),
            ("movhs r3, #0xb1", "mov", true),
            ("strdne r7, sb, [r4], #8", "strd", true),
            ("vmovgt.f32 s0, s1", "vmov", true),
            ("itte eq", "it", false),
        ];
        for (text, name, conditional) in names {
            let parsed = parse(text);
            assert_eq!(
                (&*parsed.name, parsed.conditional),
                (name, conditional),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_not_known_is_an_error_with_the_line() {
        let error = Instruction::parse("dmb sy", |_| false).unwrap_err();
        assert!(error.ends_with("dmb sy"), "{error}");
    }

    #[test]
    fn operands_are_seen_through() {
        assert_eq!(parse("vldmia ip, {s16, s17, s18}").listed(), 3);
        assert_eq!(parse("vldmia ip, {d8, d9}").listed(), 4);
        assert!(parse("vmla.f32 s1, s2, s3").reads("s1"));
        assert!(!parse("vmov.f32 s1, s2").reads("s1"));
        assert!(parse("ldr r0, [r1, #4]").has_immediate_address());
        assert!(!parse("ldr r0, [r1, r2]").has_immediate_address());
        assert!(parse("ldr r0, [r1, r2, lsl #2]").addresses_by("r2"));
    }
}
