//! `smidgen completions` and `smidgen man`: what a shell and a reader of manuals need to know of the verbs.

use std::process::ExitCode;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use super::error::Error;
use super::output::print_bytes;

/// Print what a shell needs to complete verbs and options
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen completions bash > ~/.local/share/bash-completion/completions/smidgen
  smidgen completions zsh > _smidgen
  smidgen completions fish > ~/.config/fish/completions/smidgen.fish")]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Print the manual page of the program or of a verb
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen man > smidgen.1
  smidgen man train | man -l -")]
pub struct ManArgs {
    /// The verb; without it, the program
    verb: Option<String>,
}

/// Prints the completions.
///
/// # Errors
///
/// [`Error::Output`].
pub fn completions(args: &CompletionsArgs, mut program: Command) -> Result<ExitCode, Error> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut program, "smidgen", &mut text);
    print_bytes(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a page of the manual.
///
/// # Errors
///
/// [`Error::NoVerb`] for a verb that there is not, [`Error::Output`].
pub fn man(args: &ManArgs, mut program: Command) -> Result<ExitCode, Error> {
    program.build();
    let page = match &args.verb {
        None => program,
        Some(verb) => {
            let found = program.find_subcommand(verb);
            let found = found.ok_or_else(|| Error::NoVerb { verb: verb.clone() })?;
            // clap's own copies live as long as the program, so a name made here must too.
            let name: &'static str = format!("smidgen-{verb}").leak();
            found.clone().name(name)
        }
    };
    let mut text = Vec::new();
    Man::new(page).render(&mut text).map_err(Error::Output)?;
    print_bytes(&text)?;
    Ok(ExitCode::SUCCESS)
}
