//! The questions of a form: label, hint, message and control in one value.

use std::borrow::Cow;

use serde::Serialize;

use super::Say;

/// `field`: label, hint, message and control of one question.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// Form control's name.
    pub name: String,
    /// Its id in the page: the name, unless several forms stand there.
    pub id: String,
    /// Text key of the label, or the words themselves where a flow brings them.
    pub label: Cow<'static, str>,
    /// Text key of the hint, or its words; empty for none.
    pub hint: Cow<'static, str>,
    /// What was wrong with what was typed; empty for nothing.
    pub error: String,
    /// What was typed or stored.
    pub value: String,
    /// `type` of an input; empty for the other controls.
    pub input: &'static str,
    /// HTML `autocomplete`; empty for none.
    pub autocomplete: &'static str,
    /// HTML `inputmode`; empty for none.
    pub inputmode: &'static str,
    /// Width in characters (5, 10, 20), 0 for the full measure.
    pub width: u8,
    /// Whether it must be filled in; others are marked “可不填”.
    pub required: bool,
    /// Control of several lines.
    pub area: bool,
    /// Drop-down list.
    pub select: bool,
    /// Round buttons or tick boxes: the `input` type is `radio` or `checkbox`.
    pub pick: bool,
    /// Choices of a list, of round buttons or of tick boxes.
    pub options: Vec<FieldOption>,
}

impl Field {
    /// What stands in it in words: the chosen options, or what was typed.
    pub fn words(&self, say: &Say<'_>) -> String {
        let chosen = self.options.iter().filter(|option| option.chosen && !option.value.is_empty());
        let labels: Vec<&str> = chosen.map(|option| option.label.as_str()).collect();
        if self.select || self.pick { say.list(&labels) } else { self.value.trim().to_owned() }
    }
}

/// A form control that is not shown: token, address to return to.
#[derive(Clone, Debug, Serialize)]
pub struct Hidden {
    /// Form control's name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Hidden {
    /// A control of this name and value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// One choice of a field.
#[derive(Clone, Debug, Serialize)]
pub struct FieldOption {
    /// Submitted value.
    pub value: String,
    /// Words.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl FieldOption {
    /// A choice, chosen when `current` is its value.
    pub fn new(value: impl Into<String>, label: impl Into<String>, current: &str) -> Self {
        let value = value.into();
        Self { chosen: value == current, value, label: label.into() }
    }
}

impl Field {
    /// An `<input>` of the given type (`text`, `tel`, `password`, `date`, `number`, `file`, `search`).
    pub fn input(input: &'static str, name: impl Into<String>, label: impl Into<Cow<'static, str>>) -> Self {
        let name = name.into();
        Self {
            id: name.clone(),
            name,
            label: label.into(),
            hint: Cow::Borrowed(""),
            error: String::new(),
            value: String::new(),
            input,
            autocomplete: "",
            inputmode: "",
            width: 0,
            required: true,
            area: false,
            select: false,
            pick: false,
            options: Vec::new(),
        }
    }

    /// A one-line text.
    pub fn text(name: impl Into<String>, label: impl Into<Cow<'static, str>>) -> Self {
        Self::input("text", name, label)
    }

    /// A text of several lines.
    pub fn area(name: impl Into<String>, label: impl Into<Cow<'static, str>>) -> Self {
        Self { area: true, ..Self::input("", name, label) }
    }

    /// A drop-down list.
    pub fn select(
        name: impl Into<String>,
        label: impl Into<Cow<'static, str>>,
        options: Vec<FieldOption>,
    ) -> Self {
        Self { select: true, options, ..Self::input("", name, label) }
    }

    /// Round buttons: one of few.
    pub fn radios(
        name: impl Into<String>,
        label: impl Into<Cow<'static, str>>,
        options: Vec<FieldOption>,
    ) -> Self {
        Self { pick: true, options, ..Self::input("radio", name, label) }
    }

    /// Tick boxes: any of few.
    pub fn checks(
        name: impl Into<String>,
        label: impl Into<Cow<'static, str>>,
        options: Vec<FieldOption>,
    ) -> Self {
        Self { pick: true, options, required: false, ..Self::input("checkbox", name, label) }
    }

    /// With what was typed.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// With a hint (text key, or words).
    pub fn hint(mut self, key: impl Into<Cow<'static, str>>) -> Self {
        self.hint = key.into();
        self
    }

    /// With what was wrong.
    pub fn error(mut self, message: impl Into<String>) -> Self {
        self.error = message.into();
        self
    }

    /// With HTML autocomplete and inputmode (empty for none).
    pub fn typing(mut self, autocomplete: &'static str, inputmode: &'static str) -> Self {
        self.autocomplete = autocomplete;
        self.inputmode = inputmode;
        self
    }

    /// As wide as so many characters (5, 10 or 20).
    pub fn width(mut self, characters: u8) -> Self {
        self.width = characters;
        self
    }

    /// May stay empty.
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }
}
