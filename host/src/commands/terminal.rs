//! What the place where the output goes can show: the one rule for colours and for progress.
//!
//! Colours: as `--color` says; if it says nothing, `NO_COLOR`, `CLICOLOR_FORCE` and `CLICOLOR` do, and else a terminal whose
//! `TERM` is neither unset nor `dumb` has them. Progress moves the cursor, so it takes such a terminal whatever the colours.

use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice};
use terminal_size::{Height, terminal_size_of};

/// When there are colours, as one types it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// Where they can be shown
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Makes it the rule of the whole program.
    pub fn rule(self) {
        let choice = match self {
            Self::Auto if cannot_show() => ColorChoice::Never,
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// Whether the terminal is too simple for colours and nobody asks for them. (By itself anstream would colour there wherever the
/// variable `CI` is set, for the logs of some services.)
fn cannot_show() -> bool {
    let asked = anstyle_query::clicolor() == Some(true) || anstyle_query::clicolor_force();
    !asked && !anstyle_query::term_supports_color()
}

/// Whether standard output shows colours.
#[must_use]
pub fn has_colours() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Lines of the terminal on standard error; `None` if it is none, or does not say.
#[must_use]
pub fn lines() -> Option<usize> {
    let (_, Height(lines)) = terminal_size_of(io::stderr())?;
    Some(lines.into())
}

/// Whether standard error shows progress.
#[must_use]
pub fn shows_progress() -> bool {
    let moves = std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
    moves && io::stderr().is_terminal()
}
