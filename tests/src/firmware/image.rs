//! What a linked program holds: the bytes of its sections and the names of its symbols.

use std::path::Path;

use object::{Object, ObjectSection, ObjectSymbol};

/// Bytes of a program by where they go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Start-up, code, constants and what is copied to RAM: all in flash but models and test images.
    pub code: u64,
    /// Models.
    pub model: u64,
    /// Test images.
    pub images: u64,
    /// Values that are copied from flash to RAM.
    pub data: u64,
    /// Values in RAM that start as 0.
    pub zeroed: u64,
    /// All names in the symbol table.
    pub symbols: Vec<String>,
    /// Their values, in the same order.
    addresses: Vec<u64>,
}

impl Image {
    /// Reads an ELF file.
    ///
    /// # Errors
    ///
    /// In words: no such file, no ELF file.
    pub fn read(elf: &Path) -> Result<Self, String> {
        let bytes = std::fs::read(elf).map_err(|error| format!("{}: {error}", elf.display()))?;
        let file = object::File::parse(&*bytes).map_err(|error| error.to_string())?;
        let size = |name| {
            file.section_by_name(name)
                .map_or(0, |section| section.size())
        };
        let symbols = file
            .symbols()
            .filter_map(|symbol| Some((symbol.name().ok()?, symbol.address())));
        let (symbols, addresses) = symbols
            .map(|(name, address)| (demangle(name), address))
            .unzip();
        Ok(Self {
            code: size(".start") + size(".text") + size(".rodata") + size(".data"),
            model: size(".model"),
            images: size(".images"),
            data: size(".data"),
            zeroed: size(".bss"),
            symbols,
            addresses,
        })
    }

    /// RAM that is taken before the program starts.
    #[must_use]
    pub fn ram(&self) -> u64 {
        self.data + self.zeroed
    }

    /// Where a function starts, by the end of its path without the types it is made for: `scenario::infer`.
    ///
    /// # Errors
    ///
    /// In words, unless there is one such function.
    pub fn address(&self, function: &str) -> Result<u64, String> {
        let end = format!("::{function}");
        let is_it = |name: &str| {
            name.split("::<")
                .next()
                .is_some_and(|path| path.ends_with(&end))
        };
        let symbols = self.symbols.iter().zip(&self.addresses);
        let mut found = symbols.filter(|(name, _)| is_it(name));
        match (found.next(), found.next()) {
            (Some((_, &address)), None) => Ok(address),
            (None, _) => Err(format!("the program has no function {function}")),
            _ => Err(format!("the program has more than one function {function}")),
        }
    }

    /// The address that a symbol stands for.
    ///
    /// # Errors
    ///
    /// In words, unless there is one.
    pub fn symbol(&self, name: &str) -> Result<u64, String> {
        let mut symbols = self.symbols.iter().zip(&self.addresses);
        let found = symbols.find(|(symbol, _)| *symbol == name);
        found
            .map(|(_, &address)| address)
            .ok_or_else(|| format!("the program has no symbol {name}"))
    }

    /// Symbols whose name has one of the parts.
    #[must_use]
    pub fn symbols_with(&self, parts: &[&str]) -> Vec<&str> {
        let wanted = |name: &&String| parts.iter().any(|part| name.contains(part));
        self.symbols
            .iter()
            .filter(wanted)
            .map(String::as_str)
            .collect()
    }
}

/// A name as it stands in the source: what the legacy and the v0 mangling have in common is enough to search for.
fn demangle(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}
