//! Inboxes: what the house has told somebody who signs in.
