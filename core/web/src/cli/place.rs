//! `--place CODE`: in which county, and where in it, a command acts.

use falin_app::App;
use falin_app::county::{self, Placed};
use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use falin_domain::words::Id;

use super::{Frame, Halt};

/// The county of a command.
pub struct County {
    /// The operator, at the place that was named.
    pub visitor: Visitor,
}

impl County {
    /// The same with the whole of the county, for what does not lie in a part of it.
    pub fn whole(self) -> Self {
        Self { visitor: Visitor::operator(self.visitor.county) }
    }
}

/// Where the operator acts in an installation that has its county already.
///
/// # Errors
/// Wrong usage where no county is there, or several and none is named; `division.unknown` for a strange code.
pub fn visitor(frame: &Frame, app: &App, code: Option<&str>) -> Result<Visitor, Halt> {
    let placed = app.wait(county::placed(app, code))?;
    match &placed {
        Placed::Empty => Err(Halt::Usage(frame.t("cli-place-empty"))),
        Placed::Several => Err(Halt::Usage(frame.t("cli-place-several"))),
        Placed::Unknown => Err(Refusal::new("division.unknown").into()),
        here => here.visitor().ok_or_else(|| Refusal::new("division.unknown").into()),
    }
}

/// The same, making the county that the first `--place` names, or that a list of divisions is about.
///
/// `found` is code and name of that node in the list; `make` is false for a dry run, which then meets an empty
/// county that is never written.
///
/// # Errors
/// As [`visitor`].
pub fn county(
    frame: &Frame,
    app: &App,
    code: Option<&str>,
    found: Option<(String, String)>,
    make: bool,
) -> Result<County, Halt> {
    let placed = app.wait(county::placed(app, code))?;
    let empty = match placed {
        Placed::Empty => true,
        Placed::Unknown => app.wait(county::all(app))?.is_empty(),
        _ => false,
    };
    // A strange code is a new county only where nothing is there yet, or where a list of divisions holds it.
    let new = if empty || (matches!(placed, Placed::Unknown) && found.is_some()) {
        found.or_else(|| code.map(|code| (code.to_owned(), code.to_owned())))
    } else {
        None
    };
    let Some((code, name)) = new else {
        return visitor(frame, app, code).map(|visitor| County { visitor });
    };
    let id = match make {
        true => app.wait(county::by_code_or_make(app, &code, &name))?,
        false => Id::from_parts(app.now(), [0; 10]),
    };
    Ok(County { visitor: Visitor::operator(id) })
}
