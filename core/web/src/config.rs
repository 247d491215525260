//! Where an option's value comes from: the command line, else `FALIN_…`, else the TOML file, else the default.
//!
//! Options are declared once, in `cli`; this file gives each its environment variable and its key in the file.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Arg, ArgAction, Command};
use toml::{Table, Value};

/// The command line with the environment's and the file's values in place.
///
/// # Errors
/// A file that cannot be read, or a key in it that no option has, in words.
pub fn prepared(command: Command, args: &[OsString]) -> Result<Command, String> {
    let table = match config_path(args) {
        None => Table::new(),
        Some(path) => {
            let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            text.parse::<Table>().map_err(|e| format!("{}: {e}", path.display()))?
        }
    };
    let mut unused = Vec::new();
    collect_keys(&table, "", &mut unused);
    let command = with_values(with_environment(command), &[&table], "", &mut unused);
    match unused.first() {
        None => Ok(command),
        Some(key) => Err(format!("the configuration file has `{key}`, which no option is called")),
    }
}

/// `--config FILE`, `--config=FILE`, or `FALIN_CONFIG`.
fn config_path(args: &[OsString]) -> Option<PathBuf> {
    for (i, arg) in args.iter().enumerate() {
        let text = arg.to_string_lossy();
        if text == "--config" {
            return args.get(i + 1).map(PathBuf::from);
        }
        if let Some(path) = text.strip_prefix("--config=") {
            return Some(PathBuf::from(path));
        }
    }
    std::env::var_os("FALIN_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// `--public-url` is `FALIN_PUBLIC_URL`.
fn with_environment(command: Command) -> Command {
    let command = command.mut_args(|arg| match arg.get_long() {
        None | Some("help" | "version") => arg,
        Some(long) => {
            let name = format!("FALIN_{}", long.to_ascii_uppercase().replace('-', "_"));
            // `FALIN_JSON=1` and `FALIN_JSON=true` both mean yes.
            let arg = if is_flag(&arg) { arg.value_parser(FalseyValueParser::new()) } else { arg };
            arg.env(name).hide_env_values(true)
        }
    });
    command.mut_subcommands(with_environment)
}

fn is_flag(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::SetTrue)
}

/// The file's values as defaults; `tables` are the whole file and, after it, the tables of this command.
fn with_values(command: Command, tables: &[&Table], path: &str, unused: &mut Vec<String>) -> Command {
    let mut command = command;
    let longs: Vec<(String, String)> = command
        .get_arguments()
        .filter_map(|arg| Some((arg.get_id().to_string(), arg.get_long()?.to_owned())))
        .collect();
    for (id, long) in longs {
        let Some((depth, value)) =
            tables.iter().enumerate().rev().find_map(|(d, t)| Some((d, t.get(&long)?)))
        else {
            continue;
        };
        let prefix = if depth == 0 { "" } else { path };
        unused.retain(|key| *key != format!("{prefix}{long}") && *key != long);
        if let Some(texts) = texts(value) {
            command = command.mut_arg(id, |arg| arg.default_values(texts).required(false));
        }
    }
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        let mut below = tables.to_vec();
        below.extend(tables.last().and_then(|table| table.get(&name)).and_then(Value::as_table));
        let path = format!("{path}{name}.");
        command = command.mut_subcommand(name, |sub| with_values(sub, &below, &path, unused));
    }
    command
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(items) => items.iter().map(|item| texts(item).and_then(|mut t| t.pop())).collect(),
        Value::Table(_) => None,
        other => Some(vec![other.to_string()]),
    }
}

/// Every key of the file as `table.key`.
fn collect_keys(table: &Table, path: &str, keys: &mut Vec<String>) {
    for (key, value) in table {
        match value {
            Value::Table(inner) => collect_keys(inner, &format!("{path}{key}."), keys),
            _ => keys.push(format!("{path}{key}")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use clap::{CommandFactory, FromArgMatches, Parser};

    #[derive(Parser)]
    struct Test {
        #[arg(long, global = true, default_value = "./falin-data")]
        data: String,
        #[arg(long, global = true)]
        config: Option<String>,
        #[command(subcommand)]
        command: Sub,
    }

    #[derive(clap::Subcommand)]
    enum Sub {
        Serve {
            #[arg(long, default_value = "127.0.0.1:8080")]
            listen: String,
            #[arg(long)]
            tls: bool,
        },
    }

    fn parsed(file: &str, args: &[&str]) -> Result<(String, String, bool), String> {
        let (process, thread) = (std::process::id(), std::thread::current().id());
        let path = std::env::temp_dir().join(format!("falin-config-{process}-{thread:?}"));
        std::fs::write(&path, file).unwrap();
        let config = format!("--config={}", path.display());
        let args: Vec<OsString> = ["falin", &config].iter().chain(args).map(OsString::from).collect();
        let command = prepared(Test::command(), &args);
        std::fs::remove_file(&path).unwrap();
        let matches = command?.try_get_matches_from(args).map_err(|e| e.to_string())?;
        let test = Test::from_arg_matches(&matches).unwrap();
        assert!(test.config.is_some());
        let Sub::Serve { listen, tls } = test.command;
        Ok((test.data, listen, tls))
    }

    #[test]
    fn the_command_line_wins_over_the_file_and_the_file_over_the_default() {
        let file = "data = \"/d\"\nlisten = \"1:1\"\n[serve]\ntls = true\n";
        assert_eq!(parsed(file, &["serve"]).unwrap(), ("/d".into(), "1:1".into(), true));
        assert_eq!(parsed(file, &["serve", "--listen", "2:2"]).unwrap().1, "2:2");
        assert_eq!(
            parsed("[serve]\nlisten = \"3:3\"", &["serve", "--data", "x"]).unwrap(),
            ("x".into(), "3:3".into(), false)
        );
        assert_eq!(parsed("", &["serve"]).unwrap().0, "./falin-data");
    }

    #[test]
    fn a_misspelt_key_is_told() {
        assert!(parsed("lisen = \"1:1\"", &["serve"]).unwrap_err().contains("`lisen`"));
        assert!(parsed("[serve]\nlisen = \"1:1\"", &["serve"]).unwrap_err().contains("`serve.lisen`"));
        assert!(parsed("= broken", &["serve"]).is_err());
    }
}
