//! The files of a project, with places that are filled: `{{name}}` in a template is the value of `name`.

/// A file of every project: its path there, and its template.
pub const FILES: [(&str, &str); 11] = [
    ("Cargo.toml", include_str!("templates/trainer.toml.in")),
    ("src/main.rs", include_str!("templates/trainer.rs.in")),
    ("README.md", include_str!("templates/README.md.in")),
    (".gitignore", include_str!("templates/gitignore.in")),
    (
        "firmware/Cargo.toml",
        include_str!("templates/firmware.toml.in"),
    ),
    (
        "firmware/.cargo/config.toml",
        include_str!("templates/config.toml.in"),
    ),
    (
        "firmware/.gitignore",
        include_str!("templates/gitignore.in"),
    ),
    ("firmware/memory.x", include_str!("templates/memory.x.in")),
    ("firmware/qemu.sh", include_str!("templates/qemu.sh.in")),
    (
        "firmware/src/main.rs",
        include_str!("templates/firmware.rs.in"),
    ),
    (
        "firmware/src/board.rs",
        include_str!("templates/board.rs.in"),
    ),
];

/// A template with its places filled; a place without a value stays as it is.
#[must_use]
pub fn fill(template: &str, places: &[(&str, String)]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        text += before;
        let found = after.split_once("}}").and_then(|(name, after)| {
            let place = places.iter().find(|(place, _)| *place == name);
            place.map(|(_, value)| (value, after))
        });
        rest = match found {
            Some((value, after)) => {
                text += value;
                after
            }
            None => {
                text += "{{";
                after
            }
        };
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_filled_themselves_and_unknown_places_stay() {
        let places = [("a", "{{b}}".to_owned()), ("b", "1".to_owned())];
        assert_eq!(
            fill("{{a}}, {{b}}, {{c}}, {{", &places),
            "{{b}}, 1, {{c}}, {{"
        );
    }
}
