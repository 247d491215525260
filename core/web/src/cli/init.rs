//! `falin init`: makes the data directory, its keys and its database, and where asked a county and certificates.

use clap::Args;
use falin_app::county;
use serde_json::json;

use super::{Frame, Halt, Outcome, Ran};
use crate::tls::OwnFiles;

/// Arguments of `falin init`.
#[derive(Args)]
pub struct Init {
    /// Division code of the county to set up, such as 620200
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
    /// Its name
    #[arg(long, value_name = "NAME", requires = "place")]
    name: Option<String>,
    /// Make a certificate authority of your own and a server certificate for these names and addresses
    #[arg(long, value_name = "NAME", num_args = 0.., default_missing_value = "localhost")]
    tls: Option<Vec<String>>,
}

impl Init {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        if let Some(code) = &self.place {
            let name = self.name.as_deref().unwrap_or(code);
            app.wait(county::by_code_or_make(&app, code, name))?;
        }
        let authority = match &self.tls {
            None => None,
            Some(names) => {
                let files = OwnFiles::below(&frame.house.data);
                files.make(names, app.today()).map_err(|fault| Halt::Failed(fault.to_string()))?;
                Some(files.authority.display().to_string())
            }
        };
        let data = frame.house.data.display().to_string();
        let told = json!({"data": data, "county": self.place, "authority": authority});
        let mut text = frame.with("cli-init-done", &[("data", &data)]);
        if let Some(authority) = authority {
            text.push('\n');
            text.push_str(&frame.with("cli-init-authority", &[("file", &authority)]));
        }
        frame.print(&told, &text)?;
        Ok(Outcome::Done)
    }
}
