//! The border between the server and a county workflow.
