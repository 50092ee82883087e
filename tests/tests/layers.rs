//! Who may know whom: a file of core or host uses only its own folder and those above it in the tables here, and no two
//! files use each other, not even by way of others.
//!
//! Read are the `use` lines, and the paths that start with `crate::` in the code, outside of tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The layers of core from the ground up, as `core/src/lib.rs` has them; those of one line may not know each other.
const CORE: &[&[&str]] = &[
    &["format"],
    &["values"],
    &["kernels"],
    &["activation"],
    &["cost"],
    &["network"],
    &["half"],
    &["quantized"],
    &["learning"],
    &["model"],
    &["flash"],
    &["lib"],
];

/// The layers of host from the ground up, as `host/src/lib.rs` has them.
const HOST: &[&[&str]] = &[
    &["files"],
    &["data"],
    &["network"],
    &["evaluation"],
    &["training"],
    &["quantize", "sweep", "interchange", "cost"],
    &["plots", "page"],
    &["commands"],
    &["lib"],
    &["main"],
];

/// The files of a crate by their module's path, `network::dense` for one, and what each uses of the others.
struct Crate {
    files: BTreeMap<String, PathBuf>,
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Crate {
    fn read(package: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(package)
            .join("src");
        let mut files = BTreeMap::new();
        list(&root, &mut Vec::new(), &mut files);
        assert!(files.len() > 20, "{package}: only {} files", files.len());
        Self::of(files, |path| std::fs::read_to_string(path).unwrap())
    }

    fn of(files: BTreeMap<String, PathBuf>, text: impl Fn(&Path) -> String) -> Self {
        let texts: BTreeMap<_, _> = files
            .iter()
            .map(|(module, path)| (module, without_tests(&text(path))))
            .collect();
        let own = |name: &String| (name.clone(), vec![name.clone()]);
        let mut names: Names = files.keys().map(own).collect();
        for (module, text) in &texts {
            names.extend(chosen(module, text));
        }
        let uses = files
            .iter()
            .map(|(module, path)| {
                let paths = paths(&texts[module], module, path, &names);
                let used = paths.iter().flat_map(|path| owners(path, &names));
                let others = used.filter(|other| other != module);
                (module.clone(), others.collect())
            })
            .collect();
        Self { files, uses }
    }

    /// A line for each use that goes up or to the side, and for each circle.
    fn faults(&self, layers: &[&[&str]]) -> String {
        let mut faults = String::new();
        let name = |module: &String| self.files[module].display().to_string();
        for (module, used) in &self.uses {
            for other in used.iter().filter(|other| !may_use(layers, module, other)) {
                let _ = writeln!(faults, "{} uses {}", name(module), name(other));
            }
        }
        for (module, used) in &self.uses {
            for other in used.iter().filter(|other| self.reaches(other, module)) {
                let _ = writeln!(
                    faults,
                    "{} and {} are in a circle",
                    name(module),
                    name(other)
                );
            }
        }
        faults
    }

    /// Whether a file uses another, perhaps by way of others.
    fn reaches(&self, from: &str, to: &str) -> bool {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(module) = open.pop() {
            if module == to {
                return true;
            }
            if seen.insert(module) {
                open.extend(
                    self.uses
                        .get(module)
                        .into_iter()
                        .flatten()
                        .map(String::as_str),
                );
            }
        }
        false
    }
}

/// All Rust files below a folder; `mod.rs` has the name of its folder.
fn list(folder: &Path, modules: &mut Vec<String>, files: &mut BTreeMap<String, PathBuf>) {
    let mut entries: Vec<_> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            modules.push(stem);
            list(&path, modules, files);
            modules.pop();
        } else if path.extension().is_some_and(|end| end == "rs") {
            let mut module = modules.clone();
            if stem != "mod" {
                module.push(stem);
            }
            files.insert(module.join("::"), path);
        }
    }
}

/// What stands before the tests at the foot of a file, without comments.
fn without_tests(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The files of modules by name.
type Names = BTreeMap<String, Vec<String>>;

/// Modules that are one of several files by the processor, `#[cfg_attr(…, path = "vfp.rs")] mod rows;`, with these files.
fn chosen(module: &str, text: &str) -> Names {
    let (mut names, mut files) = (Names::new(), Vec::new());
    for line in text.lines() {
        if let Some((_, path)) = line.split_once("path = \"") {
            let stem = path.split(".rs").next().unwrap_or_default();
            files.push(format!("{module}::{stem}"));
        } else if let Some((_, name)) = line.split_once("mod ").filter(|_| !files.is_empty()) {
            let name = format!("{module}::{}", name.trim_end_matches(';'));
            names.insert(name, std::mem::take(&mut files));
        }
    }
    names
}

/// The paths inside the crate that a file's code names, from the root: of `use` lines, and written out.
fn paths(text: &str, module: &str, file: &Path, names: &Names) -> Vec<String> {
    let root = ["lib", "main"].contains(&module);
    let own: Vec<&str> = module.split("::").filter(|_| !root).collect();
    let parent = if file.ends_with("mod.rs") {
        own.len()
    } else {
        own.len().saturating_sub(1)
    };
    let mut found = Vec::new();
    for statement in text.split(';') {
        let Some((_, tree)) = statement
            .rsplit_once("use ")
            .filter(|(before, _)| before.is_empty() || before.ends_with(['\n', ' ', '}', ')']))
        else {
            continue;
        };
        expand(tree.trim(), String::new(), &mut found);
    }
    // What a macro names as `$crate::` is a path of whoever uses it.
    for written in text.replace("$crate::", "").split("crate::").skip(1) {
        let end = written.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        found.push(format!(
            "crate::{}",
            &written[..end.unwrap_or(written.len())]
        ));
    }
    let absolute = |path: &String| {
        let mut parts: Vec<&str> = path.split("::").map(str::trim).collect();
        let mut base: Vec<&str> = match parts.first().copied() {
            Some("crate") => Vec::new(),
            Some("self") => own.clone(),
            // The parent of `mod.rs` is the folder above; that of any other file is its own folder's module.
            Some("super") => own[..if file.ends_with("mod.rs") {
                parent.saturating_sub(1)
            } else {
                parent
            }]
                .to_vec(),
            // A child of this module, or another crate.
            Some(first) => {
                let child: Vec<_> = own.iter().copied().chain([first]).collect();
                let path: Vec<_> = own.iter().copied().chain(parts).collect();
                return names
                    .contains_key(&child.join("::"))
                    .then(|| path.join("::"));
            }
            None => return None,
        };
        parts.remove(0);
        while parts.first() == Some(&"super") {
            parts.remove(0);
            base.pop();
        }
        base.extend(parts);
        Some(base.join("::"))
    };
    found.iter().filter_map(absolute).collect()
}

/// Every path of a tree as in `a::{b, c::{d, e}}`.
fn expand(tree: &str, prefix: String, found: &mut Vec<String>) {
    let Some((before, rest)) = tree.split_once('{') else {
        found.push(prefix + tree.split(" as ").next().unwrap_or(tree).trim());
        return;
    };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let (mut depth, mut start) = (0, 0);
    let ends = inner.char_indices().chain([(inner.len(), ',')]);
    for (i, c) in ends {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let branch = inner[start..i].trim();
                if !branch.is_empty() {
                    expand(branch, format!("{prefix}{}", before.trim()), found);
                }
                start = i + 1;
            }
            _ => {}
        }
    }
}

/// The file that a path ends in, or those that it may be: the longest module that it begins with.
fn owners(path: &str, names: &Names) -> Vec<String> {
    let mut parts: Vec<&str> = path.split("::").collect();
    while !parts.is_empty() {
        if let Some(files) = names.get(&parts.join("::")) {
            return files.clone();
        }
        parts.pop();
    }
    // What the root re-exports belongs to whoever it was taken from, so it is for other crates alone.
    names.get("lib").cloned().unwrap_or_default()
}

fn may_use(layers: &[&[&str]], module: &str, other: &str) -> bool {
    let folder = |module: &str| module.split("::").next().unwrap_or_default().to_owned();
    let (from, to) = (folder(module), folder(other));
    let layer = |folder: &str| {
        let found = layers.iter().position(|names| names.contains(&folder));
        found.unwrap_or_else(|| panic!("{folder} stands in no table"))
    };
    from == to || layer(&to) < layer(&from)
}

#[test]
fn core_keeps_its_layers() {
    let faults = Crate::read("core").faults(CORE);
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn host_keeps_its_layers() {
    let faults = Crate::read("host").faults(HOST);
    assert!(faults.is_empty(), "\n{faults}");
}

/// Files by module, with their text.
fn made(files: &[(&str, &str)]) -> Crate {
    let paths = files.iter().map(|(module, _)| {
        let file = match *module {
            "kernels" => "kernels/mod.rs".into(),
            module => format!("{}.rs", module.replace("::", "/")),
        };
        ((*module).to_owned(), PathBuf::from(file))
    });
    let text = |path: &Path| {
        let path = if path.ends_with("mod.rs") {
            path.parent().unwrap_or(path)
        } else {
            path
        };
        let module = path.with_extension("").to_string_lossy().replace("/", "::");
        let found = files.iter().find(|(name, _)| *name == module);
        found.unwrap().1.to_owned()
    };
    Crate::of(paths.collect(), text)
}

#[test]
fn a_use_that_goes_up_is_found_however_it_is_written() {
    let uses = [
        "use crate::model::file;",
        "use crate::{values::row::Row, model::{file::encode, header}};",
        "pub use super::super::model::file::encode as write;",
        "fn f() { crate::model::file::encode() }",
        "#[cfg(a)]\nuse crate::model::file::{\n    encode,\n};",
    ];
    for text in uses {
        let found = made(&[
            ("format::crc", text),
            ("model::file", ""),
            ("values::row", ""),
        ]);
        let faults = found.faults(CORE);
        assert!(
            faults.contains("format/crc.rs uses model/file.rs"),
            "{text}: {faults}"
        );
    }
    let allowed = [
        "use crate::format::crc;",
        "// use crate::learning::step;",
        "#[cfg(test)]\nuse crate::lib;",
    ];
    for text in allowed {
        let found = made(&[
            ("model::file", text),
            ("format::crc", ""),
            ("learning::step", ""),
        ]);
        assert_eq!(found.faults(CORE), "", "{text}");
    }
}

#[test]
fn a_circle_is_found_even_by_way_of_a_third() {
    let circle = made(&[
        ("network::dense", "use super::chain::Chain;"),
        ("network::chain", "use super::trace::Trace;"),
        ("network::trace", "use super::dense::Dense;"),
    ]);
    let faults = circle.faults(CORE);
    assert!(
        faults.contains("network/chain.rs and network/trace.rs are in a circle"),
        "{faults}"
    );
}

#[test]
fn a_file_that_is_chosen_by_the_processor_is_known_by_its_name_too() {
    let rows =
        "#[cfg_attr(a, path = \"vfp.rs\")]\n#[cfg_attr(b, path = \"portable.rs\")]\nmod rows;";
    let found = made(&[
        ("kernels", rows),
        ("kernels::vfp", "use super::layer::add;"),
        ("kernels::portable", ""),
        ("kernels::layer", "use super::rows;"),
    ]);
    let faults = found.faults(CORE);
    let circle = "kernels/layer.rs and kernels/vfp.rs are in a circle";
    assert!(faults.contains(circle), "{faults}");
    assert!(!faults.contains("portable.rs are"), "{faults}");
}
