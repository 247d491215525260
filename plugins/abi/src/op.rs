//! The ops: what the server asks of a plugin, and what a plugin may ask of the server. Numbers are never reused.

/// Makes an enum of ops from one table: variant, number, the name that its schema is filed under.
macro_rules! ops {
    ($(#[$note:meta])* $kind:ident { $($(#[$about:meta])* $variant:ident = $number:literal, $name:literal;)* }) => {
        $(#[$note])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        #[repr(u32)]
        pub enum $kind {
            $($(#[$about])* $variant = $number,)*
        }

        impl $kind {
            /// All of them, by number.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The op of this number, if there is one.
            pub const fn from_number(number: u32) -> Option<Self> {
                match number {
                    $($number => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Its number at the border.
            pub const fn number(self) -> u32 {
                self as u32
            }

            /// Its name; the schema is `schemas/NAME.json`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

ops! {
    /// What the server asks of a plugin.
    PluginOp {
        /// May this step be taken with this form? Refuses with messages for the fields, or says where the case goes.
        Guard = 1, "guard";
        /// Something happened that the manifest hooks; effects are staged and delivered exactly once.
        Event = 2, "event";
        /// The model of one of the plugin's pages; the server renders the template.
        Page = 3, "page";
        /// A button of one of the plugin's pages was pressed.
        Action = 4, "action";
        /// A job of the manifest is due.
        Job = 5, "job";
        /// Rows of a figure that the manifest leaves to the plugin.
        Stats = 6, "stats";
        /// One document of version n in, the same of version n + 1 out. Asks the server for nothing.
        Migrate = 7, "migrate";
        /// Does the library work here? Asked before a package is put on the shelf.
        Selftest = 8, "selftest";
    }
}

ops! {
    /// What a plugin may ask of the server, within what the county granted. Writes are staged and kept all or none.
    HostOp {
        /// One document of an own collection, or null.
        DocumentGet = 101, "document_get";
        /// Writes a document, if it still has the version that was seen.
        DocumentPut = 102, "document_put";
        /// Deletes a document, if it still has the version that was seen.
        DocumentDelete = 103, "document_delete";
        /// Documents of an own collection by a declared index, a page at a time.
        DocumentFind = 104, "document_find";
        /// One thing of the core, its granted fields, or null.
        CoreGet = 111, "core_get";
        /// Things of the core, a page at a time.
        CoreFind = 112, "core_find";
        /// Opens a consultation.
        ConsultationCreate = 121, "consultation_create";
        /// Adds a note to a consultation.
        ConsultationAnnotate = 122, "consultation_annotate";
        /// Opens a mediation case.
        MediationOpen = 123, "mediation_open";
        /// Books a room.
        RoomBook = 124, "room_book";
        /// Opens a case of one of the plugin's own flows.
        CaseOpen = 131, "case_open";
        /// Takes a step in such a case.
        CaseStep = 132, "case_step";
        /// Puts a notice into the core's outbox.
        NoticeSend = 141, "notice_send";
        /// Issues a declared paper (文书) with its number.
        DocumentIssue = 142, "document_issue";
        /// Writes a line of the journal.
        AuditWrite = 151, "audit_write";
        /// A setting that the county made for the plugin, or null.
        SettingGet = 152, "setting_get";
        /// A new id.
        NewId = 153, "new_id";
        /// The server's clock.
        Clock = 154, "clock";
    }
}
